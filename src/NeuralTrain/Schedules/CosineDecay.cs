namespace NeuralTrain;

/// <summary>Lowers the learning rate along half a cosine: slowly at first, fast in the middle, slowly at the end.</summary>
/// <remarks>
/// <code>
/// At(t) = minimum + ½(1 − minimum)(1 + cos(π·min(t, T) / T))      T = length, or the budget
/// </code>
/// With a length shorter than the training it stays at its end, as Keras' <c>CosineDecay(decay_steps=T, alpha=minimum)</c>. With <c>repeats: true</c> it follows
/// the cosine up again, as PyTorch's <c>CosineAnnealingLR(T_max=T, eta_min=minimum·γ)</c> does; <see cref="WarmRestarts"/> jumps up at once instead. Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017, eq. 5.
/// </remarks>
/// <param name="length">The length, 1 or more. Default: the whole training.</param>
/// <param name="minimum">The final value, as a fraction of the learning rate, in [0, 1). Default 0, as in PyTorch and Keras.</param>
/// <param name="repeats">Whether it follows the cosine up and down again after its end. Default false: it stays there.</param>
/// <param name="unit">Whether it counts steps or epochs. Default epochs, as PyTorch's documentation has it.</param>
/// <exception cref="ArgumentOutOfRangeException">The length is not positive, the minimum outside [0, 1), or the unit unknown.</exception>
public sealed class CosineDecay(int? length = null, double minimum = 0, bool repeats = false, ScheduleUnit unit = ScheduleUnit.Epoch) : Schedule(unit)
{
    /// <summary>The length; null for the whole training.</summary>
    public int? Length { get; } = CheckLength(length);

    /// <summary>The final value, as a fraction of the learning rate.</summary>
    public double Minimum { get; } = CheckMinimum(minimum);

    /// <summary>Whether it follows the cosine up again after its end.</summary>
    public bool Repeats { get; } = repeats;

    /// <inheritdoc/>
    protected internal override bool FollowsBudget => Length is null;

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("length", LengthText(Length));
        settings.Set("minimum", Minimum);
        if (Repeats) settings.Set("repeats", true);
    }

    /// <inheritdoc/>
    protected override double Factor(long time, long budget)
    {
        double progress = (double)time / (Length ?? budget);
        return AlongCosine(1, Minimum, Repeats ? progress : Math.Min(progress, 1));
    }
}
