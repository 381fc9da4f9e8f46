using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The result of <see cref="LearningRateFinder"/>: the loss at each rate, and suggested rates.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class LearningRateCurve
{
    // The first tenth of the batches only warms the average up; at the end the loss explodes.
    private const int PartDroppedFirst = 10;
    private const int DroppedLast = 5;
    private const double Rounding = 1e-7;

    // Before this part of the whole fall, the average merely creeps down because the rate is still too low to matter.
    private const double FlatPart = 0.05;

    internal LearningRateCurve(IReadOnlyList<LearningRatePoint> points, int planned, string end)
    {
        (Points, Reason) = (points, end);
        int first = Math.Min(planned / PartDroppedFirst, points.Count);
        LearningRatePoint[] used = [.. points.Skip(first).SkipLast(DroppedLast)];
        if (used.Length < 2)
        {
            Reason = $"{end} No suggestion: {points.Count} of {planned} batches are too few, since the first {first} and the last {DroppedLast} do not count. Begin at a lower rate, or take more batches.";
        }
        else if (Valley(used) is double suggestion)
        {
            int lowest = Enumerable.Range(0, used.Length).MinBy(i => used[i].SmoothedLoss);
            (Suggestion, Steepest, MinimumOverTen) = (suggestion, SteepestOf(used, last: Math.Max(lowest, 1)), used[lowest].LearningRate / 10);
        }
        else
        {
            Reason = $"{end} No suggestion: the loss did not fall at any rate. Check the network and the data (network.Check), and that something learns.";
        }
    }

    /// <summary>One point for each batch, by rising rate, with the first tenth and the last five, which give no suggestion.</summary>
    public IReadOnlyList<LearningRatePoint> Points { get; }

    /// <summary>The rate to begin with, two thirds into the longest valley; null if the loss fell nowhere, as <see cref="Reason"/> says.</summary>
    /// <remarks>
    /// The valley is the longest row of points, not necessarily neighbours, each with a lower loss than the one before. It begins where a twentieth of
    /// its fall is done, so that a flat part before it does not count. fastai's <c>valley</c> looks for the same row; its documentation says two thirds into
    /// it, as here, while its code takes the middle. Where the loss begins to fall is the lower bound that Smith's range test reads off.
    /// </remarks>
    public double? Suggestion { get; }

    /// <summary>The rate at which the smoothed loss falls fastest for each decade, up to its lowest value; null where <see cref="Suggestion"/> is.</summary>
    /// <remarks>Beyond the lowest loss a fall is only the way back from an explosion; fastai's <c>steep</c> counts that too.</remarks>
    public double? Steepest { get; }

    /// <summary>A tenth of the rate of the lowest smoothed loss; null where <see cref="Suggestion"/> is.</summary>
    public double? MinimumOverTen { get; }

    /// <summary>Why the run ended, whether the data are not scaled, and why there is no suggestion if there is none.</summary>
    public string Reason { get; }

    /// <summary>The suggestions and the reason, as <c>learning rate 0.0029 (steepest 0.0042, minimum / 10 0.011) …</c>.</summary>
    public override string ToString() => Suggestion is null ? Reason
        : $"learning rate {Suggestion:g2} (steepest {Steepest:g2}, minimum / 10 {MinimumOverTen:g2}). {Reason}";

    // The longest falling row that ends at each point, from those of the points before it.
    private static double? Valley(LearningRatePoint[] points)
    {
        var length = new int[points.Length];
        var start = new int[points.Length];
        int end = 0;
        for (int i = 0; i < points.Length; i++)
        {
            (length[i], start[i]) = (1, i);
            for (int before = 0; before < i; before++)
            {
                if (points[before].SmoothedLoss > points[i].SmoothedLoss && length[before] >= length[i]) (length[i], start[i]) = (length[before] + 1, start[before]);
            }

            end = length[i] > length[end] ? i : end;
        }

        // A fall within the rounding of the average does not count.
        double top = points[start[end]].SmoothedLoss;
        double fall = top - points[end].SmoothedLoss;
        if (fall <= Rounding * Math.Abs(top)) return null;

        // The flat part before the fall belongs to the row, since the average creeps down, but not to the valley.
        int first = start[end];
        while (points[first + 1].SmoothedLoss > top - (FlatPart * fall)) first++;

        return points[first + ((end - first) * 2 / 3)].LearningRate;
    }

    // The rates rise by the same factor from batch to batch, so every slope is a difference of neighbours. It is taken over both of them.
    private static double SteepestOf(LearningRatePoint[] points, int last)
    {
        int best = 0;
        double steepest = double.PositiveInfinity;
        for (int i = 0; i <= last; i++)
        {
            LearningRatePoint left = points[Math.Max(i - 1, 0)], right = points[Math.Min(i + 1, last)];
            double slope = (right.SmoothedLoss - left.SmoothedLoss) / Math.Log(right.LearningRate / left.LearningRate);
            (best, steepest) = slope < steepest ? (i, slope) : (best, steepest);
        }

        return points[best].LearningRate;
    }
}

/// <summary>One batch of a <see cref="LearningRateCurve"/>.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class LearningRatePoint
{
    internal LearningRatePoint(double learningRate, double loss, double smoothedLoss) => (LearningRate, Loss, SmoothedLoss) = (learningRate, loss, smoothedLoss);

    /// <summary>The rate γ of the batch's step.</summary>
    public double LearningRate { get; }

    /// <summary>The loss of the batch, before its step.</summary>
    public double Loss { get; }

    /// <summary>The bias-corrected exponential average of the losses so far, which the suggestions are read from.</summary>
    public double SmoothedLoss { get; }
}
