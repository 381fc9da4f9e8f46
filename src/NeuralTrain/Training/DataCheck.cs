namespace NeuralTrain;

/// <summary>Checks once, before the first step, that data, network, loss and settings fit together, so that messages speak of columns and not of matrix products.</summary>
internal static class DataCheck
{
    /// <summary>The name of the training data in a description of the data.</summary>
    public const string TrainingData = "training data";

    private const string InputNames = "input names";
    private const string TargetNames = "target names";
    private const string Classes = "classes";

    /// <summary>Refuses data and settings that do not fit, and data other than those of a run that was resumed.</summary>
    public static void All(Trainer trainer, BatchSource train, BatchSource? validation)
    {
        ArgumentNullException.ThrowIfNull(train);
        Fits(trainer, train, "training", nameof(train));
        string? normalizing = trainer.Network.SelfAndBelow().FirstOrDefault(below => below.Layer.NeedsSeveralRows)?.Layer.GetType().Name;
        if (normalizing is not null && (trainer.BatchSize == 1 || train.Count == 1))
        {
            throw new ArgumentException(
                $"The network has a {normalizing}, which needs batches of 2 or more rows, received {(trainer.BatchSize == 1 ? "a BatchSize of 1" : "a single row of data")}. " +
                "Use larger batches, freeze the layer, or use LayerNorm.", nameof(train));
        }

        if (trainer.Optimizer.Average is not null && normalizing is not null && train is not Dataset)
        {
            throw new ArgumentException(
                $"Averaged weights need statistics recomputed for {normalizing}, on data in memory. Pass a {nameof(Dataset)}, freeze the layer, or use LayerNorm.", nameof(train));
        }

        if (trainer.DropLast && train.Count < trainer.BatchSize) throw NoBatch(train, trainer.BatchSize);
        if (validation is not null)
        {
            Fits(trainer, validation, "validation", nameof(validation));
            SameColumns(Of(train), validation, "validation", nameof(validation));
        }

        Watched(trainer, trainer.EarlyStopping?.Metric, nameof(trainer.EarlyStopping));
        Watched(trainer, trainer.ScheduleMetric, nameof(trainer.ScheduleMetric));
        bool expectsRise = trainer.Schedule?.Plateau is { HigherIsBetter: true };
        if (trainer.Schedule is { } schedule && expectsRise != HigherIsBetter(trainer, trainer.ScheduleMetric) && (expectsRise || trainer.ScheduleMetric is not null))
        {
            throw new InvalidOperationException(
                $"{schedule} expects a value that {(expectsRise ? "rises" : "falls")}, but watches '{trainer.ScheduleMetric ?? EarlyStopping.LossName}', which {(expectsRise ? "falls" : "rises")} " +
                $"when it improves. Set {nameof(trainer.ScheduleMetric)} to the metric it is meant for, or its higherIsBetter.");
        }

        if (trainer.History.State is { IsResumed: true } state && Trainer.Differences(state.Data, Describe(train, validation)) is { Length: > 0 } differences)
        {
            throw new ArgumentException(
                $"The run that was resumed had other data; nothing was changed.{differences}\nContinue with the data it began with, or start a new run.", nameof(train));
        }

        if (trainer.History.State.Columns is Settings before) SameColumns(before, train, "new", nameof(train));
    }

    /// <summary>A description of the data, compared by the next program that resumes.</summary>
    public static SortedDictionary<string, Settings> Describe(BatchSource train, BatchSource? validation)
    {
        var settings = new SortedDictionary<string, Settings>(StringComparer.Ordinal) { [TrainingData] = Of(train) };
        if (validation is not null) settings["validation data"] = Of(validation);
        return settings;
    }

    /// <summary>The names of the columns of the training data; data without names keep those already known.</summary>
    public static Settings Columns(BatchSource train, Settings? known)
    {
        (Settings now, var columns) = (Of(train), new Settings("columns"));
        foreach (string key in (ReadOnlySpan<string>)[InputNames, TargetNames, Classes]) columns.Set(key, now.Texts(key) is { Count: > 0 } names ? names : known?.Texts(key) ?? []);
        return columns;
    }

    private static Settings Of(BatchSource data)
    {
        var described = new Settings("data");
        described.Set("inputs", data.InputSize);
        described.Set("targets", data.TargetSize);
        described.Set("rows", data.Count ?? -1);
        described.Set(Classes, data.Classes);
        described.Set(InputNames, data.InputNames);
        described.Set(TargetNames, data.TargetNames);
        return described;
    }

    private static void Fits(Trainer trainer, BatchSource data, string what, string parameter)
    {
        DataShape.Check(trainer.Network, data, what, parameter, trainer.Loss);
        if (data.Count == 0) throw DataShape.NoRows($"{what} data");
        Decisions(trainer.Loss, trainer.Metrics, data, parameter);
    }

    /// <summary>Refuses an accuracy that would mostly count trivial negatives, because each row belongs to one class.</summary>
    public static void Decisions(Loss loss, IReadOnlyList<Metric> metrics, BatchSource data, string parameter)
    {
        if (loss.OutputKind != OutputKind.BinaryScores || data.TargetSize == 1 || !metrics.Any(metric => metric is Accuracy) || !AreClasses(data)) return;
        throw new ArgumentException(
            $"Each row belongs to one of {data.TargetSize} classes, but {loss} treats each column as a separate binary decision, so the accuracy would mostly count trivial negatives. " +
            "Train with SoftmaxCrossEntropy, or set metrics other than Accuracy.", parameter);

        static bool AreClasses(BatchSource data) => data is Dataset known
            ? Enumerable.Range(0, known.Targets.Rows).All(row => Decision.IsClass(known.Targets.Row(row)))
            : data.Classes.Count > 0;
    }

    /// <summary>Refuses data whose columns or classes have other names, or another order, than the training data's. Columns without names match any.</summary>
    public static void SameColumns(Settings train, BatchSource data, string what, string parameter)
    {
        Settings other = Of(data);
        foreach ((string key, string columns) in (ReadOnlySpan<(string, string)>)[(InputNames, "input columns"), (TargetNames, "target columns"), (Classes, "classes")])
        {
            IReadOnlyList<string> names = train.Texts(key), others = other.Texts(key);
            if (names.Count == 0 || others.Count == 0 || names.SequenceEqual(others)) continue;
            throw new ArgumentException(
                $"The training data have the {columns} {Guard.Names(names)}, the {what} data {Guard.Names(others)}: the same column would have two meanings. " +
                $"{(names.Order(StringComparer.Ordinal).SequenceEqual(others.Order(StringComparer.Ordinal)) ? "Only the order differs. " : "")}" +
                "Make both by splitting one data set, or load the second with the columns and classes of the first.", parameter);
        }
    }

    /// <summary>The error for refused targets, naming the first sample of data in memory that is refused on its own; null if none is. A batch knows only its own rows.</summary>
    public static ArgumentException? WrongTarget(Loss loss, BatchSource? data, ArgumentException error)
    {
        for (int row = 0; error.ParamName == "target" && data is Dataset known && row < known.Targets.Rows; row++)
        {
            try
            {
                loss.Evaluate(new Matrix(1, loss.OutputsPerTarget * known.TargetSize), known.Targets.SliceRows(row, 1));
            }
            catch (ArgumentException refusal) when (refusal.ParamName == error.ParamName)
            {
                return new ArgumentException($"Sample {row} of the data is refused: {refusal.Message}", error);
            }
            catch (NotFiniteNumberException)
            {
                // The error of another sample comes first.
            }
        }

        return null;
    }

    /// <summary>Refuses to watch a metric that is not measured.</summary>
    private static void Watched(Trainer trainer, string? metric, string setting)
    {
        string[] names = [EarlyStopping.LossName, .. trainer.Metrics.Select(known => known.Name)];
        if (metric is null || names.Contains(metric, StringComparer.OrdinalIgnoreCase)) return;
        throw new InvalidOperationException($"{setting} watches '{metric}', which is not measured. Measured are {Guard.Names(names)}; add it to Trainer.Metrics, or watch one of these.");
    }

    /// <summary>Whether higher values of this metric are better.</summary>
    public static bool HigherIsBetter(Trainer trainer, string? metric) =>
        trainer.Metrics.FirstOrDefault(known => string.Equals(known.Name, metric, StringComparison.OrdinalIgnoreCase))?.HigherIsBetter ?? false;

    /// <summary>Whether a layer learns from the statistics of the batch, so that it needs two rows or more.</summary>
    public static bool NormalizesBatches(Layer network) => network.SelfAndBelow().Any(below => below.Layer.NeedsSeveralRows);

    public static ArgumentException NoBatch(BatchSource train, int batchSize) => new(
        $"The training data have {(train.Count is int rows ? $"{rows} rows, which" : "rows that")} do not fill a batch of {batchSize}, and DropLast leaves out incomplete batches. Set a smaller BatchSize, or DropLast to false.", nameof(train));
}
