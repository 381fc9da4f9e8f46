namespace NeuralTrain;

/// <summary>Multiplies the learning rate by the same factor in every epoch or step.</summary>
/// <remarks>
/// <code>
/// At(t) = factor^t
/// </code>
/// PyTorch's <c>ExponentialLR(gamma=factor)</c>. Keras' <c>ExponentialDecay(decay_steps=n, decay_rate=d)</c> is the factor d^(1/n).
/// </remarks>
/// <param name="factor">The factor that multiplies the rate each time, in (0, 1]; for example 0.95 per epoch.</param>
/// <param name="unit">Whether it counts steps or epochs. Default epochs, as PyTorch's documentation has it.</param>
/// <exception cref="ArgumentOutOfRangeException">The factor does not lie in (0, 1], or the unit is unknown.</exception>
public sealed class ExponentialDecay(double factor, ScheduleUnit unit = ScheduleUnit.Epoch) : Schedule(unit)
{
    /// <summary>The factor that multiplies the rate each time.</summary>
    public double DecayFactor { get; } = Guard.InOpenClosed(factor, 0, 1, nameof(factor), "A rate that grows each time soon exceeds all bounds. Typical values are 0.9 to 0.99 by epoch.");

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings) => settings.Set("factor", DecayFactor);

    /// <inheritdoc/>
    protected override double Factor(long time, long budget) => Math.Pow(DecayFactor, time);
}
