namespace NeuralTrain;

/// <summary>How a study runs its trials.</summary>
public sealed class StudyOptions
{
    /// <summary>
    /// The number of trials that may run at once, 1 or more: trial i begins when all trials up to i − window have ended, and learns from those and no others. So the trials are the same for any
    /// number of workers up to this. A wide window keeps more workers busy; a narrow one learns sooner. Default 8.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int Window { get; init => field = Guard.AtLeast(value, 1, nameof(Window), "at least one trial runs at a time"); } = 8;

    /// <summary>
    /// Whether trials learn from whatever has ended, and are compared with whatever has been reported, at that moment. Then no worker ever waits for another, but the trials depend on how
    /// many there are and how fast, and running the study again gives other trials. Default false.
    /// </summary>
    public bool IsAsynchronous { get; init; }

    /// <summary>The metric that is the score of a trainer, of the validation data if there is any, as in <c>epoch[metric]</c>. Default <c>loss</c>.</summary>
    public string Metric { get; init; } = "loss";

    /// <summary>
    /// What the trials are, beside the code that a study cannot see: for example the version of the program and the number of rows. A study that was begun with
    /// another text is refused. Default empty.
    /// </summary>
    public string Version { get; init; } = "";

    /// <summary>How long one trial may take; then it ends with what it has, as stopped. Such a study depends on how fast the machine is. Null (the default): as long as it takes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to zero or less.</exception>
    public TimeSpan? TrialTime
    {
        get;
        init => field = value is null || value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(TrialTime), value, $"{nameof(TrialTime)} must be more than 0, received {value}. Leave it out for no limit.");
    }

    /// <summary>The number of times in a row after which a trial that was lost without reporting anything new counts as failed, 1 or more. Default 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int Attempts { get; init => field = Guard.AtLeast(value, 1, nameof(Attempts), "a trial is begun at least once"); } = 5;

    /// <summary>
    /// The minimum time between two checkpoints of a trial (see <see cref="Trial.Resume"/>): what is lost with a process. Results do not depend on it. Default 10 seconds; zero writes one after each epoch.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative time.</exception>
    public TimeSpan CheckpointInterval
    {
        get;
        init => field = value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(CheckpointInterval), value, $"{nameof(CheckpointInterval)} must be zero or more, received {value}. Zero writes one after each epoch.");
    } = TimeSpan.FromSeconds(10);

    /// <summary>The names of the classes, for the best model's file. Default null.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The names of the inputs, for the best model's file. Default null.</summary>
    public IReadOnlyList<string>? InputNames { get; init; }

    /// <summary>Receives a trial whenever it begins, reports or ends, one at a time, on the thread it runs on; and when a run begins, all there are so far.</summary>
    public IProgress<TrialResult>? Progress { get; init; }
}
