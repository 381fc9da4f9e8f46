namespace NeuralTrain;

/// <summary>Raises the learning rate to its peak once and lowers it to almost nothing, both along half a cosine, over the whole training.</summary>
/// <remarks>
/// <code>
/// first = 1 / startDivisor,  last = first / endDivisor,  T = length, or the budget,  top = upFraction·T − 1
/// At(t) = from first up to 1 along half a cosine       while t ≤ top
///         from 1 down to last along half a cosine      afterwards, until t = T − 1; it stays there
/// </code>
/// The peak is the learning rate of the optimizer, which should be large. Source: Smith and Topin, "Super-Convergence: Very Fast Training of
/// Neural Networks Using Large Learning Rates", 2018. PyTorch's <c>OneCycleLR(max_lr=γ, total_steps=T, pct_start=upFraction,
/// div_factor=startDivisor, final_div_factor=endDivisor)</c>, without its cycling of the momentum; PyTorch fails after the end.
/// </remarks>
/// <param name="length">The length, 1 or more. Default: the whole training.</param>
/// <param name="upFraction">The fraction of the time during which it rises, in (0, 1). Default 0.3, as in PyTorch.</param>
/// <param name="startDivisor">The ratio of the peak to the initial rate, 1 or more. Default 25, as in PyTorch.</param>
/// <param name="endDivisor">The ratio of the initial to the final rate, 1 or more. Default 10000, as in PyTorch.</param>
/// <param name="unit">Whether it counts steps or epochs. Default steps, as in the paper and PyTorch.</param>
/// <exception cref="ArgumentOutOfRangeException">
/// The length is not positive, the fraction outside (0, 1), a divisor not a finite number of 1 or more, or the unit unknown.
/// </exception>
public sealed class OneCycle(
    int? length = null, double upFraction = 0.3, double startDivisor = 25, double endDivisor = 10_000, ScheduleUnit unit = ScheduleUnit.Step)
    : Schedule(unit)
{
    /// <summary>The length; null for the whole training.</summary>
    public int? Length { get; } = CheckLength(length);

    /// <summary>The fraction of the time during which it rises.</summary>
    public double UpFraction { get; } = Guard.InOpen(upFraction, 0, 1, nameof(upFraction), "It is a fraction of the time, for instance 0.3.");

    /// <summary>The ratio of the peak to the initial rate.</summary>
    public double StartDivisor { get; } = CheckDivisor(startDivisor, nameof(startDivisor));

    /// <summary>The ratio of the initial to the final rate.</summary>
    public double EndDivisor { get; } = CheckDivisor(endDivisor, nameof(endDivisor));

    /// <inheritdoc/>
    protected internal override bool FollowsBudget => Length is null;

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("length", LengthText(Length));
        settings.Set("up fraction", UpFraction);
        settings.Set("start divisor", StartDivisor);
        settings.Set("end divisor", EndDivisor);
    }

    /// <inheritdoc/>
    protected override double Factor(long time, long budget)
    {
        long length = Length ?? budget;
        double first = 1 / StartDivisor, last = first / EndDivisor;
        double top = (UpFraction * length) - 1;
        if (time <= top) return AlongCosine(first, 1, top == 0 ? 1 : time / top);

        // Too short to rise at all: begin at the peak.
        top = Math.Max(top, 0);
        double progress = time >= length - 1 ? 1 : (time - top) / (length - 1 - top);
        return AlongCosine(1, last, progress);
    }

    private static double CheckDivisor(double divisor, string name) => double.IsFinite(divisor) && divisor >= 1
        ? divisor
        : throw new ArgumentOutOfRangeException(name, $"{name} must be a finite number of 1 or more, received {divisor}. The rate is divided by it.");
}
