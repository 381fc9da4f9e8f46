using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;

namespace NeuralTrain;

/// <summary>The state of a training as a file: one in the safetensors format, with the large arrays as tensors and all else in its metadata.</summary>
/// <remarks>
/// <code>
/// weights.0.weight      parameters and statistics, in their shapes       best.0.weight   those of the best epoch, if they are kept
/// optimizer.3.1         the second array of the optimizer for the fourth parameter it trains, if it had a step
/// history               ten numbers for each epoch                         history.metrics   what its metrics measured
/// </code>
/// </remarks>
internal static class CheckpointFile
{
    private const int FormatVersion = 2;
    private const int MaxJsonDepth = 16;
    private const string FormatKey = "neuraltrain.checkpoint";
    private const string StateKey = "neuraltrain.state";
    private const string WeightsPrefix = "weights.";
    private const string BestPrefix = "best.";
    private const string OptimizerPrefix = "optimizer.";
    private const string HistoryName = "history";
    private const string MetricsName = "history.metrics";

    /// <summary>Writes a state beside the file and renames it: whenever the process ends, there is the checkpoint before or this one.</summary>
    /// <param name="path">The file. One training writes it; killed in the middle it leaves the part beside it, which the next checkpoint overwrites.</param>
    /// <param name="state">The state.</param>
    /// <param name="network">The network it belongs to, for the shapes.</param>
    /// <exception cref="NotFiniteNumberException">A weight is NaN or infinite: the last good checkpoint stays.</exception>
    /// <exception cref="IOException">The folder does not exist, the disk is full, or another training writes this checkpoint.</exception>
    public static void Save(string path, TrainerState state, Layer network)
    {
        IReadOnlyList<NamedParameter> parameters = network.NamedParameters();
        var tensors = new List<SafetensorsContent>();
        for (int i = 0; i < parameters.Count; i++)
        {
            CheckFinite(parameters[i].Path, state.Weights[i]);
            tensors.Add(SafetensorsContent.Of(WeightsPrefix + parameters[i].Path, parameters[i].Parameter, state.Weights[i]));
            if (state.BestWeights is float[][] best)
            {
                tensors.Add(SafetensorsContent.Of(BestPrefix + parameters[i].Path, parameters[i].Parameter, best[i]));
            }
        }

        for (int i = 0; i < state.Optimizer.Arrays.Length; i++)
        {
            float[][] arrays = state.Optimizer.Arrays[i] ?? [];
            tensors.AddRange(arrays.Select((array, k) => SafetensorsContent.Of($"{OptimizerPrefix}{i}.{k}", array)));
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            CheckpointState.Write(json, state);
            (double[] epochs, double[] metrics) = CheckpointHistory.ToNumbers(state.Epochs, json);
            json.WriteEndObject();
            tensors.Add(SafetensorsContent.Of(HistoryName, epochs));
            tensors.Add(SafetensorsContent.Of(MetricsName, metrics));
        }

        var texts = new Dictionary<string, string>
        {
            [FormatKey] = $"{FormatVersion}",
            ["neuraltrain.version"] = ModelDescription.LibraryVersion,
            [StateKey] = Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length),
        };
        ReplacedFile.Write(path, isOwned: true, stream => SafetensorsWriter.Write(stream, texts, tensors));
    }

    /// <summary>Reads a state.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network it shall belong to, which is not changed.</param>
    /// <exception cref="InvalidDataException">The file is damaged, no checkpoint, or of another network; then every difference is listed.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public static TrainerState Load(string path, Layer network)
    {
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        IReadOnlyDictionary<string, (string Text, long Place)> texts = reader.Header.Metadata;
        if (!texts.TryGetValue(FormatKey, out (string Text, long Place) format) || !texts.TryGetValue(StateKey, out (string Text, long Place) text))
        {
            throw FileProblem.At(
                path, SafetensorsHeader.LengthBytes,
                $"the file is no checkpoint of a training: '{FormatKey}' and '{StateKey}' are not in its metadata. Trained networks are loaded with ModelFile.Load.");
        }

        if (!int.TryParse(format.Text, out int version) || version < 1 || version > FormatVersion)
        {
            throw FileProblem.At(
                path, format.Place,
                $"the checkpoint is of version '{FileProblem.Shorten(format.Text)}'; this library reads versions 1 to {FormatVersion}. Resume with the library's version that wrote it.");
        }

        byte[] utf8 = Encoding.UTF8.GetBytes(text.Text);
        FileProblem.CheckJson(utf8, MaxJsonDepth, path, text.Place);
        using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
        var json = new StateJson(document.RootElement, path, text.Place);
        bool hasBest = json["hasBest"].Flag();
        (Parameter, SafetensorsTensor)[] weights = [.. TensorMatch.Of(network, reader, WeightsPrefix, name => IsBeside(name) || (hasBest && name.StartsWith(BestPrefix, StringComparison.Ordinal)))];
        (Parameter, SafetensorsTensor)[] best = hasBest
            ? [.. TensorMatch.Of(network, reader, BestPrefix, name => IsBeside(name) || name.StartsWith(WeightsPrefix, StringComparison.Ordinal))]
            : [];
        return CheckpointState.Read(
            json, version, [.. network.NamedParameters().Select(named => named.Path)], Values(reader, weights), hasBest ? Values(reader, best) : null,
            (i, k) => reader.ReadFloats($"{OptimizerPrefix}{i}.{k}"),
            CheckpointHistory.FromNumbers(reader.ReadDoubles(HistoryName), reader.ReadDoubles(MetricsName), json));
    }

    private static bool IsBeside(string name) => name.StartsWith(OptimizerPrefix, StringComparison.Ordinal) || name is HistoryName or MetricsName;

    private static float[][] Values(SafetensorsReader reader, (Parameter Parameter, SafetensorsTensor Tensor)[] pairs)
    {
        var values = new float[pairs.Length][];
        for (int i = 0; i < pairs.Length; i++)
        {
            values[i] = new float[pairs[i].Tensor.Count];
            reader.Read(pairs[i].Tensor, values[i]);
        }

        return values;
    }

    private static void CheckFinite(string path, float[] values)
    {
        if (!TensorPrimitives.IsFiniteAll<float>(values))
        {
            int place = Array.FindIndex(values, value => !float.IsFinite(value));
            throw new NotFiniteNumberException(
                $"Value {place} of '{path}' is {values[place]}: the training has diverged, and the checkpoint would be of no use. The one before stays as it is.", values[place]);
        }
    }
}
