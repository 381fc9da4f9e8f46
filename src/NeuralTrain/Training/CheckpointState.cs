using System.Text.Json;

namespace NeuralTrain;

/// <summary>The small values of a training's state as JSON, and back; the large arrays stand beside them.</summary>
internal static class CheckpointState
{
    /// <summary>Writes all that is not a large array, into an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, TrainerState state)
    {
        json.WriteBoolean("hasBest", state.BestWeights is not null);
        WriteList(json, "masks", state.Masks, mask =>
        {
            json.WriteStartObject();
            json.WriteString("path", mask.Path);
            json.WriteNumber("seed", mask.Seed);
            json.WriteNumber("position", mask.Position);
            json.WriteEndObject();
        });
        WriteList(json, "frozen", state.Frozen ?? [], json.WriteStringValue);
        json.WriteString("watchedValue", state.WatchedValue);
        json.WriteString("scheduleValue", state.ScheduleValue);
        WriteOptimizer(json, state.Optimizer);
        Number(json, "baseRate", state.BaseRate);
        Number(json, "rateFactor", state.RateFactor);
        json.WriteNumber("recoveriesUsed", state.RecoveriesUsed);
        json.WriteString("scheduleKind", state.ScheduleKind);
        WriteList(json, "scheduleMemory", state.ScheduleMemory, number => StateJson.Write(json, number));
        json.WriteNumber("seed", state.Seed);
        json.WriteNumber("batchSize", state.BatchSize);
        json.WriteNumber("accumulationSteps", state.AccumulationSteps);
        json.WriteBoolean("shuffle", state.Shuffle);
        json.WriteNumber("epochsDone", state.EpochsDone);
        json.WriteNumber("stepsDone", state.StepsDone);
        json.WriteNumber("runStartEpoch", state.RunStartEpoch);
        json.WriteNumber("runStartStep", state.RunStartStep);
        json.WriteNumber("stepsInLastEpoch", state.StepsInLastEpoch);
        json.WriteNumber("runElapsed", state.RunElapsed.Ticks);
        Number(json, "bestValue", state.BestValue);
        json.WriteNumber("epochsWithoutImprovement", state.EpochsWithoutImprovement);
        Number(json, "bestIndex", state.BestIndex);
        WriteList(json, "metricNames", state.MetricNames, json.WriteStringValue);
        WriteList(json, "recoveries", state.Recoveries, note =>
        {
            json.WriteStartObject();
            json.WriteString("cause", note.Cause);
            json.WriteNumber("epoch", note.Epoch);
            json.WriteNumber("step", note.Step);
            Number(json, "rateFactor", note.RateFactor);
            json.WriteEndObject();
        });
        json.WriteNumber("duration", state.Duration.Ticks);
    }

    /// <summary>Puts a state together again.</summary>
    /// <param name="json">What <see cref="Write"/> wrote.</param>
    /// <param name="version">The version of the file: the first said nothing of frozen parameters and watched values.</param>
    /// <param name="names">The paths of the network's parameters.</param>
    /// <param name="weights">Their values.</param>
    /// <param name="best">Those of the best epoch, if they are kept.</param>
    /// <param name="readArray">Reads an array of the optimizer, by parameter and place.</param>
    /// <param name="epochs">The history.</param>
    /// <exception cref="InvalidDataException">Something is missing, or no state of a training.</exception>
    public static TrainerState Read(StateJson json, int version, string[] names, float[][] weights, float[][]? best, Func<int, int, float[]> readArray, Epoch[] epochs)
    {
        int? bestIndex = json["bestIndex"].IsNull ? null : json["bestIndex"].Count();
        return new TrainerState
        {
            ParameterNames = names,
            Weights = weights,
            Frozen = version < 2 ? null : [.. json["frozen"].Items().Select(path => path.Text())],
            WatchedValue = version < 2 ? null : json["watchedValue"].Text(),
            ScheduleValue = version < 2 || json["scheduleValue"].IsNull ? null : json["scheduleValue"].Text(),
            Masks = [.. json["masks"].Items().Select(mask => new MaskState(mask["path"].Text(), mask["seed"].Bits(), mask["position"].Bits()))],
            Optimizer = ReadOptimizer(json["optimizer"], readArray),
            BaseRate = json["baseRate"].Number(0),
            RateFactor = json["rateFactor"].Number(0),
            RecoveriesUsed = json["recoveriesUsed"].Count(),
            ScheduleKind = json["scheduleKind"].IsNull ? null : json["scheduleKind"].Text(),
            ScheduleMemory = [.. json["scheduleMemory"].Items().Select(number => number.Number())],
            Seed = json["seed"].Bits(),
            BatchSize = json["batchSize"].Count(),
            AccumulationSteps = json["accumulationSteps"].Count(),
            Shuffle = json["shuffle"].Flag(),
            EpochsDone = json["epochsDone"].Count(),
            StepsDone = json["stepsDone"].LongCount(),
            RunStartEpoch = json["runStartEpoch"].Count(),
            RunStartStep = json["runStartStep"].LongCount(),
            StepsInLastEpoch = json["stepsInLastEpoch"].Count(),
            RunElapsed = json["runElapsed"].Time(),
            BestValue = json["bestValue"].IsNull ? null : json["bestValue"].Number(),
            EpochsWithoutImprovement = json["epochsWithoutImprovement"].Count(),
            BestWeights = best,
            Epochs = epochs,
            BestIndex = bestIndex < epochs.Length || bestIndex is null ? bestIndex : throw json.Wrong($"the best epoch has the place {bestIndex} among {epochs.Length}"),
            MetricNames = [.. json["metricNames"].Items().Select(name => name.Text())],
            Recoveries =
            [
                .. json["recoveries"].Items().Select(
                    note => new RecoveryNote(note["cause"].Text(), note["epoch"].Count(), note["step"].LongCount(), note["rateFactor"].Number(0))),
            ],
            Duration = json["duration"].Time(),
        };
    }

    private static void WriteOptimizer(Utf8JsonWriter json, OptimizerState state)
    {
        json.WriteStartObject("optimizer");
        json.WriteString("rule", state.Rule);
        json.WriteNumber("stepCount", state.StepCount);
        Number(json, "learningRate", state.LearningRate);
        Number(json, "l2", state.L2);
        Number(json, "clipNorm", state.ClipNorm);
        Number(json, "clipValue", state.ClipValue);
        WriteList(json, "steps", state.Steps, json.WriteNumberValue);
        WriteList(json, "rates", state.Rates, rate => StateJson.Write(json, rate));

        // How many arrays each parameter has; null before its first step.
        WriteList(json, "arrays", state.Arrays, arrays =>
        {
            if (arrays is null)
            {
                json.WriteNullValue();
            }
            else
            {
                json.WriteNumberValue(arrays.Length);
            }
        });
        json.WriteEndObject();
    }

    private static OptimizerState ReadOptimizer(StateJson json, Func<int, int, float[]> readArray) => new(json["rule"].Text())
    {
        StepCount = json["stepCount"].LongCount(),
        LearningRate = json["learningRate"].Number(0),
        L2 = json["l2"].Number(0),
        ClipNorm = json["clipNorm"].IsNull ? null : json["clipNorm"].Number(double.Epsilon),
        ClipValue = json["clipValue"].IsNull ? null : json["clipValue"].Number(double.Epsilon),
        Steps = [.. json["steps"].Items().Select(steps => steps.LongCount())],
        Rates = [.. json["rates"].Items().Select(rate => rate.Number(double.Epsilon))],
        Arrays = [.. json["arrays"].Items().Select((count, i) => count.IsNull ? null : Enumerable.Range(0, count.Count()).Select(k => readArray(i, k)).ToArray())],
    };

    private static void Number(Utf8JsonWriter json, string name, double? number)
    {
        json.WritePropertyName(name);
        if (number is double given)
        {
            StateJson.Write(json, given);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }
}
