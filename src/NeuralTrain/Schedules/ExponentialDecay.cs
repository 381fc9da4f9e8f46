namespace NeuralTrain;

/// <summary>Multiplies the learning rate by the same factor each time.</summary>
/// <remarks>
/// <code>
/// At(t) = factor^t
/// </code>
/// PyTorch's <c>ExponentialLR(gamma=factor)</c>. Keras' <c>ExponentialDecay(decay_steps=n, decay_rate=d)</c> is the factor d^(1/n).
/// </remarks>
public sealed class ExponentialDecay : Schedule
{
    private readonly double _factor;

    /// <summary>Creates the schedule.</summary>
    /// <param name="factor">What the rate is multiplied by each time, in (0, 1]; for example 0.95 by epoch.</param>
    /// <param name="unit">Whether it counts steps or epochs. Default epochs, as PyTorch's documentation has it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor does not lie in (0, 1], or the unit is unknown.</exception>
    public ExponentialDecay(double factor, ScheduleUnit unit = ScheduleUnit.Epoch)
        : base(unit)
    {
        if (!(factor > 0 && factor <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(factor), factor, $"factor must lie in (0, 1], received {factor}: a rate that grows each time soon exceeds all bounds. Typical values are 0.9 to 0.99 by epoch.");
        }

        _factor = factor;
    }

    /// <inheritdoc/>
    public override string ToString() => $"ExponentialDecay({_factor}, {UnitText})";

    /// <inheritdoc/>
    protected override double Factor(long time, long budget) => Math.Pow(_factor, time);
}
