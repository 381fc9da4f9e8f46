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
/// (Keras' <c>Dense</c> keeps the transposed kernel). PyTorch draws weights and biases from U(±1/√inputs) whatever follows;
/// here the weights suit the activation after them, and biases start at 0, as in Keras.
/// </remarks>
public sealed class Linear : Layer
{
    private readonly int _inputSize;
    private readonly int _outputSize;
    private readonly Parameter[] _parameters;

    /// <summary>Creates the layer with initial weights.</summary>
    /// <param name="inputSize">Number of inputs (columns of x), 1 or more.</param>
    /// <param name="outputSize">Number of outputs (units), 1 or more.</param>
    /// <param name="random">Source of the initial weights; one number is drawn from it, which seeds this layer's own draws.</param>
    /// <param name="bias">Whether to add a bias. Default true.</param>
    /// <param name="weightInitializer">
    /// Distribution of the initial weights. Default: what the next activation in the network prefers, or
    /// <see cref="GlorotUniform"/> if there is none. Weights are drawn when they are first read.
    /// </param>
    /// <param name="biasInitializer">Distribution of the initial biases. Default: zeros.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Linear(
        int inputSize, int outputSize, Random random, bool bias = true,
        Initializer? weightInitializer = null, Initializer? biasInitializer = null)
    {
        Guard.AtLeast(inputSize, 1, nameof(inputSize), "a layer needs at least one input");
        Guard.AtLeast(outputSize, 1, nameof(outputSize), "a layer needs at least one unit");
        ArgumentNullException.ThrowIfNull(random);
        if (!bias && biasInitializer is not null)
        {
            throw new ArgumentException(
                "A bias initializer was given for a layer without biases: leave it out, or pass bias: true.", nameof(biasInitializer));
        }

        _inputSize = inputSize;
        _outputSize = outputSize;

        // The biases are drawn after the weights, by the same generator.
        var own = new Random(random.Next());
        Weight = new Parameter(
            "weight", [outputSize, inputSize], isRegularized: true, isStatistic: false, weightInitializer ?? GlorotUniform.Instance,
            followsActivation: weightInitializer is null, (values, from) => from!.Fill(values, inputSize, outputSize, own));
        Bias = !bias ? null : new Parameter(
            "bias", [outputSize], isRegularized: false, isStatistic: false, biasInitializer, followsActivation: false, (values, from) =>
            {
                _ = Weight.Value;
                from?.Fill(values, inputSize, outputSize, own);
            });
        _parameters = Bias is null ? [Weight] : [Weight, Bias];

        // A chosen initializer draws now, so that its exceptions come from here; only weights drawn by default wait for their place in a network.
        biasInitializer?.Fill(new float[outputSize], inputSize, outputSize, new Random(0));
        if (weightInitializer is not null) _ = Weight.Value;
    }

    /// <summary>The weights W, <c>[outputs × inputs]</c>.</summary>
    public Parameter Weight { get; }

    /// <summary>The biases b, <c>[outputs]</c>; null if the layer has none.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public override int? InputSize => _inputSize;

    /// <inheritdoc/>
    public override int OutputSize(int inputSize) => _outputSize;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Glorot's: between two linear layers there is no nonlinearity.</summary>
    protected internal override Initializer? PreferredInitializer => GlorotUniform.Instance;

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, _inputSize, _outputSize);
        ReadOnlySpan<float> bias = Bias is null ? default : Bias.Value.Span;
        Products.TimesTransposed(input.Span, Weight.Value.Span, bias, output.Span, input.Rows, _outputSize, _inputSize);
    }

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient, _inputSize, _outputSize);
        if (Weight.IsTrainable)
        {
            Products.AddTransposedTimes(
                outputGradient.Span, input.Span, Weight.Gradient.Span, input.Rows, _outputSize, _inputSize);
        }

        if (Bias is { IsTrainable: true }) Products.AddColumnSums(outputGradient.Span, Bias.Gradient.Span, input.Rows, _outputSize);

        if (!inputGradient.IsEmpty) Products.Times(outputGradient.Span, Weight.Value.Span, inputGradient.Span, input.Rows, _outputSize, _inputSize);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Bias is null ? $"Linear({_inputSize} → {_outputSize}, no bias)" : $"Linear({_inputSize} → {_outputSize})";

    /// <inheritdoc/>
    public override void Describe(Settings settings)
    {
        settings.Set("inputs", _inputSize);
        settings.Set("outputs", _outputSize);
        settings.Set("bias", Bias is not null);
    }
}
