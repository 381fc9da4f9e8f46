namespace NeuralTrain;

/// <summary>Lowers the learning rate whenever the network has stopped getting better (lecture L5.8).</summary>
/// <remarks>
/// <code>
/// after patience observations in a row without improvement:  factor := max(reduction·factor, minimum)
/// metric improves on best   ⇔   metric &lt; best − threshold·|best|      or, with an absolute threshold, metric &lt; best − threshold
///                               (for metrics where higher is better: &gt; best + …)
/// </code>
/// <para>
/// The only schedule with a memory: its factor follows from what <see cref="Schedule.Observe"/> was told, not from the time, so take a
/// new object for each training. A metric that is not finite counts as no improvement and is counted in <see cref="NonFiniteCount"/>.
/// </para>
/// <para>
/// PyTorch's <c>ReduceLROnPlateau(factor=reduction, patience=patience − 1, threshold, cooldown, min_lr=minimum·γ)</c>: PyTorch waits for
/// one observation more than its patience, Keras' <c>ReduceLROnPlateau</c> for exactly its patience as here. For negative metrics PyTorch's
/// relative threshold, best·(1 − threshold), points the wrong way; this one does not.
/// </para>
/// </remarks>
public sealed class ReduceOnPlateau : Schedule
{
    private readonly int _patience;
    private readonly double _reduction;
    private readonly double _threshold;
    private readonly bool _absoluteThreshold;
    private readonly int _cooldown;
    private readonly double _minimum;
    private readonly bool _higherIsBetter;
    private int _withoutImprovement;
    private int _cooldownLeft;

    /// <summary>Creates the schedule, which counts epochs.</summary>
    /// <param name="patience">How many epochs in a row without improvement lower the rate, 1 or more. Default 10, as in Keras.</param>
    /// <param name="reduction">What the rate is multiplied by, in (0, 1). Default 0.1, as in PyTorch and Keras.</param>
    /// <param name="threshold">How much better is better, 0 or more. Default 0.0001, as in PyTorch.</param>
    /// <param name="absoluteThreshold">Whether the threshold is a difference and not a part of the best value. Default false, as in PyTorch.</param>
    /// <param name="cooldown">How many epochs after a reduction do not count, 0 or more. Default 0, as in PyTorch and Keras.</param>
    /// <param name="minimum">The floor, as a fraction of the learning rate, in [0, 1). Default 0, as in PyTorch and Keras.</param>
    /// <param name="higherIsBetter">Whether the metric is one to raise, such as an accuracy. Default false: a loss.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of the numbers is out of the range given here.</exception>
    public ReduceOnPlateau(
        int patience = 10, double reduction = 0.1, double threshold = 0.0001, bool absoluteThreshold = false,
        int cooldown = 0, double minimum = 0, bool higherIsBetter = false)
        : base(ScheduleUnit.Epoch)
    {
        Guard.AtLeast(patience, 1, nameof(patience), "a rate lowered without waiting never rests");
        Guard.AtLeast(cooldown, 0, nameof(cooldown), "it is a number of epochs");
        if (!(reduction > 0 && reduction < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(reduction), reduction, $"reduction must lie in (0, 1), received {reduction}. Typical values are 0.1 and 0.5.");
        }

        _patience = patience;
        _reduction = reduction;
        _threshold = Guard.NotNegative(threshold, nameof(threshold), "0 takes every improvement, however small.");
        _absoluteThreshold = absoluteThreshold;
        _cooldown = cooldown;
        _minimum = CheckMinimum(minimum);
        _higherIsBetter = higherIsBetter;
    }

    /// <summary>The factor that the observations so far have led to; 1 before the first.</summary>
    public double CurrentFactor { get; private set; } = 1;

    /// <summary>The best metric observed so far; null before the first finite one.</summary>
    public double? Best { get; private set; }

    /// <summary>How many metrics were NaN or infinite. More than 0 means that the training is diverging, or its data are not finite.</summary>
    public int NonFiniteCount { get; private set; }

    /// <summary>Takes notice of how good the network is after one more epoch, and lowers the factor if it is time to.</summary>
    /// <param name="metric">What is watched, such as the validation loss.</param>
    public override void Observe(double metric)
    {
        if (Improves(metric))
        {
            Best = metric;
            _withoutImprovement = 0;
        }
        else
        {
            _withoutImprovement++;
        }

        if (_cooldownLeft > 0)
        {
            _cooldownLeft--;
            _withoutImprovement = 0;
        }

        if (_withoutImprovement == _patience)
        {
            CurrentFactor = Math.Max(CurrentFactor * _reduction, _minimum);
            _cooldownLeft = _cooldown;
            _withoutImprovement = 0;
        }
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<double> Memory
    {
        get => [CurrentFactor, Best ?? double.NaN, NonFiniteCount, _withoutImprovement, _cooldownLeft];
        set
        {
            CheckMemory(value, 5);
            if (!(value[0] is >= 0 and <= 1) || !value.Skip(2).All(count => count is >= 0 and <= int.MaxValue && count == Math.Floor(count)))
            {
                throw new ArgumentException($"{this} cannot have left the memory [{string.Join(", ", value)}] behind: it is damaged.", nameof(value));
            }

            (CurrentFactor, Best) = (value[0], double.IsNaN(value[1]) ? null : value[1]);
            (NonFiniteCount, _withoutImprovement, _cooldownLeft) = ((int)value[2], (int)value[3], (int)value[4]);
        }
    }

    /// <inheritdoc/>
    protected internal override bool FollowsBudget => true;

    internal override bool HigherIsBetter => _higherIsBetter;

    /// <inheritdoc/>
    public override string ToString() => $"ReduceOnPlateau(patience {_patience}, reduction {_reduction}, now {CurrentFactor})";

    /// <inheritdoc/>
    protected override double Factor(long time, long budget) => CurrentFactor;

    private bool Improves(double metric)
    {
        if (!double.IsFinite(metric))
        {
            NonFiniteCount++;
            return false;
        }

        if (Best is not double best)
        {
            return true;
        }

        double margin = _absoluteThreshold ? _threshold : _threshold * Math.Abs(best);
        return _higherIsBetter ? metric > best + margin : metric < best - margin;
    }
}
