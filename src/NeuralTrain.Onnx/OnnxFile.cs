using System.Diagnostics.CodeAnalysis;

namespace NeuralTrain;

/// <summary>Writes a trained network as an ONNX file, for ONNX Runtime, the browser, Unity and others, and reads networks of dense layers that others wrote.</summary>
/// <remarks>
/// <para>
/// A written file computes what <see cref="Layer.Infer"/> does, for any number of rows: input <c>input</c>, <c>[batch × columns]</c>, output <c>output</c>; with names of
/// classes a second output <c>label</c>, <c>[batch]</c>, the name of the likeliest class. It is of opset 17 (and ai.onnx.ml 3 if there are classes), IR version 8.
/// Weights are <c>[outputs, inputs]</c>, used through <c>Gemm</c> with <c>transB</c>. Layers that act only in training are left out.
/// </para>
/// <para>
/// Files from elsewhere are safe to open: anything wrong in one gives an <see cref="InvalidDataException"/> that names the node or the byte, and reading one allocates
/// at most 16 times its size and 1 MB, unless you allow more. Nothing in the file is executed.
/// </para>
/// </remarks>
public static class OnnxFile
{
    internal const string InputNamesKey = "neuraltrain.inputNames", ClassesKey = "neuraltrain.classes", LabelDomain = "ai.onnx.ml";

    /// <summary>Saves a network. The file appears complete or not at all: it is written next to the old one and then replaces it.</summary>
    /// <param name="path">The file, usually <c>….onnx</c>; an existing one is replaced.</param>
    /// <param name="network">The network.</param>
    /// <param name="inputNames">The names of the input columns, kept in the metadata; null or empty (the default) for unnamed columns. Usually <c>data.InputNames</c>.</param>
    /// <param name="classes">
    /// The names of the classes, one for each output, or two for a single output (negative, positive); none (the default) for no labels. Usually <c>data.Classes</c>.
    /// A single output is positive above 0, or above 0.5 if the network ends in <see cref="Sigmoid"/>.
    /// </param>
    /// <param name="foldBatchNorm">Whether a <see cref="BatchNorm"/> directly after a <see cref="Linear"/> becomes part of its weights, which is faster; results differ by rounding. Default false.</param>
    /// <exception cref="ArgumentException">There are more or fewer names than columns, or neither the network nor the names say how many columns the input has.</exception>
    /// <exception cref="NotSupportedException">There is a custom layer that is not an <see cref="IOnnxLayer"/>, or the file would take more than 2 GB, the limit of the format.</exception>
    /// <exception cref="NotFiniteNumberException">A parameter is NaN or infinite.</exception>
    /// <exception cref="IOException">The folder does not exist, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be written to.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "A path and a stream are not confused.")]
    public static void Save(string path, Layer network, IReadOnlyList<string>? inputNames = null, IReadOnlyList<string>? classes = null, bool foldBatchNorm = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ToGraph(network, inputNames ?? [], classes ?? [], foldBatchNorm).Save(path);
    }

    /// <summary>Saves a network to a stream, as to a file; the stream stays open.</summary>
    /// <param name="stream">The stream; it need not be able to seek.</param>
    /// <param name="network">The network.</param>
    /// <param name="inputNames">The names of the input columns; null or empty (the default) for unnamed columns.</param>
    /// <param name="classes">The names of the classes; none (the default) for no labels.</param>
    /// <param name="foldBatchNorm">Whether a <see cref="BatchNorm"/> directly after a <see cref="Linear"/> becomes part of its weights. Default false.</param>
    /// <inheritdoc cref="Save(string, Layer, IReadOnlyList{string}?, IReadOnlyList{string}?, bool)" path="/exception[@cref!='T:System.UnauthorizedAccessException']"/>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "A path and a stream are not confused.")]
    public static void Save(Stream stream, Layer network, IReadOnlyList<string>? inputNames = null, IReadOnlyList<string>? classes = null, bool foldBatchNorm = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ToGraph(network, inputNames ?? [], classes ?? [], foldBatchNorm).Save(stream);
    }

    /// <summary>Loads a network of dense layers, as PyTorch, Keras (tf2onnx), scikit-learn (skl2onnx) or this library wrote it.</summary>
    /// <remarks>
    /// Read are <c>Gemm</c>, <c>MatMul</c> with <c>Add</c>, the activations of the catalogue, <c>BatchNormalization</c>, <c>LayerNormalization</c>, <c>Scaler</c>, constants that are
    /// added, subtracted, multiplied or divided by, residual sums, <c>Concat</c>, and what changes nothing. Anything else is refused by name. Weights of 64 bits are rounded
    /// to 32. What a file leaves out, dropout for instance, is not there.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is damaged, or has an operator that cannot be expressed; the message names the node.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read.</exception>
    public static OnnxModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        return Load(stream, path, null);
    }

    /// <summary>Loads a network from a stream, from where it is to its end; the stream stays open.</summary>
    /// <param name="stream">The stream. One that cannot seek is read into memory, up to 2 GB or <paramref name="maxMemory"/>.</param>
    /// <param name="maxMemory">The maximum number of bytes that reading may allocate; null (the default) for 16 times the length and 1 MB.</param>
    /// <inheritdoc cref="Load(string)" path="/exception[@cref!='T:System.UnauthorizedAccessException']"/>
    public static OnnxModel Load(Stream stream, long? maxMemory = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Load(stream, "the stream", maxMemory);
    }

    /// <summary>Throws if the names of classes are neither one for each output nor two for a single one.</summary>
    internal static void CheckClasses(IReadOnlyList<string> classes, int outputs)
    {
        if (classes.Count == 0 || classes.Count == outputs || (outputs == 1 && classes.Count == 2)) return;
        throw new ArgumentException($"The network gives {outputs} outputs, but there are {classes.Count} names of classes. Give one name for each, or none.", nameof(classes));
    }

    /// <summary>Whether a single output is positive above 0.5 rather than above 0.</summary>
    internal static bool EndsInSigmoid(Layer network) => network is Sigmoid || (network is Sequential && EndsInSigmoid(network.Children[^1]));

    private static OnnxModel Load(Stream stream, string file, long? maxMemory)
    {
        byte[] bytes = ReadAll(stream, file, maxMemory);
        var budget = new MemoryBudget(file, bytes.Length, maxMemory);
        return new OnnxImport(OnnxGraphFile.Read(bytes, file, budget), budget).ToModel();
    }

    private static byte[] ReadAll(Stream stream, string file, long? maxMemory)
    {
        long most = Math.Min(maxMemory ?? Array.MaxLength, Array.MaxLength);
        if (stream.CanSeek)
        {
            long length = stream.Length - stream.Position;
            if (length > most) throw FileProblem.At(file, 0, $"the file has {length} bytes, more than the {most} that can be read.");
            var bytes = new byte[length];
            stream.ReadExactly(bytes);
            return bytes;
        }

        using var copy = new MemoryStream();
        var piece = new byte[1 << 16];
        for (int read; (read = stream.Read(piece)) > 0; copy.Write(piece, 0, read))
        {
            if (copy.Length + read > most) throw FileProblem.At(file, copy.Length, $"it goes on after {most} bytes, which is all that can be read.");
        }

        return copy.ToArray();
    }

    private static OnnxGraph ToGraph(Layer network, IReadOnlyList<string> inputNames, IReadOnlyList<string> classes, bool foldBatchNorm)
    {
        ArgumentNullException.ThrowIfNull(network);
        int columns = network.InputSize ?? (inputNames.Count > 0
            ? inputNames.Count
            : throw new ArgumentException($"{network} takes any number of columns, and an ONNX file says how many. Pass the names of the columns.", nameof(network)));
        if (inputNames.Count > 0 && inputNames.Count != columns)
        {
            throw new ArgumentException($"The network takes {columns} input columns, but there are {inputNames.Count} names for its inputs. Give one name for each, or none.", nameof(inputNames));
        }

        int outputs = network.OutputSize(columns);
        CheckClasses(classes, outputs);
        var graph = new OnnxGraph(foldBatchNorm);
        string output = OnnxLayers.Write(graph, network, graph.Input("input", OnnxType.Float, columns), columns);
        graph.Output("output", output, OnnxType.Float, outputs);
        if (classes.Count > 0) graph.Output("label", Label(graph, output, outputs, classes, EndsInSigmoid(network)), OnnxType.Text);
        if (classes.Count > 0) graph.Metadata(ClassesKey, classes);
        if (inputNames.Count > 0) graph.Metadata(InputNamesKey, inputNames);
        return graph;
    }

    // The number of the likeliest class, and its name.
    private static string Label(OnnxGraph graph, string output, int outputs, IReadOnlyList<string> classes, bool isProbability)
    {
        string number = outputs > 1 || classes.Count == 1
            ? graph.Node("ArgMax", [output], ("axis", 1), ("keepdims", 0))
            : graph.Node("Reshape", [graph.Node("Cast", [graph.Node("Greater", [output, graph.Number("threshold", isProbability ? 0.5f : 0)])], ("to", OnnxType.WholeNumber)), graph.WholeNumbers("shape", -1)]);
        long[] numbers = [.. Enumerable.Range(0, classes.Count).Select(i => (long)i)];
        return graph.Node($"{LabelDomain}.LabelEncoder", [number], ("keys_int64s", numbers), ("values_strings", classes.ToArray()));
    }
}
