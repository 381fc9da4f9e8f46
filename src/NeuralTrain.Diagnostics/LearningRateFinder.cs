
namespace NeuralTrain;

/// <summary>Finds a learning rate by trying them all: the rate rises from batch to batch until the loss explodes.</summary>
/// <remarks>
/// <code>
/// γᵢ = lowest·(highest/lowest)^(i/(n−1))      i = 0 … n−1 batches
/// aᵢ = β·aᵢ₋₁ + (1 − β)·Lᵢ,  smoothed lossᵢ = aᵢ/(1 − βⁱ⁺¹)
/// </code>
/// <para>
/// It works on a clone: the network and its optimizer stay the same to the bit. The clone's optimizer continues with the rule, constants and moments of
/// the given one; only its rate is set. Schedules are ignored. With batch normalisation, a single row left over at the end of a pass is skipped.
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
    /// <param name="lowest">The rate of the first batch, greater than 0. Default 1e-7.</param>
    /// <param name="highest">The rate of the last batch, greater than <paramref name="lowest"/>. Default 10.</param>
    /// <param name="batches">Batches, one step each, 2 or more. Default 100.</param>
    /// <param name="batchSize">Rows of a batch, 1 or more: the batch size of the training that the rate is for. Default 32.</param>
    /// <param name="seed">The seed of the order of the rows, as in a trainer. Default 0.</param>
    /// <returns>The curve, with a suggestion or the reason why there is none, and a warning where the data are not scaled (NT004 of the checks).</returns>
    /// <exception cref="ArgumentException">
    /// Network, loss and data do not fit together, the data have no rows, or the highest rate is not above the lowest.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    /// <exception cref="NotSupportedException">A custom layer or optimizer cannot be cloned; the message says what to do.</exception>
    public static LearningRateCurve Run(
        Sequential network, BatchSource data, Loss loss, Optimizer optimizer, double lowest = 1e-7, double highest = 10, int batches = 100, int batchSize = 32, ulong seed = 0) =>
        Run(network, data, loss, optimizer, lowest, highest, batches, batchSize, seed, smoothing: 0.98, stopFactor: 4);

    // β of the average of the losses, and how many times its best value ends the run.
    internal static LearningRateCurve Run(
        Sequential network, BatchSource data, Loss loss, Optimizer optimizer, double lowest, double highest, int batches, int batchSize, ulong seed, double smoothing, double stopFactor)
    {
        const string Rates = "The rates run from 1e-7 to 10 by default.";
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        Guard.Positive(lowest, nameof(lowest), Rates);
        Guard.Positive(highest, nameof(highest), Rates);
        if (highest <= lowest) throw new ArgumentException($"The rate rises from lowest to highest, received {lowest} and {highest}: pass a highest rate above the lowest.", nameof(highest));
        Guard.AtLeast(batches, 2, nameof(batches), "each batch has its own rate, and a curve has two ends");
        Guard.AtLeast(batchSize, 1, nameof(batchSize), "a batch has at least one row");
        loss.CheckNetwork(network);
        var run = new TrialRun(network, loss, optimizer.CloneFor);
        var points = new List<LearningRatePoint>();
        bool needsSeveralRows = network.SelfAndBelow().Any(below => below.Layer.NeedsSeveralRows);
        string? end = null;
        for (int epoch = 0; end is null && points.Count < batches; epoch++)
        {
            int before = points.Count;
            using BatchReader reader = data.Read(new BatchPlan(batchSize, seed, epoch));
            while (end is null && points.Count < batches && reader.Read())
            {
                // A single row that is left over has no statistics.
                if (needsSeveralRows && batchSize > 1 && reader.Inputs.Rows == 1 && points.Count > before && !reader.Read()) break;
                end = Learn(reader);
            }

            if (end is null && points.Count == before) throw DataShape.NoRows("data");
        }

        end ??= $"The highest rate, {highest:g3}, was reached.";
        if (PassChecks.Features(new CheckContext(network, data, loss, optimizer: null, batchSize)).FirstOrDefault() is Finding unscaled)
        {
            end += $" The rate is for unscaled data, and hardly a good one: {unscaled.Message}. Do this first, and run the finder again: {unscaled.Remedy}.";
        }

        return new LearningRateCurve(points, batches, end);

        // One batch: null to go on, or why the run ends.
        string? Learn(BatchReader reader)
        {
            int i = points.Count;
            double rate = lowest * Math.Pow(highest / lowest, (double)i / (batches - 1));
            run.Optimizer!.LearningRate = rate;
            if (run.Forward(reader.Inputs, reader.Targets, reader.SampleWeights) is not double value) return $"The loss was not finite in batch {i + 1}, before its step with the rate {rate:g3}.";

            // The bias-corrected average of the last point, made the plain one again, then with this loss in it.
            double plain = i == 0 ? 0 : points[^1].SmoothedLoss * (1 - Math.Pow(smoothing, i));
            double smoothed = ((smoothing * plain) + ((1 - smoothing) * value)) / (1 - Math.Pow(smoothing, i + 1));
            points.Add(new LearningRatePoint(rate, value, smoothed));

            // A loss of exactly 0, as of a batch in which nothing counts, has no multiples. For a loss above 0 the bound is factor·best; a custom one may be negative.
            double best = points.Min(point => point.SmoothedLoss == 0 ? double.PositiveInfinity : point.SmoothedLoss);
            return smoothed > best + ((stopFactor - 1) * Math.Abs(best))
                ? $"The smoothed loss rose above {stopFactor:g3} times its best at the rate {rate:g3}."
                : run.Step() ? null : $"An input or a gradient was not finite in batch {i + 1}, before its step with the rate {rate:g3}.";
        }
    }
}
