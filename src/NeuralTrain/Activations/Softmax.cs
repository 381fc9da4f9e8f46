using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Turns each row of scores into probabilities that sum to 1.</summary>
/// <remarks>
/// <code>
/// forward   q = e^s / Σ e^s = e^(s − m) / Σ e^(s − m),  m = max s       s, q [batch × classes], each row separately
/// backward  s̄ = q ⊙ (q̄ − Σ q·q̄)                                        since ∂qᵢ/∂sⱼ = qᵢ(δᵢⱼ − qⱼ)
/// </code>
/// Any width; shapes stay the same. The row's largest score is subtracted first, so scores of any size are safe; one column
/// always gives 1. Source: Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs", 1990.
/// For classification, do not end a network with it: pass raw scores to <see cref="SoftmaxCrossEntropy"/>, which does both at once
/// and more accurately. PyTorch's <c>nn.Softmax(dim=1)</c>, Keras' <c>softmax</c>.
/// </remarks>
public sealed class Softmax : Layer
{
    /// <summary>Glorot and Bengio's uniform initialisation.</summary>
    public override Initializer? PreferredInitializer => GlorotUniform.Instance;

    /// <inheritdoc/>
    public override (double Low, double High)? OutputRange => (0, 1);

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        SoftmaxRows.Forward<SoftmaxRows.Plain>(input.Span, output.Span, input.Rows, input.Columns);
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        if (inputGradient.IsEmpty) return;
        SoftmaxRows.Backward<SoftmaxRows.Plain>(output.Span, outputGradient.Span, inputGradient.Span, input.Rows, input.Columns);
    }
}
