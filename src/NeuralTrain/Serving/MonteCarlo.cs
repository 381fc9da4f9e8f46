namespace NeuralTrain;

/// <summary>Prediction as the average of many passes with random layers as in training, with their spread as an uncertainty.</summary>
/// <remarks>
/// <code>
/// mean                m = 1/T·Σₜ yₜ                      yₜ the output of pass t, each with its own masks
/// standard deviation  s = √(1/(T − 1)·Σₜ (yₜ − m)²)
/// </code>
/// Random layers (<see cref="Dropout"/>, <see cref="AlphaDropout"/>, <see cref="GaussianNoise"/>, <see cref="RReLU"/>) work as in training, all others as
/// in prediction: batch normalisation uses its running statistics. All passes run on a clone; the network is not changed. The same seed gives the same
/// bits. Source: Gal and Ghahramani, "Dropout as a Bayesian Approximation", 2016 (lecture L4.6). For probabilities see
/// <see cref="Predictor.PredictWithSpread"/>. The ordinary single pass approximates the mean; for one linear layer it is exact.
/// </remarks>
public static class MonteCarlo
{
    /// <summary>Averages many passes of a network, on its raw outputs.</summary>
    /// <param name="network">The network. It is not changed.</param>
    /// <param name="input">The samples, <c>[samples × InputSize]</c>.</param>
    /// <param name="passes">The number of passes T, 2 or more. Default 100.</param>
    /// <param name="seed">The seed of the masks. Default 0.</param>
    /// <exception cref="ArgumentException">No layer of the network is random, or the input does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 passes.</exception>
    /// <exception cref="NotFiniteNumberException">The outputs overflow: the input is far from any the network was trained on.</exception>
    /// <exception cref="NotSupportedException">A custom layer cannot be cloned; the message says what to do.</exception>
    public static MonteCarloPrediction Predict(Layer network, Matrix input, int passes = 100, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Run(network, squash: null, input, passes, seed);
    }

    /// <summary>Averages the passes; outputs that are turned into probabilities are averaged as probabilities.</summary>
    internal static MonteCarloPrediction Run(Layer network, Action<Matrix>? squash, Matrix input, int passes, ulong seed)
    {
        Guard.AtLeast(passes, 2, nameof(passes), "a spread needs at least two; 100 is usual");
        Shapes.CheckBatch(network, input);
        Layer clone = network.Clone();
        RandomStream[] streams = [.. clone.SelfAndBelow().Select(below => below.Layer.RandomStream).OfType<RandomStream>()];
        if (streams.Length == 0)
        {
            throw new ArgumentException(
                $"{network} has no random layer, so every pass would be the same. Put a Dropout into it before training, or use Predict for a single pass.", nameof(network));
        }

        // A separate stream for each layer, so that the masks depend only on the seed and not on how long the network was trained.
        var random = new Random(unchecked((int)seed));
        foreach (RandomStream stream in streams) (stream.Seed, stream.Position) = ((ulong)random.NextInt64(), 0);

        // When frozen, batch normalisation uses its running statistics and keeps them, while random layers still draw.
        clone.Freeze();
        var output = new Matrix(input.Rows, clone.OutputSize(input.Columns));
        double[] mean = new double[output.Span.Length], squares = new double[output.Span.Length];
        for (int pass = 1; pass <= passes; pass++)
        {
            clone.Forward(input, output);
            PredictorChecks.CheckOutputs(output);
            squash?.Invoke(output);
            Add(output.Span, pass, mean, squares);
        }

        return new MonteCarloPrediction(
            new Matrix(Array.ConvertAll(mean, value => (float)value), output.Rows, output.Columns),
            new Matrix(Array.ConvertAll(squares, sum => (float)Math.Sqrt(sum / (passes - 1))), output.Rows, output.Columns),
            passes);
    }

    // Welford: the mean and the sum of squared differences from it, in one pass and without cancellation.
    private static void Add(ReadOnlySpan<float> output, int pass, double[] mean, double[] squares)
    {
        for (int i = 0; i < mean.Length; i++)
        {
            double difference = output[i] - mean[i];
            mean[i] += difference / pass;
            squares[i] += difference * (output[i] - mean[i]);
        }
    }
}

/// <summary>The combined result of many passes with different masks.</summary>
/// <param name="mean">The mean.</param>
/// <param name="standardDeviation">The standard deviation.</param>
/// <param name="passes">The number of passes.</param>
public sealed class MonteCarloPrediction(Matrix mean, Matrix standardDeviation, int passes)
{
    /// <summary>The mean over the passes, <c>[samples × outputs]</c>.</summary>
    public Matrix Mean { get; } = mean;

    /// <summary>The standard deviation over the passes (with T − 1), same shape: how much the answer depends on the random draws.</summary>
    public Matrix StandardDeviation { get; } = standardDeviation;

    /// <summary>The number of passes T.</summary>
    public int Passes { get; } = passes;
}
