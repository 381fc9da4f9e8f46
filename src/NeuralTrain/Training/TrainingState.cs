using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>
/// Everything training must remember, as it was at the end of its last whole epoch. The run changes it, a recovery returns to it, and a checkpoint is this object
/// as JSON, with the large arrays stored next to it: a member added here is written and read without further code.
/// </summary>
internal sealed class TrainingState
{
    /// <summary>All settings that decide the result of the training; they must be the same when training is resumed.</summary>
    public SortedDictionary<string, Settings> Settings { get; set; } = [];

    /// <summary>A description of its data, compared by the first <c>Fit</c> after resuming.</summary>
    public SortedDictionary<string, Settings> Data { get; set; } = [];

    /// <summary>The instruction set that computed it: other vectors add in another order, so the last bits differ.</summary>
    public string InstructionSet { get; set; } = "";

    /// <summary>The epochs of all runs.</summary>
    public List<Epoch> Epochs { get; set; } = [];

    /// <summary>The index of the best epoch; null if there is none.</summary>
    public int? BestIndex { get; set; }

    /// <summary>The names of the metrics, in order.</summary>
    public string[] MetricNames { get; set; } = [];

    /// <summary>The recoveries.</summary>
    public List<RecoveryNote> Recoveries { get; set; } = [];

    /// <summary>The time of all runs.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>Steps of all runs.</summary>
    public long StepsDone { get; set; }

    /// <summary>Steps of the last epoch; 0 before the first.</summary>
    public int StepsInLastEpoch { get; set; }

    /// <summary>Epochs that were done when the present run began.</summary>
    public int RunStartEpoch { get; set; }

    /// <summary>Steps that were done when the present run began.</summary>
    public long RunStartStep { get; set; }

    /// <summary>The time the present run has taken.</summary>
    public TimeSpan RunElapsed { get; set; }

    /// <summary>The learning rate γ at the beginning of the run, which the schedule's factor multiplies.</summary>
    public double BaseRate { get; set; }

    /// <summary>The factor by which recoveries have multiplied all rates of the run.</summary>
    public double RateFactor { get; set; } = 1;

    /// <summary>Recoveries of the run.</summary>
    public int RecoveriesUsed { get; set; }

    /// <summary>The best value of the watched metric in the run; null before the first finite one.</summary>
    public double? BestValue { get; set; }

    /// <summary>Consecutive epochs without improvement.</summary>
    public int EpochsWithoutImprovement { get; set; }

    /// <summary>Whether <see cref="BestWeights"/> are those of the run's best epoch.</summary>
    public bool HasBestWeights { get; set; }

    /// <summary>The schedule's memory; empty for most schedules.</summary>
    public double[] ScheduleMemory { get; set; } = [];

    /// <summary>Seed and position of the stream of each random layer, in the order of the network.</summary>
    public ulong[] Streams { get; set; } = [];

    /// <summary>The optimizer's steps and rate; its arrays are tensors of a checkpoint.</summary>
    public OptimizerState Optimizer { get; set; } = new();

    /// <summary>All parameters and statistics, in the order of <see cref="Layer.NamedParameters"/>; tensors of a checkpoint.</summary>
    [JsonIgnore]
    public float[][] Weights { get; set; } = [];

    /// <summary>Those of the best epoch; tensors of a checkpoint.</summary>
    [JsonIgnore]
    public float[][] BestWeights { get; set; } = [];

    /// <summary>The names of the columns and classes of all training data so far; null before the first run.</summary>
    [JsonIgnore]
    public Settings? Columns { get; set; }

    /// <summary>The trainer with the settings that the run began with; null before the first one. Those it has now may be meant for the next.</summary>
    [JsonIgnore]
    public Trainer? Trainer { get; set; }

    /// <summary>Whether the next run finishes the one that was interrupted.</summary>
    [JsonIgnore]
    public bool IsResumed { get; set; }

    /// <summary>Sets the counters of a new run: the best value of an earlier one, perhaps on other data, does not count for it.</summary>
    public void BeginRun(double learningRate)
    {
        (BaseRate, RateFactor, RecoveriesUsed) = (learningRate, 1, 0);
        (BestValue, EpochsWithoutImprovement, HasBestWeights) = (null, 0, false);
        (RunStartEpoch, RunStartStep, RunElapsed) = (Epochs.Count, StepsDone, TimeSpan.Zero);
    }

    /// <summary>Copies the current state of the network, the optimizer and the schedule into the memory of the last copies.</summary>
    public void Capture()
    {
        Weights = CopyOf(Trainer!.Parameters, Weights);
        Streams = [.. Trainer.Streams.SelectMany(stream => new[] { stream.Seed, stream.Position })];
        Optimizer.CopyFrom(Trainer.Optimizer.State);
        ScheduleMemory = Trainer.Schedule?.Plateau?.Memory ?? [];
    }

    /// <summary>Restores what was captured, and clears gradients of a step that was cut short.</summary>
    public void Restore()
    {
        Fill(Trainer!.Parameters, Weights);
        for (int i = 0; i < Trainer.Streams.Count; i++) (Trainer.Streams[i].Seed, Trainer.Streams[i].Position) = (Streams[2 * i], Streams[(2 * i) + 1]);

        Trainer.Optimizer.State.CopyFrom(Optimizer);
        Trainer.Schedule?.Plateau?.Memory = ScheduleMemory;
        Trainer.ClearGradients();
    }

    /// <summary>Keeps the current weights as the best.</summary>
    public void SaveBest(Trainer trainer) => (BestWeights, HasBestWeights) = (CopyOf(trainer.Parameters, BestWeights), true);

    /// <summary>Something that no run can have produced, which means that the file is damaged; null if there is nothing.</summary>
    public string? Flaw()
    {
        const long Most = 1L << 53;
        if (!(StepsDone <= Most && StepsDone >= RunStartStep && RunStartStep >= 0 && StepsInLastEpoch >= 0)) return "its counts of steps contradict each other";
        if (!(Epochs.Count >= RunStartEpoch && RunStartEpoch >= 0 && EpochsWithoutImprovement >= 0 && RecoveriesUsed >= 0)) return "its counts of epochs contradict each other";
        if (Epochs.Where((epoch, i) => epoch.Number != i + 1).Any()) return "its epochs are not numbered from 1";
        if (BestIndex is not null && !(BestIndex >= 0 && BestIndex < Epochs.Count)) return $"its best epoch is at {BestIndex} of {Epochs.Count}";
        if (!(RunElapsed >= TimeSpan.Zero && Duration >= RunElapsed && Duration.TotalDays < 1e6)) return $"it took the times {RunElapsed} and {Duration}";
        if (BestValue is double best && !double.IsFinite(best)) return $"the best value of its run is {best}";
        double[] rates = [BaseRate, RateFactor, Optimizer.LearningRate];
        if (!rates.All(rate => rate >= 0 && rate <= float.MaxValue)) return $"it has the learning rates {string.Join(", ", rates.Select(rate => $"{rate}"))}";
        return Optimizer.Updates.Append(Optimizer.StepCount).All(steps => steps >= 0 && steps <= Most) ? null : "its optimizer has taken fewer steps than none, or more than any could";
    }

    internal static float[][] CopyOf(IReadOnlyList<NamedParameter> parameters, float[][] copies)
    {
        if (copies.Length == 0) copies = [.. parameters.Select(named => new float[named.Parameter.Value.Span.Length])];
        for (int i = 0; i < copies.Length; i++) parameters[i].Parameter.Value.Span.CopyTo(copies[i]);

        return copies;
    }

    internal static void Fill(IReadOnlyList<NamedParameter> parameters, float[][] copies)
    {
        for (int i = 0; i < copies.Length; i++) copies[i].CopyTo(parameters[i].Parameter.Value.Span);
    }
}

/// <summary>The state as JSON, by code generated at build time: numbers that are not finite by name, and nothing that is unknown, twice, or null where it must not be.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = TrainingStateJson.MaxDepth,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(TrainingState))]
internal sealed partial class TrainingStateJson : JsonSerializerContext
{
    // The settings are two levels below the state.
    public const int MaxDepth = NeuralTrain.Settings.MaxJsonDepth + 2;
}
