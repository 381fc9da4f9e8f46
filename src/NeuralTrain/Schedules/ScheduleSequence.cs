namespace NeuralTrain;

/// <summary>Follows one schedule after another, each from its own time 0 on.</summary>
/// <remarks>
/// <code>
/// At(t) = scheduleᵢ.At(t − milestoneᵢ)      i the number of milestones ≤ t, milestone₀ = 0
/// </code>
/// The budget of each is the time until the next one starts, and of the last the remaining time. Each factor is one of the optimizer's rate, not of the rate before.
/// In a trainer, a <see cref="ReduceOnPlateau"/> at the end watches from its start on.
/// PyTorch's <c>SequentialLR</c>. <see cref="WarmUp"/> also ends at the rate with which the next schedule begins.
/// </remarks>
public sealed class ScheduleSequence : Schedule
{
    private readonly int[] _milestones;
    private readonly Schedule[] _schedules;

    /// <summary>Creates the sequence: <c>new ScheduleSequence([5, 30], warmUp, constant, cosine)</c> changes at 5 and at 30.</summary>
    /// <param name="milestones">The start time of each schedule except the first, ascending, 1 or more, in the unit of the schedules.</param>
    /// <param name="schedules">The schedules, one more than milestones. Only the last may have a memory.</param>
    /// <exception cref="ArgumentException">The numbers of schedules and milestones do not match, milestones do not ascend, units differ, or a schedule before the last has a memory.</exception>
    public ScheduleSequence(ReadOnlySpan<int> milestones, params ReadOnlySpan<Schedule> schedules)
        : base(schedules.IsEmpty ? ScheduleUnit.Epoch : schedules[0]?.Unit ?? throw new ArgumentNullException(nameof(schedules)))
    {
        if (schedules.Length != milestones.Length + 1 || milestones.IsEmpty)
        {
            throw new ArgumentException($"A sequence needs at least two schedules and a milestone between each two, received {schedules.Length} schedules and {milestones.Length} milestones.", nameof(milestones));
        }

        (_milestones, _schedules) = (CheckMilestones(milestones), schedules.ToArray());
        foreach (Schedule schedule in _schedules) ArgumentNullException.ThrowIfNull(schedule, nameof(schedules));
        if (_schedules.FirstOrDefault(schedule => schedule.Unit != Unit) is Schedule other)
        {
            throw new ArgumentException($"All schedules of a sequence count in one unit: {_schedules[0]} counts in {Unit}, {other} in {other.Unit}.", nameof(schedules));
        }

        if (_schedules[..^1].FirstOrDefault(schedule => schedule.Plateau is not null) is Schedule remembering)
        {
            throw new ArgumentException($"{remembering} follows what it observes, not the time, so it does not end. Put it last.", nameof(schedules));
        }
    }

    /// <summary>The start time of each schedule except the first.</summary>
    public IReadOnlyList<int> Milestones => _milestones;

    /// <summary>The schedules, in order.</summary>
    public IReadOnlyList<Schedule> Schedules => _schedules;

    internal override ReduceOnPlateau? Plateau => _schedules[^1].Plateau;

    internal override ReduceOnPlateau? PlateauAt(long time, long budget) =>
        time < _milestones[^1] ? null : _schedules[^1].PlateauAt(time - _milestones[^1], Math.Max(budget - _milestones[^1], 1));

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("milestones", _milestones.Select(milestone => (double)milestone));
        settings.Set("schedules", _schedules.Select(schedule => Settings.Of(schedule, schedule.DescribeAll)));
    }

    /// <inheritdoc/>
    protected override double Factor(long time, long budget)
    {
        int i = Passed(_milestones, time);
        long start = i == 0 ? 0 : _milestones[i - 1], end = i < _milestones.Length ? _milestones[i] : Math.Max(budget, time + 1);
        return _schedules[i].At(time - start, end - start);
    }
}
