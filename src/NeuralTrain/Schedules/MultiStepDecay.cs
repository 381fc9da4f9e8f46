namespace NeuralTrain;

/// <summary>Multiplies the learning rate by the same factor at chosen times.</summary>
/// <remarks>
/// <code>
/// At(t) = factor^(number of milestones ≤ t)
/// </code>
/// For example 50 epochs at 0.1, 25 at 0.01 and 25 at 0.001 is <c>new MultiStepDecay([50, 75])</c> with the learning rate 0.1.
/// PyTorch's <c>MultiStepLR(milestones, gamma=factor)</c>. Lecture L5.9.
/// </remarks>
/// <param name="milestones">The times at which the rate changes: at least one, 1 or more each, increasing.</param>
/// <param name="factor">The factor that multiplies the rate, greater than 0. Default 0.1, as in PyTorch.</param>
/// <param name="unit">Whether it counts steps or epochs. Default epochs, as PyTorch's documentation has it.</param>
/// <exception cref="ArgumentException">There is no milestone, or they do not increase.</exception>
/// <exception cref="ArgumentOutOfRangeException">
/// A milestone is not positive, the factor not greater than 0 or so large that the rate overflows, or the unit unknown.
/// </exception>
public sealed class MultiStepDecay(ReadOnlySpan<int> milestones, double factor = 0.1, ScheduleUnit unit = ScheduleUnit.Epoch) : Schedule(unit)
{
    private readonly int[] _milestones = CheckMilestones(milestones);

    /// <summary>The times at which the rate changes.</summary>
    public IReadOnlyList<int> Milestones => _milestones;

    /// <summary>The factor that multiplies the rate at each milestone.</summary>
    public double DecayFactor { get; } = CheckFactor(factor, milestones.Length);

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("milestones", _milestones.Select(milestone => (double)milestone));
        settings.Set("factor", DecayFactor);
    }

    /// <inheritdoc/>
    protected override double Factor(long time, long budget) => Math.Pow(DecayFactor, Passed(_milestones, time));

    private static double CheckFactor(double factor, int times) => double.IsFinite(Math.Pow(Guard.Positive(factor, nameof(factor), "Typical values are 0.1 and 0.5."), times))
        ? factor
        : throw new ArgumentOutOfRangeException(
            nameof(factor), $"factor is applied {times} times and must leave a finite rate, received {factor}. Typical values are 0.1 and 0.5.");
}
