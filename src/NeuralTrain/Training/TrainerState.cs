namespace NeuralTrain;

/// <summary>Everything a training needs to go on from the end of an epoch as if it had never been interrupted: plain data, copies all of them.</summary>
internal sealed record TrainerState
{
    /// <summary>Paths of all parameters and statistics, in the order of <see cref="Layer.NamedParameters"/>.</summary>
    public required string[] ParameterNames { get; init; }

    /// <summary>Their values, in the same order.</summary>
    public required float[][] Weights { get; init; }

    /// <summary>The paths of the parameters that are frozen; null if the checkpoint is of a version that did not say.</summary>
    public required string[]? Frozen { get; init; }

    /// <summary>The name of the value by which the best epoch is told; null if the checkpoint is of a version that did not say.</summary>
    public required string? WatchedValue { get; init; }

    /// <summary>The name of the value that a schedule with a memory is told; null without such a schedule, or if the checkpoint is of a version that did not say.</summary>
    public required string? ScheduleValue { get; init; }

    /// <summary>The generators of all layers that work with chance.</summary>
    public required MaskState[] Masks { get; init; }

    /// <summary>The optimizer's rule, constants and moments.</summary>
    public required OptimizerState Optimizer { get; init; }

    /// <summary>The learning rate γ that the schedule's factor multiplies.</summary>
    public required double BaseRate { get; init; }

    /// <summary>What recoveries have multiplied all rates by.</summary>
    public required double RateFactor { get; init; }

    /// <summary>How many recoveries the run has used up.</summary>
    public required int RecoveriesUsed { get; init; }

    /// <summary>The kind of the schedule, by which a state of another one is refused; null without a schedule.</summary>
    public required string? ScheduleKind { get; init; }

    /// <summary>What the schedule remembers; empty for a pure one.</summary>
    public required double[] ScheduleMemory { get; init; }

    /// <summary>Seed of the order of the rows and of augmentation.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Rows of a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Batches of a step.</summary>
    public required int AccumulationSteps { get; init; }

    /// <summary>Whether the rows are shuffled.</summary>
    public required bool Shuffle { get; init; }

    /// <summary>Epochs done, over all runs.</summary>
    public required int EpochsDone { get; init; }

    /// <summary>Steps done, over all runs.</summary>
    public required long StepsDone { get; init; }

    /// <summary>Epochs that were done when the present run began.</summary>
    public required int RunStartEpoch { get; init; }

    /// <summary>Steps that were done when the present run began.</summary>
    public required long RunStartStep { get; init; }

    /// <summary>Steps of the last epoch; 0 before the first.</summary>
    public required int StepsInLastEpoch { get; init; }

    /// <summary>The time that the present run has taken.</summary>
    public required TimeSpan RunElapsed { get; init; }

    /// <summary>The best value so far; null before the first finite one.</summary>
    public required double? BestValue { get; init; }

    /// <summary>Epochs in a row without improvement.</summary>
    public required int EpochsWithoutImprovement { get; init; }

    /// <summary>The weights of the best epoch, as <see cref="Weights"/>; null if they are not kept.</summary>
    public required float[][]? BestWeights { get; init; }

    /// <summary>All finished epochs.</summary>
    public required Epoch[] Epochs { get; init; }

    /// <summary>Where in <see cref="Epochs"/> the best one is; null if there is none.</summary>
    public required int? BestIndex { get; init; }

    /// <summary>The names of the metrics.</summary>
    public required string[] MetricNames { get; init; }

    /// <summary>The returns to finite weights so far.</summary>
    public required RecoveryNote[] Recoveries { get; init; }

    /// <summary>The time of all runs.</summary>
    public required TimeSpan Duration { get; init; }
}
