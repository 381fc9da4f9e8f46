using System.Text.Json;

namespace NeuralTrain;

/// <summary>Where and how often a trainer saves everything it needs to continue after an interruption.</summary>
public sealed class CheckpointOptions
{
    /// <summary>Creates the options.</summary>
    /// <param name="path">The file. It is replaced each time: a new one is written next to it and renamed.</param>
    /// <param name="every">The number of epochs between two checkpoints, 1 or more. Default 1: after each. The last epoch is always written.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of epochs is less than 1.</exception>
    public CheckpointOptions(string path, int every = 1)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        (Path, Every) = (path, Guard.AtLeast(every, 1, nameof(every), "it is a number of epochs"));
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The number of epochs between two checkpoints.</summary>
    public int Every { get; }
}

/// <summary>The state of a training run as a file in the safetensors format: the large arrays as tensors, all else as JSON in one more.</summary>
/// <remarks>
/// <code>
/// state                 the JSON, byte by byte
/// weights.0.weight      parameters and statistics, in their shapes       best.0.weight   those of the best epoch, if they are kept
/// optimizer.3.1         the second array of the optimizer for the fourth parameter it trains, if that had a step
/// </code>
/// </remarks>
internal static class CheckpointFile
{
    private const string FormatVersion = "1", FormatKey = "neuraltrain.checkpoint";
    private const string StateName = "state", WeightsPrefix = "weights.", BestPrefix = "best.", OptimizerPrefix = "optimizer.";

    /// <summary>Prepares the writing of the captured state, all of which is checked first.</summary>
    /// <exception cref="NotFiniteNumberException">A weight is NaN or infinite: the last good checkpoint stays.</exception>
    public static Action<Stream> Writer(TrainingState state)
    {
        Trainer trainer = state.Trainer!;
        (state.Settings, state.InstructionSet) = (trainer.Describe(state.BaseRate), Kernels.InstructionSet.Present);
        var tensors = new List<SafetensorsContent> { SafetensorsContent.Of(StateName, JsonSerializer.SerializeToUtf8Bytes(state, TrainingStateJson.Default.TrainingState)) };
        for (int i = 0; i < trainer.Parameters.Length; i++)
        {
            (string name, Parameter parameter) = trainer.Parameters[i];
            tensors.Add(SafetensorsContent.Of(name, parameter, state.Weights[i]).Check(parameter.Range) with { Name = WeightsPrefix + name });
            if (state.HasBestWeights) tensors.Add(SafetensorsContent.Of(BestPrefix + name, parameter, state.BestWeights[i]));
        }

        for (int i = 0; i < state.Optimizer.Arrays.Length; i++)
        {
            tensors.AddRange((state.Optimizer.Arrays[i] ?? []).Select((array, k) => SafetensorsContent.Of($"{OptimizerPrefix}{i}.{k}", array)));
        }

        var texts = new Dictionary<string, string> { [FormatKey] = FormatVersion, ["neuraltrain.version"] = ModelFile.LibraryVersion };
        return stream => SafetensorsWriter.Write(stream, texts, tensors);
    }

    /// <summary>Reads a state and checks that it fits a trainer, which is not changed.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, not a checkpoint, or its tensors do not fit the network; then all that do not are listed.</exception>
    /// <exception cref="ArgumentException">The settings differ; all differences are listed.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TrainingState Read(SafetensorsReader reader, Trainer trainer)
    {
        if (!reader.Header.Metadata.TryGetValue(FormatKey, out (string Text, long Place) format)) throw reader.Problem(SafetensorsHeader.LengthBytes, $"the file is not a training checkpoint: its metadata lack '{FormatKey}'. Load a network with ModelFile.Load.");
        if (format.Text != FormatVersion) throw reader.Problem(format.Place, $"the checkpoint is of version '{Guard.Shorten(format.Text)}'; this library reads version {FormatVersion}. Resume with the version that wrote it.");

        TrainingState state = ReadState(reader);
        trainer.CheckSettings(state, reader.File);
        string[] prefixes = state.HasBestWeights ? [WeightsPrefix, BestPrefix, OptimizerPrefix] : [WeightsPrefix, OptimizerPrefix];
        state.Weights = Values(WeightsPrefix);
        if (state.HasBestWeights) state.BestWeights = Values(BestPrefix);

        state.Optimizer.Arrays = ReadArrays(reader, trainer.Optimizer);
        string? flaw = state.Flaw()
            ?? (state.Streams.Length != 2 * trainer.Streams.Count ? "it is of a network with another number of random layers" : null)
            ?? (trainer.Optimizer.Fits(state.Optimizer) ? null : "its optimizer trained other parameters")
            ?? ((trainer.Schedule?.Plateau is null ? state.ScheduleMemory.Length == 0 : ReduceOnPlateau.IsMemory(state.ScheduleMemory)) ? null : "its schedule cannot have remembered this");
        return flaw is null ? state : throw Damaged(reader, $"{flaw}.");

        float[][] Values(string prefix)
        {
            string? Path(string name) => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..]
                : name == StateName || prefixes.Any(other => name.StartsWith(other, StringComparison.Ordinal)) ? null : name;
            return [.. TensorMatch.Of(trainer.Network, reader, Path).Select(pair => reader.Read(pair.Tensor, pair.Parameter.Range))];
        }
    }

    private static TrainingState ReadState(SafetensorsReader reader)
    {
        byte[] json = reader.ReadBytes(StateName);
        try
        {
            reader.Budget.TakeJson(json, TrainingStateJson.MaxDepth);
            return JsonSerializer.Deserialize(json, TrainingStateJson.Default.TrainingState) ?? throw new JsonException("it is null");
        }
        catch (JsonException problem)
        {
            throw Damaged(reader, Guard.Shorten(problem.Message), problem);
        }
    }

    private static InvalidDataException Damaged(SafetensorsReader reader, string why, Exception? inner = null) =>
        reader.Problem(reader.Header.Tensors[StateName].Start, $"the state that begins here is damaged: {why}", inner);

    private static float[][]?[] ReadArrays(SafetensorsReader reader, Optimizer optimizer)
    {
        float[][]?[] arrays = new float[optimizer.Trained.Length][][];
        for (int i = 0; i < arrays.Length; i++)
        {
            int length = optimizer.Trained[i].Parameter.Value.Span.Length, count = 0;
            while (reader.Header.Tensors.ContainsKey($"{OptimizerPrefix}{i}.{count}")) count++;
            arrays[i] = count == 0 ? null : [.. Enumerable.Range(0, count).Select(k => reader.ReadFloats($"{OptimizerPrefix}{i}.{k}", length, optimizer.RangeOf(k)))];
        }

        return arrays;
    }
}
