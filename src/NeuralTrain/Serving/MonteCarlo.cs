using System.Numerics.Tensors;

namespace NeuralTrain;

/// <summary>Prediction as the average of many passes that drop as in training, with their spread as an uncertainty (lecture L4.6).</summary>
/// <remarks>
/// <code>
/// mean       m = 1/T·Σₜ yₜ                      yₜ the output of pass t, each with masks of its own
/// deviation  s = √(1/(T − 1)·Σₜ (yₜ − m)²)
/// </code>
/// Layers that work with chance (<see cref="Dropout"/>, <see cref="AlphaDropout"/>, <see cref="GaussianNoise"/>, <see cref="RReLU"/>) work as
/// in training, all others as in prediction: batch normalisation uses its running statistics. It all happens on a clone; the
/// network, its statistics and its generators stay as they are. The same seed gives the same bits. Source: Gal and Ghahramani, "Dropout as a
/// Bayesian Approximation", 2016. For probabilities see <see cref="Predictor.PredictWithSpread"/>. The ordinary single pass is its approximation, exact for one linear layer.
/// </remarks>
public static class MonteCarlo
{
    /// <summary>Averages passes of a network, on its outputs as they are.</summary>
    /// <param name="network">The network; it stays as it is.</param>
    /// <param name="input">The samples, <c>[samples × InputSize]</c>.</param>
    /// <param name="passes">T, 2 or more. Default 100 (lecture).</param>
    /// <param name="seed">What the masks are drawn from. Default 0.</param>
    /// <exception cref="ArgumentException">No layer of the network works with chance, or the input does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 passes.</exception>
    /// <exception cref="NotFiniteNumberException">The input is so far from any trained on that the outputs overflow.</exception>
    /// <exception cref="NotSupportedException">A layer of one's own is not registered, see <see cref="LayerKinds"/>.</exception>
    public static MonteCarloPrediction Predict(Layer network, Matrix input, int passes = 100, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Run(network, squashing: null, input, passes, seed);
    }

    /// <summary>Averages passes, of probabilities where the outputs are made probabilities.</summary>
    internal static MonteCarloPrediction Run(Layer network, Layer? squashing, Matrix input, int passes, int seed)
    {
        Guard.AtLeast(passes, 2, nameof(passes), "a spread needs at least two; 100 is usual");
        CheckWorksWithChance(network);
        Composition.CheckBatch(network.GetType().Name, network.InputSize, input);
        Layer clone = network.Clone();

        // Frozen, batch normalisation uses its running statistics and keeps them; what works with chance does so all the same.
        clone.Freeze();
        Seed(clone, seed);
        var output = new Matrix(input.Rows, clone.OutputSize(input.Columns));
        var mean = new double[output.Span.Length];
        var squares = new double[output.Span.Length];
        for (int pass = 1; pass <= passes; pass++)
        {
            clone.Forward(input, output);
            if (!TensorPrimitives.IsFiniteAll<float>(output.Span))
            {
                PredictorChecks.ThrowOverflow(output);
            }

            squashing?.Infer(output, output);
            Add(output.Span, pass, mean, squares);
        }

        return Result(output.Rows, output.Columns, mean, squares, passes);
    }

    // Each source gets a stream of its own, so that the masks depend on the seed alone and not on how far the network was trained.
    private static void Seed(Layer clone, int seed)
    {
        var random = new Random(seed);
        foreach ((_, Layer layer) in clone.SelfAndBelow())
        {
            if (layer.RandomStream is RandomStream masks)
            {
                (masks.Seed, masks.Position) = ((ulong)random.NextInt64(), 0);
            }
        }
    }

    // Welford: the mean and the sum of squared deviations from it, in one pass and without cancellation.
    private static void Add(ReadOnlySpan<float> output, int pass, double[] mean, double[] squares)
    {
        for (int i = 0; i < mean.Length; i++)
        {
            double difference = output[i] - mean[i];
            mean[i] += difference / pass;
            squares[i] += difference * (output[i] - mean[i]);
        }
    }

    private static MonteCarloPrediction Result(int rows, int columns, double[] mean, double[] squares, int passes)
    {
        var means = new Matrix(rows, columns);
        var deviations = new Matrix(rows, columns);
        for (int i = 0; i < mean.Length; i++)
        {
            means.Span[i] = (float)mean[i];
            deviations.Span[i] = (float)Math.Sqrt(squares[i] / (passes - 1));
        }

        return new MonteCarloPrediction(means, deviations, passes);
    }

    // A layer of somebody's own may work with chance without our knowing, so its presence is enough.
    private static void CheckWorksWithChance(Layer network)
    {
        if (!network.SelfAndBelow().Any(found => found.Layer.RandomStream is not null || found.Layer.GetType().Assembly != typeof(Layer).Assembly))
        {
            throw new ArgumentException(
                $"{network} has no layer that works with chance, so every pass would be the same. Put a Dropout into it before training, or use Predict for a single pass.",
                nameof(network));
        }
    }
}
