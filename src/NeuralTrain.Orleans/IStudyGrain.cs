namespace NeuralTrain;

/// <summary>Keeps one study of the cluster; its key is the study's name. Every call may be repeated: calls are idempotent.</summary>
/// <remarks>Workers and <see cref="StudyCluster"/> call it. No training runs in it, and no checkpoint passes through it.</remarks>
[Alias("NeuralTrain.IStudyGrain")]
public interface IStudyGrain : IGrainWithStringKey
{
    /// <summary>Gives out a trial.</summary>
    /// <param name="settings">The worker's <see cref="StudyMachine.Settings"/>, which must be those of the study.</param>
    /// <exception cref="ArgumentException">They are not; all differences are listed.</exception>
    [Alias("Ask")]
    Task<StudyTurn> Ask(SortedDictionary<string, string> settings);

    /// <summary>Chooses a value; null if this is not the trial's present attempt.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="name">The hyper-parameter.</param>
    /// <param name="range">Its values.</param>
    [Alias("Suggest")]
    Task<double?> Suggest(int trial, int attempt, string name, RangeMessage range);

    /// <summary>Takes a report, and renews the lease.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="value">The score so far.</param>
    [Alias("Report")]
    Task<TrialAnswer> Report(int trial, int attempt, int epoch, double value);

    /// <summary>Renews the lease between reports.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="attempt">The attempt.</param>
    /// <returns>Whether this is still the trial's present attempt.</returns>
    [Alias("Renew")]
    Task<bool> Renew(int trial, int attempt);

    /// <summary>Whether a score would make a trial the best one, so that its files are worth keeping.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="score">The score.</param>
    [Alias("WouldBeBest")]
    Task<bool> WouldBeBest(int trial, double score);

    /// <summary>Ends a trial.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="score">The score; null if it failed.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="message">Why, if it was not completed.</param>
    /// <param name="duration">How long it took.</param>
    /// <returns>Which trials' files are no longer needed.</returns>
    [Alias("Finish")]
    Task<int[]> Finish(int trial, int attempt, double? score, TrialStatus status, string message, TimeSpan duration);

    /// <summary>Hands a trial back in an orderly way.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="attempt">The attempt.</param>
    [Alias("Release")]
    Task Release(int trial, int attempt);

    /// <summary>The journal of the study, from a line on.</summary>
    /// <param name="from">The number of lines to leave out.</param>
    [Alias("Journal")]
    Task<StudyJournalPart> Journal(int from);
}

/// <summary>The answer to a worker that asks for a trial.</summary>
/// <param name="Lease">The trial; null if there is none now.</param>
/// <param name="IsFinished">Whether all trials have ended.</param>
[GenerateSerializer, Alias("NeuralTrain.StudyTurn")]
public readonly record struct StudyTurn([property: Id(0)] LeaseMessage? Lease, [property: Id(1)] bool IsFinished);

/// <summary>A <see cref="TrialLease"/> as a message.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Seed">The study's seed.</param>
[GenerateSerializer, Alias("NeuralTrain.LeaseMessage")]
public readonly record struct LeaseMessage([property: Id(0)] int Trial, [property: Id(1)] int Attempt, [property: Id(2)] ulong Seed);

/// <summary>A <see cref="SearchRange"/> as a message.</summary>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
/// <param name="IsLogarithmic">Whether it is searched by its logarithm.</param>
/// <param name="IsWhole">Whether only whole numbers are in it.</param>
/// <param name="Choices">The choices; null for numbers.</param>
[GenerateSerializer, Alias("NeuralTrain.RangeMessage")]
public readonly record struct RangeMessage(
    [property: Id(0)] double Low, [property: Id(1)] double High, [property: Id(2)] bool IsLogarithmic, [property: Id(3)] bool IsWhole, [property: Id(4)] string[]? Choices);

/// <summary>A part of a study's journal.</summary>
/// <param name="Lines">The lines.</param>
/// <param name="IsFinished">Whether all trials have ended.</param>
[GenerateSerializer, Alias("NeuralTrain.StudyJournalPart")]
public readonly record struct StudyJournalPart([property: Id(0)] string[] Lines, [property: Id(1)] bool IsFinished);
