using System.Globalization;

namespace NeuralTrain;

/// <summary>Finds a learning rate by trying all of them: the rate rises from batch to batch until the loss explodes (lecture L5.7).</summary>
/// <remarks>
/// <code>
/// γᵢ = lowest·(highest/lowest)^(i/(n−1))      i = 0 … n−1 batches
/// aᵢ = β·aᵢ₋₁ + (1 − β)·Lᵢ,  smoothed lossᵢ = aᵢ/(1 − βⁱ⁺¹)
/// </code>
/// <para>
/// It works on a clone: weights, statistics, gradients, masks and the optimizer of the live network are the same bits afterwards. The
/// clone's optimizer goes on with the rule, constants and moments of the one given; only its rate is set. No schedule takes part.
/// </para>
/// <para>
/// The run ends after the last batch, when the smoothed loss is four times its best, or when something is not finite. The first tenth and
/// the last five batches give no suggestion. Source: Smith, "Cyclical learning rates for training neural networks", 2015, section 3.3; the
/// constants are those of fastai's <c>lr_find</c>.
/// </para>
/// </remarks>
public static class LearningRateFinder
{
    /// <summary>Raises the rate over some batches of the data.</summary>
    /// <param name="network">The network that will be trained. It is not changed.</param>
    /// <param name="loss">What its training makes small.</param>
    /// <param name="optimizer">The optimizer that will train it. It is not changed.</param>
    /// <param name="data">The training data, read in shuffled passes until there are enough batches.</param>
    /// <param name="options">Rates, batches and smoothing; the defaults if null.</param>
    /// <returns>The curve, with a suggestion or the reason why there is none.</returns>
    /// <exception cref="ArgumentException">
    /// Network, loss and data do not fit together, the data have no rows, or the highest rate is not above the lowest.
    /// </exception>
    /// <exception cref="NotSupportedException">A layer or an optimizer of one's own cannot be cloned; the message says how it could.</exception>
    public static LearningRateCurve Run(
        Sequential network, Loss loss, Optimizer optimizer, BatchSource data, LearningRateFinderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new LearningRateFinderOptions();
        if (options.Highest <= options.Lowest)
        {
            throw new ArgumentException(
                $"The rate rises from Lowest to Highest, received {options.Lowest} and {options.Highest}: set Highest above Lowest.", nameof(options));
        }

        loss.CheckNetwork(network);
        var run = new TrialRun(network, loss, optimizer);
        var points = new List<LearningRatePoint>();
        string? end = null;
        for (int epoch = 0; end is null && points.Count < options.Batches; epoch++)
        {
            int before = points.Count;
            using BatchReader reader = data.Read(new BatchPlan(options.BatchSize, options.Seed, epoch, TrialRun.NeedsTwoRows(network)));
            while (end is null && points.Count < options.Batches && reader.Read())
            {
                end = Learn(run, reader, points, options);
            }

            if (end is null && points.Count == before)
            {
                throw new ArgumentException("The learning-rate finder needs data, but a pass over them gave no batch.", nameof(data));
            }
        }

        return new LearningRateCurve(
            points, options.Batches, end ?? string.Create(CultureInfo.InvariantCulture, $"The highest rate, {options.Highest:g3}, was reached."));
    }

    // One batch: null to go on, or why the run ends.
    private static string? Learn(TrialRun run, BatchReader reader, List<LearningRatePoint> points, LearningRateFinderOptions options)
    {
        int i = points.Count;
        double rate = options.Lowest * Math.Pow(options.Highest / options.Lowest, (double)i / (options.Batches - 1));
        run.Optimizer.LearningRate = rate;
        if (run.Forward(reader.Inputs, reader.Targets, reader.SampleWeights) is not double loss)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The loss was not finite in batch {i + 1}, before its step with the rate {rate:g3}.");
        }

        // The bias-corrected average of the last point, made the plain one again, then with this loss in it.
        double plain = i == 0 ? 0 : points[^1].SmoothedLoss * (1 - Math.Pow(options.Smoothing, i));
        plain = (options.Smoothing * plain) + ((1 - options.Smoothing) * loss);
        double smoothed = plain / (1 - Math.Pow(options.Smoothing, i + 1));
        points.Add(new LearningRatePoint(rate, loss, smoothed));

        // Of a loss of exactly 0, as of a batch in which nothing counts, there are no multiples.
        double best = points.Min(point => point.SmoothedLoss == 0 ? double.PositiveInfinity : point.SmoothedLoss);

        // For a loss above 0 this is factor·best; a loss of one's own may be negative.
        if (smoothed > best + ((options.StopFactor - 1) * Math.Abs(best)))
        {
            return string.Create(CultureInfo.InvariantCulture, $"The smoothed loss rose above {options.StopFactor:g3} times its best at the rate {rate:g3}.");
        }

        return run.Step() ? null : string.Create(
            CultureInfo.InvariantCulture, $"An input or a gradient was not finite in batch {i + 1}, before its step with the rate {rate:g3}.");
    }
}
