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
/// or to the first of equal ones. With one piece it is a plain <see cref="Linear"/>.
/// </para>
/// <para>
/// Source: Goodfellow, Warde-Farley, Mirza, Courville and Bengio, "Maxout Networks", 2013. Neither PyTorch nor Keras has it. Lecture L3.
/// Weights are drawn from <see cref="LeCunNormal"/> by default: the larger of two independent z ~ N(0, s²) has the second
/// moment s² again, so variance 1/inputs already keeps the size of the signal; He's factor 2 compensates for
/// the half that ReLU takes away, and maxout takes nothing away. Biases start at 0.
/// </para>
/// </remarks>
public sealed class Maxout : Layer
{
    private readonly int _inputSize;
    private readonly int _outputSize;
    private readonly int _pieces;
    private readonly Parameter[] _parameters;

    // The scores of a training pass, and in its backward pass their gradients.
    private readonly GrowingMatrix _scoreMemory = new();
    private readonly GrowingMatrix _winnerMemory = new();

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
    {
        Guard.AtLeast(inputSize, 1, nameof(inputSize), "a layer needs at least one input");
        Guard.AtLeast(outputSize, 1, nameof(outputSize), "a layer needs at least one unit");
        Guard.AtLeast(pieces, 1, nameof(pieces), "a maximum needs at least one piece; 2 is the usual number");
        ArgumentNullException.ThrowIfNull(random);
        if (!bias && biasInitializer is not null)
        {
            throw new ArgumentException(
                "A bias initializer was given for a layer without biases: leave it out, or pass bias: true.", nameof(biasInitializer));
        }

        _inputSize = inputSize;
        _outputSize = outputSize;
        _pieces = pieces;

        int rows = (int)Matrix.CheckedLength(outputSize, pieces);

        // Piece by piece, each a matrix [outputs × inputs] to its initializer, and then the biases by the same generator.
        var own = new Random(random.Next());
        Weight = new Parameter(
            "weight", [rows, inputSize], isRegularized: true, isStatistic: false, weightInitializer ?? LeCunNormal.Instance, followsActivation: false,
            (values, from) => FillPieces(values, from!, outputSize * inputSize));
        Bias = !bias ? null : new Parameter(
            "bias", [rows], isRegularized: false, isStatistic: false, biasInitializer, followsActivation: false, (values, from) =>
            {
                _ = Weight.Value;
                if (from is not null) FillPieces(values, from, outputSize);
            });
        _parameters = Bias is null ? [Weight] : [Weight, Bias];

        // A chosen initializer draws now, so that its exceptions come from here; only weights drawn by default wait for their place in a network.
        biasInitializer?.Fill(new float[outputSize], inputSize, outputSize, new Random(0));
        if (weightInitializer is not null) _ = Weight.Value;

        void FillPieces(Span<float> values, Initializer from, int length)
        {
            for (int start = 0; start < values.Length; start += length)
            {
                from.Fill(values.Slice(start, length), inputSize, outputSize, own);
            }
        }
    }

    /// <summary>The weights of all pieces, one below the other, <c>[outputs·k × inputs]</c>.</summary>
    public Parameter Weight { get; }

    /// <summary>The biases of all pieces, <c>[outputs·k]</c>; null if the layer has none.</summary>
    public Parameter? Bias { get; }

    /// <summary>Number of weighted sums per unit, k.</summary>
    public int Pieces => _pieces;

    /// <inheritdoc/>
    public override int? InputSize => _inputSize;

    /// <inheritdoc/>
    public override int OutputSize(int inputSize) => _outputSize;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>There is no nonlinearity between a linear layer and these weighted sums, so the plain default.</summary>
    protected internal override Initializer? PreferredInitializer => GlorotUniform.Instance;

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, _inputSize, _outputSize);
        int length = (int)Matrix.CheckedLength(input.Rows, _outputSize * _pieces);
        float[] rented = ArrayPool<float>.Shared.Rent(length);
        try
        {
            Compute(input, rented.AsSpan(0, length), output, winners: default);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    /// <inheritdoc/>
    public override void Forward(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, _inputSize, _outputSize);
        Span<float> winners = _winnerMemory.View(input.Rows, _outputSize).Span;
        Compute(input, _scoreMemory.View(input.Rows, _outputSize * _pieces).Span, output, winners);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There was no forward pass with this many rows, so the largest pieces are not known.</exception>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient, _inputSize, _outputSize);
        Matrix winners = _winnerMemory.Last;
        if (winners.Rows != input.Rows)
        {
            throw new InvalidOperationException(
                $"Backward of {this} received {input.Rows} rows, its last forward pass had {winners.Rows}. Call Forward (not Infer) with this batch first.");
        }

        int rows = input.Rows;
        int width = _outputSize * _pieces;
        Span<float> scoreGradients = _scoreMemory.View(rows, width).Span;
        MaxPieces.Backward(winners.Span, outputGradient.Span, scoreGradients, rows, _outputSize, _pieces);
        if (Weight.IsTrainable) Products.AddTransposedTimes(scoreGradients, input.Span, Weight.Gradient.Span, rows, width, _inputSize);
        if (Bias is { IsTrainable: true }) Products.AddColumnSums(scoreGradients, Bias.Gradient.Span, rows, width);
        if (!inputGradient.IsEmpty) Products.Times(scoreGradients, Weight.Value.Span, inputGradient.Span, rows, width, _inputSize);
    }

    /// <summary>Kind and sizes, as <c>Maxout(3 → 4, 2 pieces)</c>.</summary>
    public override string ToString()
    {
        string pieces = _pieces == 1 ? "1 piece" : $"{_pieces} pieces";
        return $"{nameof(Maxout)}({_inputSize} → {_outputSize}, {pieces}{(Bias is null ? ", no bias" : "")})";
    }

    /// <inheritdoc/>
    public override void Describe(Settings settings)
    {
        settings.Set("inputs", _inputSize);
        settings.Set("outputs", _outputSize);
        settings.Set("pieces", _pieces);
        settings.Set("bias", Bias is not null);
    }

    private void Compute(Matrix input, Span<float> scores, Matrix output, Span<float> winners)
    {
        ReadOnlySpan<float> bias = Bias is null ? default : Bias.Value.Span;
        Products.TimesTransposed(input.Span, Weight.Value.Span, bias, scores, input.Rows, _outputSize * _pieces, _inputSize);
        MaxPieces.Forward(scores, output.Span, winners, input.Rows, _outputSize, _pieces);
    }
}
