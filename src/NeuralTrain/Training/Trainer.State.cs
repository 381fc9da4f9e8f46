namespace NeuralTrain;

/// <content>Everything a training needs to go on later, to the same bits: what checkpoints hold.</content>
public sealed partial class Trainer
{
    /// <summary>A copy of everything, at the end of an epoch or outside of any training.</summary>
    /// <exception cref="InvalidOperationException">The trainer is in the midst of an epoch.</exception>
    internal TrainerState CaptureState()
    {
        if (_run is { IsInEpoch: true })
        {
            throw new InvalidOperationException("The state of a training is whole at the end of an epoch only. Take it in OnEpoch, or between the epochs of a loop.");
        }

        return new TrainerState
        {
            ParameterNames = [.. _memory.Parameters.Select(named => named.Path)],
            Weights = [.. _memory.Parameters.Select(named => named.Parameter.Value.Span.ToArray())],
            Frozen = FrozenParameters(),
            WatchedValue = WatchedValue,
            ScheduleValue = ScheduleValue,
            Masks = [.. RandomStreams().Select(mask => new MaskState(mask.Path, mask.Source.Seed, mask.Source.Position))],
            Optimizer = Optimizer.CaptureState(),
            BaseRate = _memory.BaseRate,
            RateFactor = _memory.RateFactor,
            RecoveriesUsed = _memory.RecoveriesUsed,
            ScheduleKind = Schedule?.GetType().Name,
            ScheduleMemory = Schedule is null ? [] : [.. Schedule.Memory],
            Seed = Seed,
            BatchSize = BatchSize,
            AccumulationSteps = AccumulationSteps,
            Shuffle = Shuffle,
            EpochsDone = _memory.EpochsDone,
            StepsDone = _memory.StepsDone,
            RunStartEpoch = _memory.RunStartEpoch,
            RunStartStep = _memory.RunStartStep,
            StepsInLastEpoch = _memory.StepsInLastEpoch,
            RunElapsed = _memory.RunElapsed,
            BestValue = _memory.BestValue,
            EpochsWithoutImprovement = _memory.EpochsWithoutImprovement,
            BestWeights = _memory.Best.Capture(),
            Epochs = [.. History.Epochs],
            BestIndex = History.BestIndex,
            MetricNames = [.. Metrics.Select(metric => metric.Name)],
            Recoveries = [.. History.Recoveries],
            Duration = History.Duration,
        };
    }

    /// <summary>
    /// Goes on from a state: the next call of <c>Fit</c> finishes the run that was interrupted. Nothing is changed if the state does not fit.
    /// </summary>
    /// <exception cref="ArgumentException">Network, optimizer, schedule, metrics or settings differ from those the training began with; the message lists all that do.</exception>
    /// <exception cref="InvalidOperationException">The trainer is training.</exception>
    internal void RestoreState(TrainerState state)
    {
        if (_isRunning)
        {
            throw new InvalidOperationException("A trainer cannot go on from a state while it trains. Restore it before Fit.");
        }

        (string Path, RandomStream Source)[] masks = [.. RandomStreams()];
        List<string> differences = Differences(state, masks);
        if (differences.Count > 0)
        {
            throw new ArgumentException(
                $"The state belongs to another training: {string.Join("; ", differences)}. Build network, optimizer and trainer as they were when it began; to use the weights " +
                "alone, load them into the network.",
                nameof(state));
        }

        // Schedule and optimizer look at what a file may have damaged before they change anything; from there on nothing can fail.
        IReadOnlyList<double> memory = Schedule?.Memory ?? [];
        Schedule?.Memory = state.ScheduleMemory;
        try
        {
            Optimizer.RestoreState(state.Optimizer);
        }
        catch
        {
            Schedule?.Memory = memory;
            throw;
        }

        for (int i = 0; i < state.Weights.Length; i++)
        {
            Parameter parameter = _memory.Parameters[i].Parameter;
            state.Weights[i].CopyTo(parameter.Value.Span);
            parameter.Gradient.Span.Clear();
        }

        for (int i = 0; i < masks.Length; i++)
        {
            (masks[i].Source.Seed, masks[i].Source.Position) = (state.Masks[i].Seed, state.Masks[i].Position);
        }

        _memory.Restore(state);
        History.Restore(state);
    }

    // What the best of the epochs so far was measured by, and what the schedule's memory is of: neither can be compared with another value.
    private string WatchedValue => EarlyStopping?.Metric ?? EarlyStopping.LossName;

    private string? ScheduleValue => Schedule is { Memory.Count: > 0 } ? ScheduleMetric ?? EarlyStopping.LossName : null;

    private string[] FrozenParameters() =>
        [.. _memory.Parameters.Where(named => named.Parameter is { IsTrainable: false, IsStatistic: false }).Select(named => named.Path)];

    private IEnumerable<(string Path, RandomStream Source)> RandomStreams()
    {
        foreach ((string path, Layer layer) in Network.SelfAndBelow())
        {
            if (layer.RandomStream is RandomStream source)
            {
                yield return (path, source);
            }
        }
    }

    private List<string> Differences(TrainerState state, (string Path, RandomStream Source)[] masks)
    {
        var found = new List<string>();
        Compare("batch size", state.BatchSize, BatchSize);
        Compare("batches of a step", state.AccumulationSteps, AccumulationSteps);
        Compare("seed", state.Seed, Seed);
        Compare("shuffling", state.Shuffle, Shuffle);
        Compare("schedule", state.ScheduleKind ?? "none", Schedule?.GetType().Name ?? "none");
        Compare("numbers the schedule remembers", state.ScheduleMemory.Length, Schedule?.Memory.Count ?? 0);
        Compare("metrics", string.Join(", ", state.MetricNames), string.Join(", ", Metrics.Select(metric => metric.Name)));
        Compare("optimizer", state.Optimizer.Rule, Optimizer.ToString());
        Compare("parameters", Shapes(state.ParameterNames.Zip(state.Weights, (name, values) => (name, values.Length))), Shapes(_memory.Parameters.Select(named => (named.Path, named.Parameter.Value.Span.Length))));
        Compare("layers that work with chance", string.Join(", ", state.Masks.Select(mask => mask.Path)), string.Join(", ", masks.Select(mask => mask.Path)));
        if (state.Frozen is string[] frozen)
        {
            Compare("frozen parameters", Names(frozen), Names(FrozenParameters()));
        }

        if (state.WatchedValue is string watched && !string.Equals(watched, WatchedValue, StringComparison.OrdinalIgnoreCase))
        {
            Compare("watched value", watched, WatchedValue);
        }

        if (state.ScheduleValue is string told && !string.Equals(told, ScheduleValue, StringComparison.OrdinalIgnoreCase))
        {
            Compare("value the schedule is told", told, ScheduleValue ?? "none");
        }

        if (state.BestWeights is float[][] best && !best.Select(values => values.Length).SequenceEqual(state.Weights.Select(values => values.Length)))
        {
            found.Add("the best weights have other shapes than the weights");
        }

        return found;

        void Compare<T>(string what, T began, T now)
        {
            if (!Equals(began, now))
            {
                found.Add($"it began with {what} {began}, now it is {now}");
            }
        }

        static string Names(string[] names) => names.Length == 0 ? "none" : string.Join(", ", names);

        static string Shapes(IEnumerable<(string Name, int Length)> parameters) =>
            string.Join(", ", parameters.Select(parameter => $"{parameter.Name} ({parameter.Length})"));
    }
}
