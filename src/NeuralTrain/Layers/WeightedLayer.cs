using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>What <see cref="Linear"/> and <see cref="Maxout"/> have in common: a weight matrix and biases, in one or several pieces for each unit.</summary>
public abstract class WeightedLayer : Layer
{
    private protected WeightedLayer(
        int inputSize, int outputSize, int pieces, Random random, bool bias, Initializer? weightInitializer, Initializer? biasInitializer,
        Initializer usual, bool followsActivation)
    {
        Guard.AtLeast(inputSize, 1, nameof(inputSize), "a layer needs at least one input");
        Guard.AtLeast(outputSize, 1, nameof(outputSize), "a layer needs at least one unit");
        Guard.AtLeast(pieces, 1, nameof(pieces), "a maximum needs at least one piece; 2 is the usual number");
        ArgumentNullException.ThrowIfNull(random);
        if (!bias && biasInitializer is not null)
        {
            throw new ArgumentException("A bias initializer was given for a layer without biases: leave it out, or pass bias: true.", nameof(biasInitializer));
        }

        (Inputs, Units, Rows) = (inputSize, outputSize, (int)Matrix.CheckedLength(outputSize, pieces));

        // Piece by piece, each a matrix [outputs × inputs] to its initializer, and then the biases by the same generator.
        var own = new Random(random.Next());
        Weight = new Parameter(
            "weight", [Rows, inputSize], isRegularized: true, weightInitializer ?? usual, followsActivation,
            (values, from) => FillPieces(values, from!, outputSize * inputSize));
        Bias = !bias ? null : new Parameter("bias", [Rows], initializer: biasInitializer, fill: (values, from) =>
        {
            _ = Weight.Value;
            if (from is not null) FillPieces(values, from, outputSize);
        });
        Declare(inputSize, Bias is null ? [Weight] : [Weight, Bias]);

        // A chosen initializer throws here if it does not fit; only default initializers wait until the layer is part of a network.
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

    /// <summary>The weights, <c>[outputs × inputs]</c>; of several pieces one below the other.</summary>
    public Parameter Weight { get; }

    /// <summary>The biases, <c>[outputs]</c>; of several pieces one after the other. Null if the layer has none.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public override int OutputSize(int inputSize) => Units;

    private protected int Inputs { get; }

    private protected int Units { get; }

    // Units times pieces.
    private protected int Rows { get; }

    /// <summary>Glorot's: there is no nonlinearity between two linear layers.</summary>
    public override Initializer? PreferredInitializer => GlorotUniform.Instance;

    /// <inheritdoc/>
    protected override void Describe(Settings settings)
    {
        settings.Set("inputs", Inputs);
        settings.Set("outputs", Units);
        settings.Set("bias", Bias is not null);
    }

    // The products of the forward pass, for all pieces side by side.
    private protected void Multiply(in Matrix input, Span<float> scores)
    {
        ReadOnlySpan<float> bias = Bias is null ? default : Bias.Value.Span;
        Products.TimesTransposed(input.Span, Weight.Value.Span, bias, scores, input.Rows, Rows, Inputs);
    }

    // The products of the backward pass.
    private protected void MultiplyBack(in Matrix input, ReadOnlySpan<float> scoreGradients, in Matrix inputGradient)
    {
        if (Weight.IsTrainable) Products.AddTransposedTimes(scoreGradients, input.Span, Weight.Gradient.Span, input.Rows, Rows, Inputs);
        if (Bias is { IsTrainable: true }) Products.AddColumnSums(scoreGradients, Bias.Gradient.Span, input.Rows, Rows);
        if (!inputGradient.IsEmpty) Products.Times(scoreGradients, Weight.Value.Span, inputGradient.Span, input.Rows, Rows, Inputs);
    }
}
