using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>
/// A fully connected layer: every output is a weighted sum of all inputs, plus a bias.
/// </summary>
/// <remarks>
/// <code>
/// forward   y = x·Wᵀ + b                      x [batch × inputs], W [outputs × inputs], b [outputs], y [batch × outputs]
/// backward  W̄ += ȳᵀ·x,  b̄ += Σ_rows ȳ,  x̄ = ȳ·W
/// </code>
/// Parameters <c>weight</c> [outputs, inputs] and <c>bias</c> [outputs], named and shaped as in PyTorch's <c>nn.Linear</c>
/// (Keras' <c>Dense</c> keeps the transposed kernel). PyTorch draws weights and biases from U(±1/√inputs) regardless of the activation;
/// here the default initializer depends on the next activation, and biases start at 0, as in Keras.
/// </remarks>
public sealed class Linear : WeightedLayer
{
    /// <summary>Creates the layer with initial weights.</summary>
    /// <param name="inputSize">Number of inputs (columns of x), 1 or more.</param>
    /// <param name="outputSize">Number of outputs (units), 1 or more.</param>
    /// <param name="random">Source of the initial weights; one number is drawn from it, which seeds this layer's own draws.</param>
    /// <param name="bias">Whether to add a bias. Default true.</param>
    /// <param name="weightInitializer">
    /// Distribution of the initial weights. Default: the one the next activation in the network prefers, or
    /// <see cref="GlorotUniform"/> if there is none. Weights are drawn when they are first read.
    /// </param>
    /// <param name="biasInitializer">Distribution of the initial biases. Default: zeros.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Linear(
        int inputSize, int outputSize, Random random, bool bias = true,
        Initializer? weightInitializer = null, Initializer? biasInitializer = null)
        : base(inputSize, outputSize, pieces: 1, random, bias, weightInitializer, biasInitializer, GlorotUniform.Instance, followsActivation: weightInitializer is null)
    {
    }

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output) => Pass(input, output);

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => PassBack(input, output, outputGradient, inputGradient);

    [MethodImpl(Jit.Full)]
    internal override void Pass(in Matrix input, in Matrix output)
    {
        Shapes.CheckForward(this, input, output, Inputs, Units);
        Multiply(input, output.Span);
    }

    [MethodImpl(Jit.Full)]
    internal override void PassBack(in Matrix input, in Matrix output, in Matrix outputGradient, in Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient, Inputs, Units);
        MultiplyBack(input, outputGradient.Span, inputGradient);
    }

    private protected override string Details => $"{Inputs} → {Units}{(Bias is null ? ", no bias" : "")}";
}
