namespace NeuralTrain;

/// <summary>Lowers the learning rate whenever the network has stopped improving.</summary>
/// <remarks>
/// <code>
/// after patience consecutive observations without improvement:  factor := max(reduction·factor, minimum)
/// metric improves on best   ⇔   metric &lt; best − threshold·|best|      or, with an absolute threshold, metric &lt; best − threshold
///                               (for metrics where higher is better: &gt; best + …)
/// </code>
/// <para>
/// The only schedule with a memory: its factor depends on the values that <see cref="Schedule.Observe"/> received, not on the time, so create a
/// new object for each training run. A metric that is not finite counts as no improvement and is counted in <see cref="NonFiniteCount"/>.
/// </para>
/// <para>
/// PyTorch's <c>ReduceLROnPlateau(factor=reduction, patience=patience − 1, threshold, cooldown, min_lr=minimum·γ)</c>: PyTorch waits for
/// one observation more than its patience, Keras' <c>ReduceLROnPlateau</c> for exactly its patience as here. For negative metrics PyTorch's
/// relative threshold, best·(1 − threshold), points the wrong way; this one does not.
/// </para>
/// <para>Lecture L5.8.</para>
/// </remarks>
/// <param name="patience">The number of consecutive epochs without improvement after which the rate falls, 1 or more. Default 10, as in Keras.</param>
/// <param name="reduction">The factor that multiplies the rate, in (0, 1). Default 0.1, as in PyTorch and Keras.</param>
/// <param name="threshold">The minimum relative improvement that counts, 0 or more. Default 0.0001, as in PyTorch.</param>
/// <param name="absoluteThreshold">Whether the threshold is absolute instead of relative to the best value. Default false, as in PyTorch.</param>
/// <param name="cooldown">The number of epochs after a reduction that do not count, 0 or more. Default 0, as in PyTorch and Keras.</param>
/// <param name="minimum">The minimum, as a fraction of the learning rate, in [0, 1). Default 0, as in PyTorch and Keras.</param>
/// <param name="higherIsBetter">Whether a higher metric is better, as for an accuracy. Default false: a loss.</param>
/// <exception cref="ArgumentOutOfRangeException">One of the numbers is out of the range given here.</exception>
public sealed class ReduceOnPlateau(
    int patience = 10, double reduction = 0.1, double threshold = 0.0001, bool absoluteThreshold = false, int cooldown = 0, double minimum = 0, bool higherIsBetter = false)
    : Schedule(ScheduleUnit.Epoch)
{
    private int _withoutImprovement, _cooldownLeft;

    /// <summary>The number of consecutive epochs without improvement after which the rate falls.</summary>
    public int Patience { get; } = Guard.AtLeast(patience, 1, nameof(patience), "a rate that is lowered without waiting falls in every epoch");

    /// <summary>The factor that multiplies the rate.</summary>
    public double Reduction { get; } = Guard.InOpen(reduction, 0, 1, nameof(reduction), "Typical values are 0.1 and 0.5.");

    /// <summary>The minimum improvement that counts.</summary>
    public double Threshold { get; } = Guard.NotNegative(threshold, nameof(threshold), "0 takes every improvement, however small.");

    /// <summary>Whether the threshold is absolute instead of relative to the best value.</summary>
    public bool IsThresholdAbsolute { get; } = absoluteThreshold;

    /// <summary>The number of epochs after a reduction that do not count.</summary>
    public int Cooldown { get; } = Guard.AtLeast(cooldown, 0, nameof(cooldown), "it is a number of epochs");

    /// <summary>The minimum, as a fraction of the learning rate.</summary>
    public double Minimum { get; } = CheckMinimum(minimum);

    /// <summary>Whether a higher metric is better.</summary>
    public bool HigherIsBetter { get; } = higherIsBetter;

    /// <summary>The current factor after the observations so far; 1 before the first.</summary>
    public double CurrentFactor { get; private set; } = 1;

    /// <summary>The best metric observed so far; null before the first finite one.</summary>
    public double? Best { get; private set; }

    /// <summary>The number of metrics that were NaN or infinite. More than 0 means that the training is diverging, or its data are not finite.</summary>
    public int NonFiniteCount { get; private set; }

    internal override ReduceOnPlateau? Plateau => this;

    internal void Remember(double metric)
    {
        if (!double.IsFinite(metric)) NonFiniteCount++;
        bool improves = Improves(metric, Best, IsThresholdAbsolute ? Threshold : Threshold * Math.Abs(Best ?? 0), HigherIsBetter);
        if (improves) Best = metric;
        _withoutImprovement = improves || _cooldownLeft > 0 ? 0 : _withoutImprovement + 1;
        _cooldownLeft = Math.Max(_cooldownLeft - 1, 0);
        if (_withoutImprovement == Patience)
        {
            (CurrentFactor, _cooldownLeft, _withoutImprovement) = (Math.Max(CurrentFactor * Reduction, Minimum), Cooldown, 0);
        }
    }

    /// <summary>The memory that <see cref="Schedule.Observe"/> changes, for the state of a training run.</summary>
    internal double[] Memory
    {
        get => [CurrentFactor, Best ?? double.NaN, NonFiniteCount, _withoutImprovement, _cooldownLeft];
        set
        {
            (CurrentFactor, Best) = (value[0], double.IsNaN(value[1]) ? null : value[1]);
            (NonFiniteCount, _withoutImprovement, _cooldownLeft) = ((int)value[2], (int)value[3], (int)value[4]);
        }
    }

    /// <inheritdoc/>
    protected internal override bool FollowsBudget => true;

    /// <summary>Whether numbers read from a file are a valid memory.</summary>
    internal static bool IsMemory(double[] memory) =>
        memory.Length == 5 && memory[0] is >= 0 and <= 1 && memory.Skip(2).All(count => count is >= 0 and <= int.MaxValue && count == Math.Floor(count));

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("patience", Patience);
        settings.Set("reduction", Reduction);
        settings.Set("threshold", Threshold);
        settings.Set("absolute threshold", IsThresholdAbsolute);
        settings.Set("cooldown", Cooldown);
        settings.Set("minimum", Minimum);
        settings.Set("higher is better", HigherIsBetter);
    }

    /// <inheritdoc/>
    protected override double Factor(long time, long budget) => CurrentFactor;

    /// <summary>Whether a value improves on the best so far by more than a margin; one that is not finite never does.</summary>
    internal static bool Improves(double value, double? best, double margin, bool higherIsBetter) =>
        double.IsFinite(value) && (best is null || (higherIsBetter ? value > best + margin : value < best - margin));
}
