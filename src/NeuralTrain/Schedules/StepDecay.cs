namespace NeuralTrain;

/// <summary>Multiplies the learning rate by the same factor at regular intervals, such as a tenth every 30 epochs.</summary>
/// <remarks>
/// <code>
/// At(t) = factor^⌊t / interval⌋
/// </code>
/// PyTorch's <c>StepLR(step_size=interval, gamma=factor)</c>. Lecture L5.8.
/// </remarks>
/// <param name="interval">The interval between two changes, 1 or more.</param>
/// <param name="factor">The factor that multiplies the rate, in (0, 1]. Default 0.1, as in PyTorch.</param>
/// <param name="unit">Whether it counts steps or epochs. Default epochs, as PyTorch's documentation has it.</param>
/// <exception cref="ArgumentOutOfRangeException">The interval is not positive, the factor does not lie in (0, 1], or the unit is unknown.</exception>
public sealed class StepDecay(int interval, double factor = 0.1, ScheduleUnit unit = ScheduleUnit.Epoch) : Schedule(unit)
{
    /// <summary>The interval between two changes.</summary>
    public int Interval { get; } = Guard.AtLeast(interval, 1, nameof(interval), "each rate must last for some time");

    /// <summary>The factor that multiplies the rate each time.</summary>
    public double DecayFactor { get; } = Guard.InOpenClosed(factor, 0, 1, nameof(factor), "A rate that grows each time soon exceeds all bounds. Typical values are 0.1 and 0.5.");

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("interval", Interval);
        settings.Set("factor", DecayFactor);
    }

    /// <inheritdoc/>
    protected override double Factor(long time, long budget) => Math.Pow(DecayFactor, time / Interval);
}
