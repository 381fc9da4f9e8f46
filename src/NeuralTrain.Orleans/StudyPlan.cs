namespace NeuralTrain;

/// <summary>A study for a cluster: everything but the code of its trials. Every process of the cluster uses the same one.</summary>
/// <param name="name">The name of the study, by which the cluster knows it.</param>
/// <param name="trials">The number of trials of the study, 1 or more.</param>
/// <param name="direction">Whether low or high scores are better.</param>
/// <param name="sampler">What chooses the values.</param>
/// <param name="pruner">What stops trials early; null (the default) for nothing.</param>
/// <param name="options">How to run the trials; null (the default) for the defaults.</param>
public sealed class StudyPlan(string name, int trials, Direction direction, Sampler sampler, Pruner? pruner = null, StudyOptions? options = null)
{
    /// <summary>The name of the study.</summary>
    public string Name { get; } = string.IsNullOrWhiteSpace(name) ? throw new ArgumentException("A study needs a name.", nameof(name)) : name;

    /// <summary>The number of trials of the study.</summary>
    public int Trials { get; } = Guard.AtLeast(trials, 1, nameof(trials), "a study needs something to try");

    /// <summary>How to run the trials.</summary>
    public StudyOptions Options { get; } = options ?? new StudyOptions();

    /// <summary>
    /// How long a worker may be silent before its trial is given to another one. Workers renew it with every report, and in between three times as often as this, however long an epoch
    /// takes. Default 30 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than a millisecond.</exception>
    public TimeSpan Lease
    {
        get;
        init => field = value >= TimeSpan.FromMilliseconds(1) ? value : throw new ArgumentOutOfRangeException(nameof(Lease), value, $"{nameof(Lease)} must be a millisecond or more, received {value}.");
    } = TimeSpan.FromSeconds(30);

    /// <summary>The rules of the study, before its first trial.</summary>
    /// <param name="write">Receives the lines of the journal; null to keep none.</param>
    public StudyMachine NewMachine(Action<string>? write = null) => new(direction, sampler, pruner, Options, write);
}
