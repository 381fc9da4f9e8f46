namespace NeuralTrain;

/// <summary>Keeps the learning rate unchanged, or at a constant fraction of it.</summary>
/// <remarks>
/// <code>
/// At(t) = factor
/// </code>
/// The same as training without a schedule if the factor is 1; useful inside <see cref="WarmUp"/>. PyTorch's <c>ConstantLR</c>
/// differs: it ends after some time.
/// </remarks>
/// <param name="factor">The factor, 0 or more. Default 1.</param>
/// <param name="unit">Whether it counts steps or epochs, which matters only to a schedule around it. Default epochs.</param>
/// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite, or the unit is unknown.</exception>
public sealed class ConstantSchedule(double factor = 1, ScheduleUnit unit = ScheduleUnit.Epoch) : Schedule(unit)
{
    /// <summary>The factor.</summary>
    public double Value { get; } = Guard.NotNegative(factor, nameof(factor), "1 leaves the learning rate unchanged.");

    /// <inheritdoc/>
    protected internal override bool FollowsBudget => true;

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings) => settings.Set("value", Value);

    /// <inheritdoc/>
    protected override double Factor(long time, long budget) => Value;
}
