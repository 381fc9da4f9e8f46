using System.Diagnostics;

namespace NeuralTrain;

/// <summary>One attempt at a trial of a study: asks for values, reports how it goes, and keeps its training so that it survives the process.</summary>
/// <remarks>It belongs to the thread its function runs on.</remarks>
public sealed class Trial
{
    private readonly ITrialHost _host;
    private readonly StudyOptions _options;
    private readonly ICheckpointStore? _checkpoints;
    private readonly long _started = Stopwatch.GetTimestamp();
    private Trainer? _trainer;
    private long _saved;

    /// <summary>Creates a trial for a host; a study does this itself.</summary>
    /// <param name="lease">The trial and the attempt.</param>
    /// <param name="host">Where it sends its questions.</param>
    /// <param name="options">The study's options.</param>
    /// <param name="checkpoints">Where its checkpoints are kept; null for nowhere.</param>
    /// <param name="cancellationToken">Tells when to end.</param>
    public Trial(TrialLease lease, ITrialHost host, StudyOptions options, ICheckpointStore? checkpoints, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        (Lease, _host, _options, _checkpoints, CancellationToken) = (lease, host, options, checkpoints, cancellationToken);
        Random = Seeds.RandomOf(lease.Seed, lease.Trial, "trial");
    }

    /// <summary>Which trial it is, from 0.</summary>
    public int Number => Lease.Trial;

    /// <summary>Which attempt at it this is, from 1.</summary>
    public int Attempt => Lease.Attempt;

    /// <summary>The trial and the attempt.</summary>
    public TrialLease Lease { get; }

    /// <summary>The generator to draw weights and masks from. It depends only on the study's seed and <see cref="Number"/>, so a trial can be repeated.</summary>
    public Random Random { get; }

    /// <summary>A seed for <see cref="Trainer.Seed"/>, which depends only on the study's seed and <see cref="Number"/>.</summary>
    public ulong Seed => Seeds.Of(Lease.Seed, Lease.Trial, "trainer");

    /// <summary>Tells when the study is cancelled or the trial's time is spent; pass it on to the training.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Whether the trial was told to stop.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Whether the time a trial may take is spent.</summary>
    internal bool IsTimeSpent => _options.TrialTime is TimeSpan time && Duration >= time;

    /// <summary>How long it has been running.</summary>
    internal TimeSpan Duration => Stopwatch.GetElapsedTime(_started);

    /// <summary>Chooses a number.</summary>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound, above <paramref name="low"/>.</param>
    /// <param name="log">Whether its logarithm is searched: right for rates and strengths, for which from 1e-5 to 1e-4 is as far as from 1e-2 to 1e-1. Default false.</param>
    /// <returns>The value; the same one if the trial asks again.</returns>
    /// <exception cref="ArgumentException">The range is empty, or differs from that of earlier trials.</exception>
    public double Suggest(string name, double low, double high, bool log = false) => _host.Suggest(Lease, name, SearchRange.Numbers(name, low, high, log));

    /// <summary>Chooses a whole number.</summary>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound, inclusive, not below <paramref name="low"/>.</param>
    /// <param name="log">Whether its logarithm is searched; then <paramref name="low"/> is at least 1. Default false.</param>
    /// <returns>The value; the same one if the trial asks again.</returns>
    /// <exception cref="ArgumentException">The range is empty, or differs from that of earlier trials.</exception>
    public int SuggestWhole(string name, int low, int high, bool log = false) => (int)_host.Suggest(Lease, name, SearchRange.Whole(name, low, high, log));

    /// <summary>Chooses one of several values, which have no order.</summary>
    /// <typeparam name="T">Their type; the study keeps their <c>ToString</c>.</typeparam>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <param name="choices">What to choose from, at least one, all different as text.</param>
    /// <returns>The value; the same one if the trial asks again.</returns>
    /// <exception cref="ArgumentException">There are no choices, two have the same text, or they differ from those of earlier trials.</exception>
    public T Suggest<T>(string name, ReadOnlySpan<T> choices)
        where T : notnull
    {
        string[] texts = [.. choices.ToArray().Select(choice => choice is null
            ? throw new ArgumentException($"A choice of '{name}' is null. Name it by a text, such as none.", nameof(choices)) : SearchText.Whole(choice))];
        return choices[(int)_host.Suggest(Lease, name, SearchRange.Among(name, texts))];
    }

    /// <summary>Reports the score after an epoch, and returns whether to end the trial. The training that <see cref="Resume"/> was given is kept.</summary>
    /// <param name="epoch">The epoch, from 1; the first value reported for one counts.</param>
    /// <param name="value">The score so far, comparable to the final one.</param>
    /// <returns>Whether to end: others were better at the same epoch, the study was cancelled, or the time is spent.</returns>
    /// <exception cref="LeaseLostException">The trial was given to another worker; let the exception through.</exception>
    public bool ShouldStop(int epoch, double value)
    {
        IsStopped |= _host.ShouldStop(Lease, epoch, value);
        if (IsStopped || CancellationToken.IsCancellationRequested || IsTimeSpent) return true;

        // After the report: when the process ends in between, the epoch is trained and reported again, and neither makes a difference.
        if (_trainer is not null && _checkpoints is not null && Stopwatch.GetElapsedTime(_saved) >= _options.CheckpointInterval)
        {
            Save(_checkpoints, CheckpointName(Number), _trainer.SaveCheckpoint);
            _saved = Stopwatch.GetTimestamp();
        }

        return false;
    }

    /// <summary>Reports an epoch of a trainer by the study's metric, of the validation data if there is any, and returns whether to end the trial.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <returns>Whether to end.</returns>
    /// <exception cref="ArgumentException">The metric was not measured.</exception>
    /// <exception cref="LeaseLostException">The trial was given to another worker; let the exception through.</exception>
    public bool ShouldStop(Epoch epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        return ShouldStop(epoch.Number, ScoreOf(epoch));
    }

    /// <summary>Lets a training run survive the process: continues from the checkpoint of an earlier attempt if there is one, and has <see cref="ShouldStop(Epoch)"/> write new ones.</summary>
    /// <remarks>Call it when the trainer is ready, before <c>Epochs</c>. The result has the same bits as that of a run that was never interrupted, on the same instruction set.</remarks>
    /// <param name="trainer">The trainer, built as in the earlier attempt.</param>
    /// <exception cref="ArgumentException">The trainer differs from that of the earlier attempt; all differences are listed.</exception>
    /// <exception cref="StudyStorageException">The checkpoint cannot be read; let the exception through.</exception>
    public void Resume(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        (_trainer, _saved) = (trainer, Stopwatch.GetTimestamp());
        if (_checkpoints is not ICheckpointStore store) return;
        string name = CheckpointName(Number);
        try
        {
            // What the first attempt finds is of another study, which is over.
            if (Attempt == 1) store.Delete(name);
            using Stream? checkpoint = Attempt == 1 ? null : store.Open(name);
            if (checkpoint is not null) trainer.Resume(checkpoint);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new StudyStorageException($"'{name}' cannot be read: {problem.Message} The trial continues from it when it can be read, or starts over when you remove it.", problem);
        }
    }

    /// <summary>Runs what a trial does and tells how it ended, whatever is thrown, except by what keeps the study.</summary>
    /// <param name="run">Trains and returns the trainer.</param>
    /// <exception cref="ArgumentException">The study looks for a low value of a metric that is better when it is high, or the other way round.</exception>
    /// <exception cref="LeaseLostException">The trial was given to another worker.</exception>
    /// <exception cref="StudyStorageException">The journal or a checkpoint cannot be read or written.</exception>
    public TrialOutcome Execute(Func<Trial, Trainer> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        TrialOutcome outcome = Execute(trial => run(trial) is Trainer trainer ? (ScoreOf(EpochOfWeights(trainer)), trainer) : throw new InvalidOperationException("The trial returned null instead of its trainer."));
        if (outcome.Trainer is Trainer trained) CheckDirection(trained);
        return outcome;
    }

    /// <summary>Keeps the files of the best trial: its model and its checkpoint.</summary>
    /// <param name="store">Where.</param>
    /// <param name="trainer">The trainer.</param>
    /// <exception cref="StudyStorageException">They cannot be written.</exception>
    public void Keep(ICheckpointStore store, Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(trainer);
        Save(store, ModelName(Number), stream => ModelFile.Save(stream, trainer.Network, _options.Classes, trainer.Loss, _options.InputNames));
        Save(store, CheckpointName(Number), trainer.SaveCheckpoint);
    }

    /// <summary>Removes the files of a trial that is not the best.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="trial">The trial.</param>
    public static void Forget(ICheckpointStore store, int trial)
    {
        ArgumentNullException.ThrowIfNull(store);
        store.Delete(ModelName(trial));
        store.Delete(CheckpointName(trial));
    }

    /// <summary>The same for what returns its score.</summary>
    internal TrialOutcome Execute(Func<Trial, (double Score, Trainer? Trainer)> run)
    {
        try
        {
            (double score, Trainer? trainer) = run(this);
            return !IsStopped && IsTimeSpent
                ? new TrialOutcome(score, TrialStatus.Stopped, $"its time of {_options.TrialTime} was spent", Duration, trainer)
                : new TrialOutcome(score, TrialStatus.Completed, "", Duration, trainer);
        }
        catch (Exception problem) when (problem is not (LeaseLostException or StudyStorageException))
        {
            // One combination that fails must not cost the results of all others.
            return new TrialOutcome(null, TrialStatus.Failed, $"{problem.GetType().Name}: {problem.Message}", Duration, null);
        }
    }

    /// <summary>The name of a trial's checkpoint in the store.</summary>
    /// <param name="trial">The trial.</param>
    public static string CheckpointName(int trial) => $"trial-{trial}.ckpt";

    /// <summary>The name of a trial's model in the store.</summary>
    /// <param name="trial">The trial.</param>
    public static string ModelName(int trial) => $"trial-{trial}.safetensors";

    private static void Save(ICheckpointStore store, string name, Action<Stream> write)
    {
        try
        {
            store.Write(name, write);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StudyStorageException($"'{name}' cannot be written: {problem.Message} Make room; then the trial continues from its last checkpoint.", problem);
        }
    }

    // Without early stopping that restores the best weights, a trainer has those of its last epoch.
    private static Epoch EpochOfWeights(Trainer trainer)
    {
        if (trainer.EarlyStopping is not { RestoreBest: true } && trainer.History.Epochs is [.., Epoch last]) return last;
        return trainer.History.Best ?? throw new InvalidOperationException(
            $"The trainer has no best epoch: it ended with {trainer.History.StopReason} after {trainer.History.Epochs.Count} epochs, none with a finite value. Look at its History.");
    }

    // The worst trial would be the best.
    private void CheckDirection(Trainer trainer)
    {
        bool isHighBetter = trainer.Metrics.FirstOrDefault(metric => string.Equals(metric.Name, _options.Metric, StringComparison.OrdinalIgnoreCase))?.HigherIsBetter ?? false;
        if (isHighBetter == (_host.Direction == Direction.Maximize)) return;
        throw new ArgumentException(
            $"The study looks for a {(isHighBetter ? "low" : "high")} '{_options.Metric}', of which {(isHighBetter ? "higher" : "lower")} is better. Begin one with " +
            $"{nameof(Direction)}.{(isHighBetter ? Direction.Maximize : Direction.Minimize)}, or name another metric in {nameof(StudyOptions)}.{nameof(StudyOptions.Metric)}.");
    }

    private double ScoreOf(Epoch epoch) => (epoch.Validation ?? epoch.Training)[_options.Metric];
}

/// <summary>How a trial ended.</summary>
/// <param name="Score">The score; null if it failed.</param>
/// <param name="Status">How.</param>
/// <param name="Message">Why, if it was not completed.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Trainer">Its trainer; null if it failed or returned none.</param>
public sealed record TrialOutcome(double? Score, TrialStatus Status, string Message, TimeSpan Duration, Trainer? Trainer);

/// <summary>What the questions of a trial go to: a study in this process, or one elsewhere.</summary>
public interface ITrialHost
{
    /// <summary>Whether low or high scores are better.</summary>
    Direction Direction { get; }

    /// <summary>Chooses a value, as <see cref="StudyMachine.Suggest"/>.</summary>
    /// <param name="lease">The trial and the attempt.</param>
    /// <param name="name">The hyper-parameter.</param>
    /// <param name="range">Its values.</param>
    /// <exception cref="LeaseLostException">The trial was given to another worker.</exception>
    double Suggest(TrialLease lease, string name, SearchRange range);

    /// <summary>Takes a report and returns whether the trial should stop, as <see cref="StudyMachine.Report"/>.</summary>
    /// <param name="lease">The trial and the attempt.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="value">The score so far.</param>
    /// <exception cref="LeaseLostException">The trial was given to another worker.</exception>
    bool ShouldStop(TrialLease lease, int epoch, double value);
}

/// <summary>Thrown in a trial that was given to another worker, because this one was silent for too long. Nothing is lost; let it through.</summary>
public sealed class LeaseLostException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="lease">The trial and the attempt.</param>
    public LeaseLostException(TrialLease lease)
        : base($"Trial {lease.Trial} has ended, or another worker has it: attempt {lease.Attempt} is not the present one. Leave it, and ask for another trial.")
    {
    }
}

/// <summary>Thrown when a study's journal or model cannot be written, or a checkpoint cannot be read or written. What was written before is intact, and the study continues from there.</summary>
public sealed class StudyStorageException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What cannot be read or written.</param>
    /// <param name="problem">Why.</param>
    public StudyStorageException(string message, Exception problem)
        : base(message, problem)
    {
    }
}
