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

    /// <summary>How many values the optimizer may change.</summary>
    public long TrainableValues() =>
        Parameters.Where(named => named.Parameter.IsTrainable).Sum(named => (long)named.Parameter.Value.Span.Length);

    /// <summary>Sets the counters of a new run.</summary>
    public void BeginRun(double learningRate)
    {
        Best.Clear();
        (BestValue, EpochsWithoutImprovement) = (null, 0);
        (BaseRate, RateFactor, RecoveriesUsed) = (learningRate, 1, 0);
        (RunStartEpoch, RunStartStep, RunElapsed) = (EpochsDone, StepsDone, TimeSpan.Zero);
    }

    /// <summary>Takes notice of the value that is watched after one more epoch.</summary>
    /// <returns>Whether it is the best so far.</returns>
    public bool Observe(double value, EarlyStopping? stopping, bool higherIsBetter)
    {
        double margin = stopping?.MinDelta ?? 0;
        bool improves = double.IsFinite(value)
            && (BestValue is not double best || (higherIsBetter ? value > best + margin : value < best - margin));
        if (!improves)
        {
            EpochsWithoutImprovement++;
            return false;
        }

        (BestValue, EpochsWithoutImprovement) = (value, 0);
        if (stopping is { RestoreBest: true })
        {
            Best.Save();
        }

        return true;
    }

    /// <summary>Takes over what a training had come to, whose shapes were checked.</summary>
    public void Restore(TrainerState state)
    {
        Best.Load(state.BestWeights);
        (BestValue, EpochsWithoutImprovement) = (state.BestValue, state.EpochsWithoutImprovement);
        (BaseRate, RateFactor, RecoveriesUsed) = (state.BaseRate, state.RateFactor, state.RecoveriesUsed);
        (EpochsDone, StepsDone, StepsInLastEpoch) = (state.EpochsDone, state.StepsDone, state.StepsInLastEpoch);
        (RunStartEpoch, RunStartStep, RunElapsed) = (state.RunStartEpoch, state.RunStartStep, state.RunElapsed);
        IsResumed = true;
    }
}
