using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Turns each row of scores into logarithms of probabilities, exact even when a probability is too small for a float.</summary>
/// <remarks>
/// <code>
/// forward   y = ln softmax(s) = (s − m) − ln Σ e^(s − m),  m = max s     s, y [batch × classes], each row separately
/// backward  s̄ = ȳ − e^y·Σ ȳ                                              since ∂yᵢ/∂sⱼ = δᵢⱼ − e^yⱼ
/// </code>
/// Any width; shapes stay the same. Scores of any size are safe; one column always gives 0. PyTorch's
/// <c>nn.LogSoftmax(dim=1)</c>, Keras' <c>log_softmax</c>. See <see cref="Softmax"/> for what to train a classifier with.
/// </remarks>
public sealed class LogSoftmax : Layer
{
    /// <summary>Glorot and Bengio's uniform initialisation.</summary>
    public override Initializer? PreferredInitializer => GlorotUniform.Instance;

    /// <inheritdoc/>
    public override (double Low, double High)? OutputRange => (double.NegativeInfinity, 0);

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        SoftmaxRows.Forward<SoftmaxRows.Logarithmic>(input.Span, output.Span, input.Rows, input.Columns);
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        if (inputGradient.IsEmpty) return;
        SoftmaxRows.Backward<SoftmaxRows.Logarithmic>(output.Span, outputGradient.Span, inputGradient.Span, input.Rows, input.Columns);
    }
}
