using System.Buffers;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>
/// A fully connected layer and its activation in one: every unit is the largest of several weighted sums of the inputs, and
/// so learns a convex activation.
/// </summary>
/// <remarks>
/// <code>
/// forward   z_p = x·W_pᵀ + b_p,  y = max over p of z_p         p = 1 … k; W_p [outputs × inputs], b_p [outputs]
/// backward  z̄_p = ȳ where piece p was the largest, else 0
///           W̄_p += z̄_pᵀ·x,  b̄_p += Σ_rows z̄_p,  x̄ = Σ_p z̄_p·W_p
/// </code>
/// <para>
/// x [batch × inputs], y [batch × outputs]. Parameters <c>weight</c> [outputs·k, inputs] and <c>bias</c> [outputs·k] hold one
/// piece below the other: rows p·outputs to (p+1)·outputs − 1 are W_p, counted from 0. The gradient goes only to the largest piece,
/// or to the first of equally large ones. With one piece it is a plain <see cref="Linear"/>.
/// </para>
/// <para>
/// Source: Goodfellow, Warde-Farley, Mirza, Courville and Bengio, "Maxout Networks", 2013. Neither PyTorch nor Keras has it. Lecture L3.
/// Weights are drawn from <see cref="LeCunNormal"/> by default: the larger of two independent z ~ N(0, s²) has the second
/// moment s² again, so variance 1/inputs already keeps the size of the signal; He's factor 2 compensates for
/// the half that ReLU removes, and maxout needs no such compensation. Biases start at 0.
/// </para>
/// </remarks>
public sealed class Maxout : WeightedLayer
{
    // The scores of a training pass, and in its backward pass their gradients.
    private readonly GrowingMatrix _scoreMemory = new(), _winnerMemory = new();

    /// <summary>Creates the layer with initial weights.</summary>
    /// <param name="inputSize">Number of inputs (columns of x), 1 or more.</param>
    /// <param name="outputSize">Number of outputs (units), 1 or more.</param>
    /// <param name="random">Source of the initial weights; one number is drawn from it, which seeds this layer's own draws.</param>
    /// <param name="pieces">Number of weighted sums per unit, k, 1 or more. Default 2.</param>
    /// <param name="bias">Whether to add biases. Default true.</param>
    /// <param name="weightInitializer">Distribution of the initial weights of each piece. Default: <see cref="LeCunNormal"/>.</param>
    /// <param name="biasInitializer">Distribution of the initial biases of each piece. Default: zeros.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size or the number of pieces is not positive.</exception>
    public Maxout(
        int inputSize, int outputSize, Random random, int pieces = 2, bool bias = true,
        Initializer? weightInitializer = null, Initializer? biasInitializer = null)
        : base(inputSize, outputSize, pieces, random, bias, weightInitializer, biasInitializer, LeCunNormal.Instance, followsActivation: false) =>
        Pieces = pieces;

    /// <summary>Number of weighted sums per unit, k.</summary>
    public int Pieces { get; }

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, Inputs, Units);
        int length = (int)Matrix.CheckedLength(input.Rows, Rows);
        float[] rented = ArrayPool<float>.Shared.Rent(length);
        Compute(input, rented.AsSpan(0, length), output, winners: default);
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <inheritdoc/>
    public override void Forward(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, Inputs, Units);
        Span<float> winners = _winnerMemory.View(input.Rows, Units).Span;
        Compute(input, _scoreMemory.View(input.Rows, Rows).Span, output, winners);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There was no forward pass with this many rows, so the largest pieces are not known.</exception>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient, Inputs, Units);
        _winnerMemory.CheckRemembers(this, input, Units);
        Span<float> scoreGradients = _scoreMemory.View(input.Rows, Rows).Span;
        MaxPieces.Backward(_winnerMemory.Last.Span, outputGradient.Span, scoreGradients, input.Rows, Units, Pieces);
        MultiplyBack(input, scoreGradients, inputGradient);
    }

    private protected override string Details => $"{Inputs} → {Units}, {Guard.Counted(Pieces, "piece")}{(Bias is null ? ", no bias" : "")}";

    /// <inheritdoc/>
    protected override void Describe(Settings settings)
    {
        base.Describe(settings);
        settings.Set("pieces", Pieces);
    }

    private void Compute(Matrix input, Span<float> scores, Matrix output, Span<float> winners)
    {
        Multiply(input, scores);
        MaxPieces.Forward(scores, output.Span, winners, input.Rows, Units, Pieces);
    }
}
