namespace NeuralTrain;

/// <summary>Matches the parameters of a network with the tensors of a file: either they fit one by one, or every difference is listed.</summary>
internal static class TensorMatch
{
    // A longer list of differences would not help; a damaged header could have millions.
    private const int MaxListed = 1000;

    /// <summary>The additional statistic of PyTorch's BatchNorm: the number of batches it has seen, which only its <c>momentum=None</c> uses.</summary>
    public const string BatchCount = "num_batches_tracked";

    /// <summary>The paths of <see cref="BatchCount"/> in a network.</summary>
    public static IEnumerable<string> BatchCounts(Layer network) =>
        network.SelfAndBelow().Where(found => found.Layer.Parameters.Any(parameter => parameter is { IsStatistic: true, Name: "running_mean" })).Select(found => Layer.Below(found.Path, BatchCount));

    /// <summary>Each parameter with its tensor.</summary>
    /// <param name="network">The network, or a part of one.</param>
    /// <param name="reader">The file.</param>
    /// <param name="rename">The path for the name of a tensor, or null to leave it out; null for unchanged names.</param>
    /// <param name="partial">Whether parameters may be missing in the file.</param>
    /// <param name="roundF64">Whether <c>F64</c> may be read too.</param>
    /// <exception cref="InvalidDataException">A tensor is missing, left over, or of another shape or type; all of them are listed. Nothing was changed.</exception>
    public static IReadOnlyList<(Parameter Parameter, SafetensorsTensor Tensor)> Of(
        Layer network, SafetensorsReader reader, Func<string, string?>? rename = null, bool partial = false, bool roundF64 = false)
    {
        Dictionary<string, SafetensorsTensor> tensors = rename is null ? reader.Header.Tensors : Renamed(reader, rename);
        var pairs = new List<(Parameter, SafetensorsTensor)>();
        var missing = new Differences("missing in the file");
        var unexpected = new Differences("unexpected in the file");
        var mismatched = new Differences("of another shape or type (F32 is read, F16 and BF16 are widened; F64 is rounded by LoadInto with roundF64: true)");
        var known = new HashSet<string>(BatchCounts(network));
        foreach ((string path, Parameter parameter) in network.NamedParameters())
        {
            reader.Budget.Take();
            known.Add(path);
            if (!tensors.TryGetValue(path, out SafetensorsTensor? tensor))
            {
                if (!partial) missing.Add(() => $"{path} {SafetensorsTensor.ShapeText(parameter.Shape)}");
            }
            else if ((tensor.Type is "F32" or "F16" or "BF16" || (roundF64 && tensor.Type == "F64")) && tensor.Shape.SequenceEqual([.. parameter.Shape])) pairs.Add((parameter, tensor));
            else mismatched.Add(() => $"{path}: the network has {SafetensorsTensor.ShapeText(parameter.Shape)}, the file {tensor.Type} {SafetensorsTensor.ShapeText(tensor.Shape)} at byte {tensor.Start}");
        }

        foreach ((string name, SafetensorsTensor tensor) in tensors.Where(tensor => !known.Contains(tensor.Key)))
        {
            unexpected.Add(() => $"{tensor with { Name = name }} at byte {tensor.Start}");
        }

        if (partial && pairs.Count == 0) missing.Add(() => $"any of {string.Join(", ", network.NamedParameters().Take(3).Select(named => named.Path))}, …");
        return missing.Count + unexpected.Count + mismatched.Count == 0
            ? pairs
            : throw reader.Problem(
                SafetensorsHeader.LengthBytes,
                $"the tensors do not fit the network; nothing was changed.{missing}{unexpected}{mismatched}\nBuild the network the file was written from, or correct the names.");
    }

    private static Dictionary<string, SafetensorsTensor> Renamed(SafetensorsReader reader, Func<string, string?> rename)
    {
        var tensors = new Dictionary<string, SafetensorsTensor>();
        foreach (SafetensorsTensor tensor in reader.Header.Tensors.Values)
        {
            if (rename(tensor.Name) is string name && !tensors.TryAdd(name, tensor))
            {
                throw reader.Problem(tensor.Place, $"'{Guard.Shorten(tensors[name].Name)}' and '{Guard.Shorten(tensor.Name)}' would both become '{Guard.Shorten(name)}'; nothing was changed. Give each tensor a different name, or null to leave it out.");
            }
        }

        return tensors;
    }

    private sealed class Differences(string title)
    {
        private readonly List<string> _lines = [];

        public int Count { get; private set; }

        public void Add(Func<string> line)
        {
            if (Count++ < MaxListed) _lines.Add(line());
        }

        public override string ToString() =>
            Count == 0 ? "" : $"\n{Count} {title}:\n  {string.Join("\n  ", _lines)}" + (Count > MaxListed ? $"\n  … and {Count - MaxListed} more" : "");
    }
}
