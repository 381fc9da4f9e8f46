namespace NeuralTrain;

/// <summary>What a trainer remembers from run to run, beside the history: counters, the rate, and the best so far.</summary>
internal sealed class TrainingMemory
{
    public TrainingMemory(Layer network)
    {
        Parameters = network.NamedParameters();
        Best = new WeightStore(Parameters);
    }

    /// <summary>All parameters and statistics of the network.</summary>
    public IReadOnlyList<NamedParameter> Parameters { get; }

    public WeightStore Best { get; }

    public double? BestValue { get; set; }

    public int EpochsWithoutImprovement { get; set; }

    public double BaseRate { get; set; }

    public double RateFactor { get; set; } = 1;

    public int RecoveriesUsed { get; set; }

    public int EpochsDone { get; set; }

    public long StepsDone { get; set; }

    public int RunStartEpoch { get; set; }

    public long RunStartStep { get; set; }

    public int StepsInLastEpoch { get; set; }

    public TimeSpan RunElapsed { get; set; }

    /// <summary>Whether the next run finishes an interrupted one.</summary>
    public bool IsResumed { get; set; }
}
