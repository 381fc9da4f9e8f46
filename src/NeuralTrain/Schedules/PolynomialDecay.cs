namespace NeuralTrain;

/// <summary>Lowers the learning rate along a power of the remaining time, linearly by default.</summary>
/// <remarks>
/// <code>
/// At(t) = minimum + (1 − minimum)·(1 − min(t, T) / T)^power      T = length, or the budget
/// </code>
/// It stays at the minimum afterwards. PyTorch's <c>PolynomialLR(total_iters=T, power)</c> (minimum 0), Keras'
/// <c>PolynomialDecay(decay_steps=T, end_learning_rate=minimum·γ, power)</c>.
/// </remarks>
/// <param name="length">The length, 1 or more. Default: the whole training.</param>
/// <param name="power">The power, greater than 0. Default 1, a straight line, as in PyTorch and Keras.</param>
/// <param name="minimum">The final value, as a fraction of the learning rate, in [0, 1). Default 0, as in PyTorch.</param>
/// <param name="unit">Whether it counts steps or epochs. Default epochs, as PyTorch's documentation has it.</param>
/// <exception cref="ArgumentOutOfRangeException">
/// The length is not positive, the power not a finite number greater than 0, the minimum outside [0, 1), or the unit unknown.
/// </exception>
public sealed class PolynomialDecay(
    int? length = null, double power = 1, double minimum = 0, ScheduleUnit unit = ScheduleUnit.Epoch)
    : Schedule(unit)
{
    /// <summary>The length; null for the whole training.</summary>
    public int? Length { get; } = CheckLength(length);

    /// <summary>The power of the remaining time.</summary>
    public double Power { get; } = Guard.Positive(power, nameof(power), "1 is a straight line, 2 falls fast and ends gently.");

    /// <summary>The final value, as a fraction of the learning rate.</summary>
    public double Minimum { get; } = CheckMinimum(minimum);

    /// <inheritdoc/>
    protected internal override bool FollowsBudget => Length is null;

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("length", LengthText(Length));
        settings.Set("power", Power);
        settings.Set("minimum", Minimum);
    }

    /// <inheritdoc/>
    protected override double Factor(long time, long budget)
    {
        long length = Length ?? budget;
        double left = 1 - ((double)Math.Min(time, length) / length);
        return Minimum + ((1 - Minimum) * Math.Pow(left, Power));
    }
}
