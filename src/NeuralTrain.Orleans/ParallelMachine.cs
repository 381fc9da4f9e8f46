namespace NeuralTrain;

/// <summary>The rules by which workers share a training: which part comes next, and whose report counts. No clock, no thread, no file: the time comes with each call.</summary>
/// <remarks>
/// A round has a part for each shard, and when all are done a last one, the mean, whose number is K. Round −1 has only that: the weights to begin with. Calls are idempotent, and
/// reports of outdated attempts are refused. What must survive is <see cref="ParallelState"/>; leases of parts that were handed out are restarted when it is read (<see cref="Resume"/>).
/// </remarks>
internal sealed class ParallelMachine(ParallelPlan plan, ParallelState state)
{
    private readonly DateTimeOffset[] _until = new DateTimeOffset[plan.Shards + 1];

    /// <summary>Whether the last round is done.</summary>
    public bool IsFinished => state.Round >= plan.Rounds;

    /// <summary>Takes over a state that was stored: workers may still be at their parts.</summary>
    public void Resume(DateTimeOffset now)
    {
        if (state.Settings.Count > 0) Require(state.Settings, plan.Settings);
        Array.Fill(_until, now + plan.Lease);
    }

    /// <summary>Throws if a worker belongs to another training.</summary>
    /// <exception cref="ArgumentException">The settings differ; all differences are listed.</exception>
    public void CheckSettings(SortedDictionary<string, string> received) => Require(plan.Settings, received);

    /// <summary>Gives out a part; null if there is none now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="preferred">The shard whose data and state the worker has already; −1 for none.</param>
    public ParallelLease? Ask(DateTimeOffset now, int preferred)
    {
        if (state.Parts.Length == 0) (state.Settings, state.Parts) = (new Dictionary<string, string>(plan.Settings), Begun(allDone: true));
        if (IsFinished || state.Failure is not null) return null;
        int[] open = [.. Enumerable.Range(0, plan.Shards).Where(shard => !state.Parts[shard].IsDone)];
        foreach (int part in open.Length == 0 ? [plan.Shards] : open.Contains(preferred) ? open.Prepend(preferred) : open)
        {
            ParallelPart found = state.Parts[part];
            if (found.IsGivenOut && _until[part] >= now) continue;
            if (found.IsGivenOut) found.Losses++;
            if (found.Losses >= plan.Attempts)
            {
                state.Failure = $"{NameOf(part)} of round {state.Round + 1} was lost {found.Losses} times in a row with its worker";
                return null;
            }

            found.Attempt++;
            found.IsGivenOut = true;
            _until[part] = now + plan.Lease;
            return new ParallelLease(state.Round, part, found.Attempt);
        }

        return null;
    }

    /// <summary>Renews a lease. Whether it is still the present one.</summary>
    public bool Renew(ParallelLease lease, DateTimeOffset now)
    {
        if (Present(lease) is null) return false;
        _until[lease.Part] = now + plan.Lease;
        return true;
    }

    /// <summary>Takes the result of a part. When it is the mean, the next round begins.</summary>
    public void Finish(ParallelLease lease, PartReport report)
    {
        if (Present(lease) is not ParallelPart part) return;
        (part.IsDone, part.IsGivenOut, part.Loss, part.Losses) = (true, false, report.Loss, 0);
        (state.Computing, state.Transferring) = (state.Computing + report.Computing, state.Transferring + report.Transferring);
        if (lease.Part < plan.Shards) return;
        if (state.Round >= 0)
        {
            state.Last = new ParallelRound(state.Round + 1, plan.Rounds, state.Parts.Take(plan.Shards).Sum(shard => shard.Loss) / plan.Shards, report.Validation, state.Computing, state.Transferring);
        }

        (state.Round, state.Parts, state.Computing, state.Transferring) = (state.Round + 1, Begun(allDone: false), default, default);
    }

    /// <summary>Hands a part back.</summary>
    public void Release(ParallelLease lease)
    {
        if (Present(lease) is ParallelPart part) part.IsGivenOut = false;
    }

    /// <summary>Ends the training, because a part cannot be done.</summary>
    public void Fail(ParallelLease lease, string message)
    {
        if (Present(lease) is not null) state.Failure = $"{NameOf(lease.Part)} of round {lease.Round + 1}: {message}";
    }

    private void Require(IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> received) => SettingsCheck.Require($"The training '{plan.Name}'", expected, received);

    private string NameOf(int part) => part < plan.Shards ? $"shard {part}" : "the mean";

    private ParallelPart[] Begun(bool allDone) => [.. Enumerable.Range(0, plan.Shards + 1).Select(part => new ParallelPart { IsDone = allDone && part < plan.Shards })];

    private ParallelPart? Present(ParallelLease lease) => lease.Round == state.Round && lease.Part >= 0 && lease.Part < state.Parts.Length
        && state.Parts[lease.Part] is { IsDone: false, IsGivenOut: true } part && part.Attempt == lease.Attempt && state.Failure is null ? part : null;
}

/// <summary>The progress of a shared training; the same size in every round.</summary>
[GenerateSerializer, Alias("NeuralTrain.ParallelState")]
internal sealed class ParallelState
{
    /// <summary>The settings it was begun with; empty before it began.</summary>
    [Id(0)]
    public Dictionary<string, string> Settings { get; set; } = [];

    /// <summary>The round at hand, from 0; −1 until there are weights to begin with.</summary>
    [Id(1)]
    public int Round { get; set; } = -1;

    /// <summary>The shards of the round, and the mean; empty before the first question.</summary>
    [Id(2)]
    public ParallelPart[] Parts { get; set; } = [];

    /// <summary>How the round before went.</summary>
    [Id(3)]
    public ParallelRound? Last { get; set; }

    /// <summary>Why it cannot continue.</summary>
    [Id(4)]
    public string? Failure { get; set; }

    /// <summary>The time spent on training in this round.</summary>
    [Id(5)]
    public TimeSpan Computing { get; set; }

    /// <summary>The time spent on the store and on averaging in this round.</summary>
    [Id(6)]
    public TimeSpan Transferring { get; set; }
}

/// <summary>The progress of a part of a round.</summary>
[GenerateSerializer, Alias("NeuralTrain.ParallelPart")]
internal sealed class ParallelPart
{
    [Id(0)]
    public int Attempt { get; set; }

    [Id(1)]
    public int Losses { get; set; }

    [Id(2)]
    public bool IsGivenOut { get; set; }

    [Id(3)]
    public bool IsDone { get; set; }

    [Id(4)]
    public double Loss { get; set; }
}
