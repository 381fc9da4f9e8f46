namespace NeuralTrain;

/// <summary>Lowers the learning rate along a power of the time that is left, in a straight line by default.</summary>
/// <remarks>
/// <code>
/// At(t) = minimum + (1 − minimum)·(1 − min(t, T) / T)^power      T = length, or the budget
/// </code>
/// It stays at the minimum afterwards. PyTorch's <c>PolynomialLR(total_iters=T, power)</c> (minimum 0), Keras'
/// <c>PolynomialDecay(decay_steps=T, end_learning_rate=minimum·γ, power)</c>.
/// </remarks>
public sealed class PolynomialDecay : Schedule
{
    private readonly int? _length;
    private readonly double _power;
    private readonly double _minimum;

    /// <summary>Creates the schedule.</summary>
    /// <param name="length">How long it takes, 1 or more. Default: as long as the training is meant to last.</param>
    /// <param name="power">The power, greater than 0. Default 1, a straight line, as in PyTorch and Keras.</param>
    /// <param name="minimum">Where it ends, as a fraction of the learning rate, in [0, 1). Default 0, as in PyTorch.</param>
    /// <param name="unit">Whether it counts steps or epochs. Default epochs, as PyTorch's documentation has it.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The length is not positive, the power not a finite number greater than 0, the minimum outside [0, 1), or the unit unknown.
    /// </exception>
    public PolynomialDecay(
        int? length = null, double power = 1, double minimum = 0, ScheduleUnit unit = ScheduleUnit.Epoch)
        : base(unit)
    {
        _length = CheckLength(length);
        _power = Guard.Positive(power, nameof(power), "1 is a straight line, 2 falls fast and ends gently.");
        _minimum = CheckMinimum(minimum);
    }

    /// <inheritdoc/>
    protected internal override bool FollowsBudget => _length is null;

    /// <inheritdoc/>
    public override string ToString() =>
        $"PolynomialDecay({LengthText(_length)}, power {_power}, minimum {_minimum}, {UnitText})";

    /// <inheritdoc/>
    protected override double Factor(long time, long budget)
    {
        long length = _length ?? budget;
        double left = 1 - ((double)Math.Min(time, length) / length);
        return _minimum + ((1 - _minimum) * Math.Pow(left, _power));
    }
}
