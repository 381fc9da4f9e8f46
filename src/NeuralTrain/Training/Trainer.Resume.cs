namespace NeuralTrain;

/// <content>Continuing from a checkpoint.</content>
public sealed partial class Trainer
{
    /// <summary>
    /// Continues from a checkpoint that <see cref="Checkpoint"/> wrote: the next call of <c>Fit</c> finishes the interrupted run, and ends with the same bits as if it
    /// had never been interrupted.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Build network, optimizer and trainer as for the interrupted run, then resume, then call <c>Fit</c> with the same data and the same number of epochs; it trains those that are left.
    /// So the same program starts a run and continues it:
    /// </para>
    /// <code>
    /// trainer.Checkpoint = new CheckpointOptions("run.ckpt");
    /// if (File.Exists("run.ckpt")) trainer.Resume("run.ckpt");
    /// trainer.Fit(train, validation, epochs: 100);
    /// </code>
    /// <para>
    /// The checkpoint holds weights and statistics, the optimizer's moments, steps and rate, the schedule's memory, the place in the order of the rows and in the random streams of the layers, the
    /// history with the best epoch and its weights, and the time spent. All settings that decide the result must be those the checkpoint was written with, frozen layers
    /// and metrics included; none is taken from the file. It does not hold the data, but <c>Fit</c> compares their columns, names, classes and number of rows. After a checkpoint of a finished run, the next <c>Fit</c> with the same number of
    /// epochs trains none. The bits are the same only on the same instruction set:
    /// with wider or narrower vectors the run continues, its last bits differ, and <see cref="Logger"/> gets a warning.
    /// </para>
    /// </remarks>
    /// <param name="path">The checkpoint.</param>
    /// <exception cref="InvalidDataException">The file is damaged, not a checkpoint, asks for more memory than 16 times its size and 1 MB, or its tensors do not fit the network; then all that do not are listed. Nothing was changed.</exception>
    /// <exception cref="ArgumentException">Network, loss, optimizer, schedule or other settings differ from those of the checkpoint; all differences are listed. Nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">The trainer is training.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not permitted.</exception>
    public void Resume(string path) => SafetensorsReader.Open(path, Resume);

    /// <summary>Continues from a checkpoint that <see cref="SaveCheckpoint"/> wrote to a stream; the stream stays open.</summary>
    /// <param name="stream">The stream, from its current position to its end; one that cannot seek is copied into memory first, up to 1 GB.</param>
    /// <inheritdoc cref="Resume(string)" path="/remarks|/exception[@cref!='T:System.UnauthorizedAccessException']"/>
    public void Resume(Stream stream) => Resume(SafetensorsReader.Open(stream));

    /// <summary>Writes a checkpoint to a stream, such as a blob: everything needed to continue after the last whole epoch. The stream stays open.</summary>
    /// <remarks>
    /// Call it in the loop over <c>Epochs</c>, or after <c>Fit</c>. For a file <see cref="Checkpoint"/> does it after each epoch. After a run that was cancelled within an epoch the network
    /// has the weights of that moment (or the best ones), from which that epoch would begin again: to continue as if nothing had happened, set <see cref="Checkpoint"/>, or call it in the loop.
    /// </remarks>
    /// <param name="stream">The stream; it need not be able to seek.</param>
    /// <exception cref="InvalidOperationException">The trainer is in the middle of an epoch, or has trained none.</exception>
    /// <exception cref="NotFiniteNumberException">A weight is NaN or infinite; nothing was written.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void SaveCheckpoint(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (IsInEpoch) throw new InvalidOperationException("The trainer is in the middle of an epoch, from where a run cannot be continued. Call SaveCheckpoint between two epochs, or after Fit.");
        if (History.Epochs.Count == 0) throw new InvalidOperationException("There is nothing to continue from: the trainer has trained no epoch. Call SaveCheckpoint after one.");
        History.State.Capture();
        CheckpointFile.Writer(History.State)(stream);
    }

    private void Resume(SafetensorsReader reader)
    {
        Enter();
        try
        {
            TrainingState state = CheckpointFile.Read(reader, this);
            (state.Columns, state.Trainer, state.IsResumed) = (state.Data.GetValueOrDefault(DataCheck.TrainingData), Copy(), true);
            state.Restore();
            (History.State, History.StopReason) = (state, StopReason.None);
            if (Logger is not null && state.InstructionSet != Kernels.InstructionSet.Present)
            {
                TrainingLog.ResumesElsewhere(Logger, reader.File, Guard.Shorten(state.InstructionSet), Kernels.InstructionSet.Present);
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Refuses a state that was made with other settings; all differences are listed.</summary>
    internal void CheckSettings(TrainingState state, string path)
    {
        string differences = Differences(state.Settings, Describe(Optimizer.LearningRate));
        if (differences.Length == 0) return;
        throw new ArgumentException(
            $"'{path}' was written by a training run with other settings; nothing was changed.{differences}\n" +
            "Restore them to continue it, or load the weights alone into the network with ModelFile.");
    }

    /// <summary>Lists what differs, a line each; empty if nothing does.</summary>
    internal static string Differences(IReadOnlyDictionary<string, Settings> before, IReadOnlyDictionary<string, Settings> now)
    {
        const int Most = 100, MostLetters = 1000;
        string[] lines =
        [.. before.Keys.Union(now.Keys).Order(StringComparer.Ordinal).SelectMany(name => (before.GetValueOrDefault(name), now.GetValueOrDefault(name)) switch
        {
            ({ } old, { } present) => present.DifferencesFrom(old).Select(line => $"{name}: {line}"),
            (var old, var present) => [$"{Guard.Shorten(name)}: {present?.ToString() ?? "none"}, was {old?.ToString() ?? "none"}"],
        })];
        return string.Concat(lines.Take(Most).Select(line => $"\n  {Guard.Shorten(line, MostLetters)}")) + (lines.Length > Most ? $"\n  … and {lines.Length - Most} more" : "");
    }

    /// <summary>Everything that determines the result of training.</summary>
    /// <param name="learningRate">The rate at the beginning of the run; a schedule has changed that of the optimizer since.</param>
    internal SortedDictionary<string, Settings> Describe(double learningRate)
    {
        var settings = new SortedDictionary<string, Settings>(StringComparer.Ordinal) { ["network"] = LayerKinds.Describe(Network, withState: false) };
        Settings training = Add("training", this, described => { });
        training.Set("batch size", BatchSize);
        training.Set("batches of a step", AccumulationSteps);
        training.SetSeed("seed", Seed);
        training.Set("shuffling", Shuffle);
        if (DropLast) training.Set("drops incomplete batches", true);
        training.Set("metrics", Metrics.Select(metric => metric.Name));
        Settings[] measured = [.. Metrics.Select(metric => Settings.Of(metric, metric.Describe)).Where(described => described.Values.Count > 0)];
        if (measured.Length > 0) training.Set("settings of metrics", measured);
        Settings optimizer = Add("optimizer", Optimizer, Optimizer.Describe);
        Optimizer.DescribeCommon(optimizer, learningRate);
        HashSet<Parameter> trained = [.. Optimizer.Trained.Select(named => named.Parameter)];
        if (Parameters.Count(named => !named.Parameter.IsStatistic) > trained.Count) optimizer.Set("trains", Parameters.Where(named => trained.Contains(named.Parameter)).Select(named => named.Path));
        Add("loss", Loss, Loss.DescribeAll);
        if (Augmentation is not null) Add("augmentation", Augmentation, Augmentation.Describe);
        if (EarlyStopping is not null) Add("early stopping", EarlyStopping, EarlyStopping.Describe);
        if (Recovery is not null) Add("recovery", Recovery, Recovery.Describe);
        if (Schedule is not null)
        {
            Settings schedule = Add("schedule", Schedule, Schedule.DescribeAll);
            schedule.Set("watched value", (ScheduleMetric ?? EarlyStopping.LossName).ToLowerInvariant());
        }

        return settings;

        Settings Add(string name, object described, Action<Settings> describe) => settings[name] = Settings.Of(described, describe);
    }
}
