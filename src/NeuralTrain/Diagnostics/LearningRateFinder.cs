
namespace NeuralTrain;

/// <summary>Finds a learning rate by trying them all: the rate rises from batch to batch until the loss explodes.</summary>
/// <remarks>
/// <code>
/// γᵢ = lowest·(highest/lowest)^(i/(n−1))      i = 0 … n−1 batches
/// aᵢ = β·aᵢ₋₁ + (1 − β)·Lᵢ,  smoothed lossᵢ = aᵢ/(1 − βⁱ⁺¹)
/// </code>
/// <para>
/// It works on a clone: the network and its optimizer stay the same to the bit. The clone's optimizer continues with the rule, constants and moments of
/// the given one; only its rate is set. Schedules are ignored.
/// </para>
/// <para>
/// The run ends after the last batch, when the smoothed loss is four times its best, or when something is not finite. The first tenth and the last
/// five batches give no suggestion. Source: Smith, "Cyclical learning rates for training neural networks", 2015, section 3.3 (lecture L5.7); the
/// constants are those of fastai's <c>lr_find</c>.
/// </para>
/// </remarks>
public static class LearningRateFinder
{
    /// <summary>Raises the rate over some batches of the data.</summary>
    /// <param name="network">The network that will be trained. It is not changed.</param>
    /// <param name="data">The training data, read in shuffled passes until there are enough batches.</param>
    /// <param name="loss">The loss to minimise.</param>
    /// <param name="optimizer">The optimizer that will train the network. It is not changed.</param>
    /// <param name="options">Rates, batches and smoothing; null for the defaults.</param>
    /// <returns>The curve, with a suggestion or the reason why there is none, and a warning where the data are not scaled (NT004 of the checks).</returns>
    /// <exception cref="ArgumentException">
    /// Network, loss and data do not fit together, the data have no rows, or the highest rate is not above the lowest.
    /// </exception>
    /// <exception cref="NotSupportedException">A custom layer or optimizer cannot be cloned; the message says how it could.</exception>
    public static LearningRateCurve Run(Sequential network, BatchSource data, Loss loss, Optimizer optimizer, LearningRateFinderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        options ??= new LearningRateFinderOptions();
        if (options.Highest <= options.Lowest)
        {
            throw new ArgumentException(
                $"The rate rises from Lowest to Highest, received {options.Lowest} and {options.Highest}: set Highest above Lowest.", nameof(options));
        }

        loss.CheckNetwork(network);
        var run = new TrialRun(network, loss, optimizer.CloneFor);
        var points = new List<LearningRatePoint>();
        bool needsSeveralRows = DataCheck.NormalizesBatches(network);
        string? end = null;
        for (int epoch = 0; end is null && points.Count < options.Batches; epoch++)
        {
            int before = points.Count;
            using BatchReader reader = data.Read(new BatchPlan(options.BatchSize, options.Seed, epoch) { MergeLastRow = needsSeveralRows });
            while (end is null && points.Count < options.Batches && reader.Read()) end = Learn(run, reader, points, options);

            if (end is null && points.Count == before) throw DataCheck.NoRows("data");
        }

        end ??= $"The highest rate, {options.Highest:g3}, was reached.";
        if (PassChecks.Features(new CheckContext(network, data, loss, optimizer: null, options.BatchSize)).FirstOrDefault() is Finding unscaled)
        {
            end += $" The rate is one for unscaled data, and hardly a good one: {unscaled.Message}. Do this first, and run the finder again: {unscaled.Remedy}.";
        }

        return new LearningRateCurve(points, options.Batches, end);
    }

    // One batch: null to go on, or why the run ends.
    private static string? Learn(TrialRun run, BatchReader reader, List<LearningRatePoint> points, LearningRateFinderOptions options)
    {
        int i = points.Count;
        double rate = options.Lowest * Math.Pow(options.Highest / options.Lowest, (double)i / (options.Batches - 1)), beta = options.Smoothing;
        run.Optimizer!.LearningRate = rate;
        if (run.Forward(reader.Inputs, reader.Targets, reader.SampleWeights) is not double loss)
        {
            return $"The loss was not finite in batch {i + 1}, before its step with the rate {rate:g3}.";
        }

        // The bias-corrected average of the last point, made the plain one again, then with this loss in it.
        double plain = i == 0 ? 0 : points[^1].SmoothedLoss * (1 - Math.Pow(beta, i));
        double smoothed = ((beta * plain) + ((1 - beta) * loss)) / (1 - Math.Pow(beta, i + 1));
        points.Add(new LearningRatePoint(rate, loss, smoothed));

        // A loss of exactly 0, as of a batch in which nothing counts, has no multiples. For a loss above 0 the bound is factor·best; a custom one may be negative.
        double best = points.Min(point => point.SmoothedLoss == 0 ? double.PositiveInfinity : point.SmoothedLoss);
        return smoothed > best + ((options.StopFactor - 1) * Math.Abs(best))
            ? $"The smoothed loss rose above {options.StopFactor:g3} times its best at the rate {rate:g3}."
            : run.Step() ? null : $"An input or a gradient was not finite in batch {i + 1}, before its step with the rate {rate:g3}.";
    }
}

/// <summary>The range of rates that <see cref="LearningRateFinder"/> tries, and how it reads the losses. The defaults are fastai's.</summary>
public sealed class LearningRateFinderOptions
{
    private const string Rates = "The rates run from 1e-7 to 10 by default.";

    /// <summary>The rate of the first batch, greater than 0. Default 1e-7.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is not finite and greater than 0.</exception>
    public double Lowest { get; init => field = Guard.Positive(value, nameof(Lowest), Rates); } = 1e-7;

    /// <summary>The rate of the last batch, greater than <see cref="Lowest"/>. Default 10.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is not finite and greater than 0.</exception>
    public double Highest { get; init => field = Guard.Positive(value, nameof(Highest), Rates); } = 10;

    /// <summary>Batches, one step each, 2 or more. Default 100.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 2.</exception>
    public int Batches { get; init => field = Guard.AtLeast(value, 2, nameof(Batches), "each batch has its own rate, and a curve has two ends"); } = 100;

    /// <summary>Rows of a batch, 1 or more: the batch size of the training that the rate is for. Default 32.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int BatchSize { get; init => field = Guard.AtLeast(value, 1, nameof(BatchSize), "a batch has at least one row"); } = 32;

    /// <summary>Decay rate β of the average loss, in [0, 1); 0 does not smooth. Default 0.98.</summary>
    internal double Smoothing { get; init; } = 0.98;

    /// <summary>The run ends when the smoothed loss is this many times its best value, greater than 1. Default 4.</summary>
    internal double StopFactor { get; init; } = 4;

    /// <summary>The seed of the order of the rows, as in a trainer. Default 0.</summary>
    public ulong Seed { get; init; }
}
