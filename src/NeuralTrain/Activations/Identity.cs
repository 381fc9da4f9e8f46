namespace NeuralTrain;

/// <summary>Hands every value on as it is: the "none" in the lecture's table of activations (L3).</summary>
/// <remarks>
/// <code>
/// forward   y = x
/// backward  x̄ = ȳ
/// </code>
/// Any width; shapes stay the same. A place holder where an activation is a choice, and the plain branch of a residual
/// connection. PyTorch's <c>nn.Identity</c>, Keras' <c>linear</c>.
/// </remarks>
public sealed class Identity : Layer
{
    /// <summary>Glorot and Bengio's uniform initialisation, derived for units that are linear around 0.</summary>
    protected internal override Initializer? PreferredInitializer => GlorotUniform.Instance;

    /// <inheritdoc/>
    protected internal override bool PassesValuesThrough => true;

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        input.Span.CopyTo(output.Span);
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        if (!inputGradient.IsEmpty)
        {
            outputGradient.Span.CopyTo(inputGradient.Span);
        }
    }
}
