namespace NeuralTrain;

/// <summary>Raises the learning rate linearly before another schedule starts.</summary>
/// <remarks>
/// <code>
/// At(t) = (start + (1 − start)·t / T)·then.At(0)      while t &lt; T = length, or fraction·budget
///         then.At(t − T)                              afterwards, with the rest of the budget
/// </code>
/// Avoids the full rate for a new network, and for adaptive optimizers without a history. It counts in the unit of the schedule that follows.
/// It ends at the rate at which the other starts. PyTorch's <c>SequentialLR([LinearLR(start_factor=start, total_iters=T), then],
/// milestones=[T])</c> where that is the full rate; where it is not, PyTorch warms up to the full rate all the same.
/// </remarks>
public sealed class WarmUp : Schedule
{
    /// <summary>Creates a warm-up of a given length.</summary>
    /// <param name="length">The length, in the unit of <paramref name="then"/>, 1 or more.</param>
    /// <param name="then">The schedule that follows, from its own time 0 on; <c>new ConstantSchedule(unit: …)</c> for only a warm-up.</param>
    /// <param name="start">The first factor, in [0, 1). Default ⅓, as in PyTorch's <c>LinearLR</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is not positive, or the start outside [0, 1).</exception>
    public WarmUp(int length, Schedule then, double start = 1.0 / 3)
        : this(then, length, fraction: 0, start) =>
        Guard.AtLeast(length, 1, nameof(length), "a warm-up needs time to pass");

    private WarmUp(Schedule then, int? length, double fraction, double start)
        : base(then?.Unit ?? throw new ArgumentNullException(nameof(then)))
    {
        (Then, Length, Fraction) = (then, length, fraction);
        Start = Guard.InHalfOpen(start, 0, 1, nameof(start), "It is the first factor of the learning rate, for instance 0.1.");
    }

    /// <summary>Creates a warm-up over a fraction of the training, whatever its length.</summary>
    /// <param name="fraction">The fraction of the budget it takes, in (0, 1), rounded to whole steps or epochs; for example 0.05.</param>
    /// <param name="then">The schedule that follows, from its own time 0 on; <c>new ConstantSchedule(unit: …)</c> for only a warm-up.</param>
    /// <param name="start">The first factor, in [0, 1). Default ⅓, as in PyTorch's <c>LinearLR</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction lies outside (0, 1), or the start outside [0, 1).</exception>
    public static WarmUp OverFraction(double fraction, Schedule then, double start = 1.0 / 3)
    {
        Guard.InOpen(fraction, 0, 1, nameof(fraction), "For a number of steps or epochs use the constructor.");
        return new WarmUp(then, length: null, fraction, start);
    }

    /// <summary>The schedule that follows.</summary>
    public Schedule Then { get; }

    /// <summary>The length; null for <see cref="Fraction"/> of the budget.</summary>
    public int? Length { get; }

    /// <summary>The fraction of the budget it takes; 0 with a <see cref="Length"/>.</summary>
    public double Fraction { get; }

    /// <summary>The first factor.</summary>
    public double Start { get; }

    internal override ReduceOnPlateau? Plateau => Then.Plateau;

    internal override ReduceOnPlateau? PlateauAt(long time, long budget)
    {
        long length = LengthOf(budget);
        return time < length ? null : Then.PlateauAt(time - length, Math.Max(budget - length, 1));
    }

    /// <inheritdoc/>
    protected internal override bool FollowsBudget => Length is null && Then.FollowsBudget;

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("length", LengthText(Length));
        settings.Set("fraction", Fraction);
        settings.Set("start", Start);
        settings.Set("then", [Settings.Of(Then, Then.DescribeAll)]);
    }

    /// <inheritdoc/>
    protected override double Factor(long time, long budget)
    {
        long length = LengthOf(budget), left = Math.Max(budget - length, 1);
        return time < length
            ? (Start + ((1 - Start) * time / length)) * Then.At(0, left)
            : Then.At(time - length, left);
    }

    private long LengthOf(long budget) => Length ?? (long)Math.Round(Fraction * budget);
}
