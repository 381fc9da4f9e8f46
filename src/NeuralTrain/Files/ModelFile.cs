using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NeuralTrain;

/// <summary>Saves a trained network as one file that describes itself, and loads it again, even in a program without code for its layers, or in Python.</summary>
/// <remarks>
/// <para>
/// The file is in the safetensors format: the parameters and statistics under the names PyTorch gives them in an <c>nn.Sequential</c> of the same layers
/// (<c>0.weight</c>, <c>3.running_mean</c>; weights <c>[outputs, inputs]</c>), and in its metadata the layers, the names of classes and columns, and the loss. Layers are
/// named by registered kinds (<see cref="LayerKinds"/>), never by .NET types, so loading a file cannot run code from it.
/// </para>
/// <para>
/// In Python <c>safetensors.torch.load_file("wine.safetensors")</c> gives a <c>state_dict</c> that <c>load_state_dict</c> of the same <c>nn.Sequential</c> accepts, strictly;
/// for that each layer with a <c>running_mean</c> also writes <c>num_batches_tracked</c> (0; ignored when a file is read). In the other direction, use
/// <c>safetensors.torch.save_file(network.state_dict(), …)</c> and <c>LoadInto</c>.
/// </para>
/// <para>
/// Files from elsewhere are safe to open: any error in one gives an <see cref="InvalidDataException"/> that names the byte, and reading it allocates at most 16 times its
/// size and 1 MB, unless you allow more.
/// </para>
/// </remarks>
public static class ModelFile
{
    /// <summary>The version of this library, as <c>1.0.0</c>.</summary>
    internal static readonly string LibraryVersion = typeof(ModelFile).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    private const string ModelKey = "neuraltrain.model", FormatKey = "format", ChecksumKey = "neuraltrain.checksum";
    private const int FormatVersion = 1;

    // More than a million layers take.
    private const int MaxDescriptionLength = 1 << 24;

    // What a layer takes, still without the values of its parameters, and for each of its settings; and a container to look at each layer below it.
    private const double LayerBytes = 600, SettingBytes = 400, LookBytes = 250;

    /// <summary>Saves a network. The file appears complete or not at all: it is written next to the old one and then replaces it; if anything fails, the old one stays.</summary>
    /// <param name="path">The file, usually <c>….safetensors</c>; an existing one is replaced.</param>
    /// <param name="network">The network, with its statistics and the state of its random streams.</param>
    /// <param name="classes">
    /// The names of the classes, one for each output, or two for a single score (negative, positive); null or empty (the default) if there are no classes. Usually <c>data.Classes</c>.
    /// </param>
    /// <param name="loss">
    /// The loss it was trained with, which determines the meaning of its outputs. Without it (the default), outputs count as class scores if there are classes and the network does
    /// not end in probabilities (<see cref="Softmax"/>, <see cref="Sigmoid"/>), and as plain values otherwise.
    /// </param>
    /// <param name="inputNames">The names of the input columns; null or empty (the default) for unnamed columns. Usually <c>data.InputNames</c>.</param>
    /// <param name="texts">Further texts by name, which are stored in the file and loaded as <see cref="SavedModel.Texts"/>; none by default.</param>
    /// <exception cref="ArgumentException">There are more or fewer names than columns, a text has a reserved name, or the path is empty.</exception>
    /// <exception cref="NotFiniteNumberException">A parameter is NaN or infinite, a running variance negative, or a scale to divide by 0: a useless file is not written.</exception>
    /// <exception cref="NotSupportedException">A custom layer is not registered, see <see cref="LayerKinds"/>, has two parameters with the same name, or containers nest more than 30 deep.</exception>
    /// <exception cref="IOException">The folder does not exist, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">Writing to the folder is not permitted.</exception>
    public static void Save(
        string path, Sequential network, IReadOnlyList<string>? classes = null, Loss? loss = null, IReadOnlyList<string>? inputNames = null,
        IReadOnlyDictionary<string, string>? texts = null)
    {
        ReplacedFile.Write(path, stream => Save(stream, network, classes, loss, inputNames, texts));
    }

    /// <summary>Saves a network to a stream, as to a file; the stream stays open.</summary>
    /// <param name="stream">The stream, such as a blob; it need not be able to seek.</param>
    /// <param name="network">The network, with its statistics and the state of its random streams.</param>
    /// <param name="classes">The names of the classes; null or empty (the default) if there are no classes.</param>
    /// <param name="loss">The loss it was trained with; without it (the default) the meaning of the outputs is guessed as for a file.</param>
    /// <param name="inputNames">The names of the input columns; null or empty (the default) for unnamed columns.</param>
    /// <param name="texts">Further texts by name; none by default.</param>
    /// <inheritdoc cref="Save(string, Sequential, IReadOnlyList{string}?, Loss?, IReadOnlyList{string}?, IReadOnlyDictionary{string, string}?)" path="/exception[@cref!='T:System.UnauthorizedAccessException']"/>
    public static void Save(
        Stream stream, Sequential network, IReadOnlyList<string>? classes = null, Loss? loss = null, IReadOnlyList<string>? inputNames = null,
        IReadOnlyDictionary<string, string>? texts = null)
    {
        // Everything is checked before the first byte, so that nothing is written of what cannot be saved.
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(network);
        (classes, inputNames) = (classes ?? [], inputNames ?? []);
        if (Misfit(network, classes, inputNames) is { } misfit) throw new ArgumentException($"{misfit.Problem} Give one name for each, or none.", misfit.Parameter);
        var model = new Settings("model");
        model.Set("format", FormatVersion);
        model.Set("library", LibraryVersion);
        model.Set("output", $"{loss?.OutputKind ?? Guess(network, classes)}");
        if (loss is not null) model.Set("loss", loss.GetType().Name);
        if (classes.Count > 0) model.Set("classes", classes);
        if (inputNames.Count > 0) model.Set("inputs", inputNames);
        model.Set("network", [LayerKinds.Describe(network, withState: true)]);

        // "format" is what other libraries look for before they load tensors into PyTorch.
        var metadata = new Dictionary<string, string> { [FormatKey] = "pt", [ModelKey] = ToJson(model), [ChecksumKey] = "" };
        foreach ((string name, string text) in texts ?? new Dictionary<string, string>())
        {
            if (!metadata.TryAdd(name, text)) throw new ArgumentException($"The file needs the name '{name}' itself. Give the text another one.", nameof(texts));
        }

        metadata[ChecksumKey] = Checksum(metadata, network);
        SafetensorsContent[] tensors =
        [
            .. TensorMatch.BatchCounts(network).Select(SafetensorsContent.Zero),
            .. network.NamedParameters().Select(named => SafetensorsContent.Of(named.Path, named.Parameter).Check(named.Parameter.Range)),
        ];

        // Read, a layer takes up to about 8 kB, however small its description and its tensors: the file has to be as long as allows that (see MemoryBudget).
        const long BytesOfLayer = 640, BytesThatAreFree = 1 << 16;
        SafetensorsWriter.Write(stream, metadata, tensors, leastHeader: (BytesOfLayer * network.SelfAndBelow().Count()) - BytesThatAreFree);
    }

    /// <summary>Loads a network that <c>Save</c> wrote; the program needs code only for custom layers (<see cref="LayerKinds"/>).</summary>
    /// <param name="path">The file.</param>
    /// <returns>The network and its description in the file. Training can continue, with the random numbers that would have come next.</returns>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, not a model file, or asks for more memory than 16 times its size and 1 MB; the message names the byte and what was expected there.
    /// </exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not permitted.</exception>
    public static SavedModel Load(string path) => SafetensorsReader.Open(path, Read);

    /// <summary>Loads a network from a stream, such as an embedded resource: from its current position to its end. The stream stays open.</summary>
    /// <param name="stream">The stream; one that cannot seek is copied into memory first, up to 1 GB or <paramref name="maxMemory"/>.</param>
    /// <param name="maxMemory">The maximum number of bytes loading may allocate; null (the default) for 16 times the size of the stream and 1 MB.</param>
    /// <inheritdoc cref="Load(string)" path="/returns|/exception[@cref!='T:System.UnauthorizedAccessException']"/>
    public static SavedModel Load(Stream stream, long? maxMemory = null) => Read(SafetensorsReader.Open(stream, maxMemory));

    /// <summary>Loads a network from a stream that must not be read synchronously, such as the body of a request: from its current position to its end. The stream stays open.</summary>
    /// <param name="stream">The stream; it is copied into memory first, up to 1 GB or <paramref name="maxMemory"/>.</param>
    /// <param name="maxMemory">The maximum number of bytes loading may allocate; null (the default) for 16 times the size of the stream and 1 MB.</param>
    /// <param name="cancellationToken">Ends the reading, with an <see cref="OperationCanceledException"/>.</param>
    /// <inheritdoc cref="Load(string)" path="/returns|/exception[@cref!='T:System.UnauthorizedAccessException']"/>
    public static async Task<SavedModel> LoadAsync(Stream stream, long? maxMemory = null, CancellationToken cancellationToken = default) =>
        Load(await SafetensorsReader.CopyAsync(stream, maxMemory, cancellationToken).ConfigureAwait(false), maxMemory);

    /// <summary>Fills a network built in code with the tensors of a file, which may come from Python: any safetensors file with the right names and shapes.</summary>
    /// <remarks>
    /// Strict: all names and shapes must fit, and all values are checked, before the first is copied. <c>F16</c> and <c>BF16</c> are widened, which loses nothing; other types are refused.
    /// The layers described in the file, if any, are ignored, as are its checksum, which covers a whole model, and <c>num_batches_tracked</c>.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="network">The network to fill, or a part of one: names in the file are relative to this layer.</param>
    /// <param name="rename">
    /// The name of a parameter of the network for the name of a tensor in the file, such as <c>0.weight</c> for <c>fc1.weight</c>; null to leave the tensor out. By default names are used unchanged.
    /// </param>
    /// <param name="partial">Whether parameters may be missing in the file and keep their values; at least one must be there. Default false.</param>
    /// <param name="roundF64">Whether <c>F64</c> is rounded to float32 instead of refused. Default false.</param>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, or does not fit; then every missing, unexpected and mismatched tensor is listed, with both shapes. The network is unchanged.
    /// </exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not permitted.</exception>
    public static void LoadInto(string path, Layer network, Func<string, string?>? rename = null, bool partial = false, bool roundF64 = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        SafetensorsReader.Open(path, reader => Fill(network, reader, rename, partial, roundF64));
    }

    /// <summary>Fills a network with the tensors of a stream, as with those of a file. The stream stays open.</summary>
    /// <param name="stream">The stream, from its current position to its end; one that cannot seek is copied into memory first, up to 1 GB.</param>
    /// <param name="network">The network to fill, or a part of one: names begin at this layer.</param>
    /// <param name="rename">The name of a parameter for the name of a tensor, or null to leave it out; by default names are used unchanged.</param>
    /// <param name="partial">Whether parameters may be missing and keep their values. Default false.</param>
    /// <param name="roundF64">Whether <c>F64</c> is rounded to float32. Default false.</param>
    /// <inheritdoc cref="LoadInto(string, Layer, Func{string, string?}?, bool, bool)" path="/exception[@cref!='T:System.UnauthorizedAccessException']"/>
    public static void LoadInto(Stream stream, Layer network, Func<string, string?>? rename = null, bool partial = false, bool roundF64 = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        Fill(network, SafetensorsReader.Open(stream), rename, partial, roundF64);
    }

    /// <summary>The model of an open file.</summary>
    internal static SavedModel Read(SafetensorsReader reader)
    {
        if (!reader.Header.Metadata.TryGetValue(ModelKey, out (string Json, long Place) description))
        {
            throw reader.Problem(
                SafetensorsHeader.LengthBytes,
                $"there is no description of a network ('{ModelKey}' in the metadata): the file was not written by ModelFile.Save. Build the network in code and fill it with ModelFile.LoadInto.");
        }

        SavedModel model;
        try
        {
            model = Create(description.Json, reader);
        }
        catch (Exception problem) when (problem is InvalidDataException or JsonException or ArgumentException or OverflowException)
        {
            throw reader.Problem(description.Place, $"the description of the model that begins here is damaged: {problem.Message}", problem);
        }

        foreach ((Parameter parameter, SafetensorsTensor tensor) in TensorMatch.Of(model.Network, reader))
        {
            reader.Budget.Take(2.0 * sizeof(float) * tensor.Count);
            reader.Read(tensor, parameter.Overwrite(), parameter.Range);
        }

        if (reader.Header.Metadata.TryGetValue(ChecksumKey, out (string Text, long Place) sum) && sum.Text != Checksum(reader.Header.Metadata.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Text)), model.Network))
        {
            throw reader.Problem(sum.Place, $"the checksum that begins here does not match the content: the file is damaged, as by an unfinished copy. If it was changed on purpose, take '{ChecksumKey}' out of its metadata.");
        }

        return model;
    }

    private static void Fill(Layer network, SafetensorsReader reader, Func<string, string?>? rename, bool partial, bool roundF64)
    {
        (Parameter Parameter, float[] Values)[] all = [.. TensorMatch.Of(network, reader, rename, partial, roundF64).Select(pair => (pair.Parameter, reader.Read(pair.Tensor, pair.Parameter.Range)))];
        foreach ((Parameter parameter, float[] values) in all) values.CopyTo(parameter.Overwrite());
    }

    // Each of the containers around a layer looks at it when it is made.
    private static double Cost(Settings layer, int containers = 0) =>
        LayerBytes + (SettingBytes * layer.Values.Count) + (LookBytes * containers) + (layer.Has("layers") ? layer.Parts("layers").Sum(part => Cost(part, containers + 1)) : 0);

    private static string ToJson(Settings model)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        SettingsConverter.Write(json, model);
        json.Flush();
        return buffer.WrittenCount <= MaxDescriptionLength
            ? Encoding.UTF8.GetString(buffer.WrittenSpan)
            : throw new NotSupportedException($"The description of this network takes {buffer.WrittenCount} bytes; a file has room for {MaxDescriptionLength}. Save fewer layers, or shorter names.");
    }

    // The model with a network whose parameters are still to be filled in.
    private static SavedModel Create(string text, SafetensorsReader reader)
    {
        MemoryBudget budget = reader.Budget;
        if (text.Length > MaxDescriptionLength) throw new InvalidDataException($"it has {text.Length} characters, more than the {MaxDescriptionLength} that are allowed.");
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        budget.TakeJson(bytes, Settings.MaxJsonDepth);
        var json = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Settings.MaxJsonDepth });
        json.Read();
        Settings model = SettingsConverter.Read(ref json);
        json.Read();
        if (model.WholeNumber("format") is int version and not FormatVersion)
        {
            throw new InvalidDataException($"it is of version {version}, and this library reads version {FormatVersion}. Use the library's version that wrote it, or a newer one.");
        }

        string output = model.Text("output");
        if (!Enum.TryParse(output, out OutputKind kind) || Enum.GetName(kind) != output) throw new InvalidDataException($"'{Guard.Shorten(output)}' is not a meaning of outputs that this library knows.");
        if (model.Parts("network") is not [Settings layers] || layers.Kind != nameof(Sequential)) throw new InvalidDataException("its network must be a single Sequential.");
        budget.Take(Cost(layers));
        var network = (Sequential)LayerKinds.Create(layers);
        IReadOnlyList<string> classes = model.Has("classes") ? model.Texts("classes") : [], inputs = model.Has("inputs") ? model.Texts("inputs") : [];
        return Misfit(network, classes, inputs) is { } misfit
            ? throw new InvalidDataException(misfit.Problem)
            : new SavedModel(network, kind, classes, inputs, model.Has("loss") ? model.Text("loss") : null, model.Has("library") ? model.Text("library") : "unknown",
                reader.Header.Metadata.Where(pair => pair.Key is not (FormatKey or ModelKey or ChecksumKey)).ToDictionary(pair => pair.Key, pair => pair.Value.Text));
    }

    // Of all texts and values: a file that is half of one model and half of another has neither's.
    private static string Checksum(IEnumerable<KeyValuePair<string, string>> texts, Sequential network)
    {
        uint sum = 0;
        foreach ((string name, string text) in texts.Where(pair => pair.Key is not (FormatKey or ChecksumKey)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            foreach (char letter in name) sum = BitOperations.Crc32C(sum, letter);
            foreach (char letter in text) sum = BitOperations.Crc32C(sum, letter);
        }

        foreach ((_, Parameter parameter) in network.NamedParameters())
        {
            foreach (float value in parameter.Value.Span) sum = BitOperations.Crc32C(sum, BitConverter.SingleToUInt32Bits(value));
        }

        return sum.ToString("x8", CultureInfo.InvariantCulture);
    }

    // Without a loss, outputs count as scores if there are classes, unless the network itself ends in probabilities.
    private static OutputKind Guess(Sequential network, IReadOnlyList<string> classes) =>
        classes.Count == 0 || network.OutputLayers.Any(layer => layer.GivesProbabilities) ? OutputKind.Values
        : OutputWidth(network) == 1 ? OutputKind.BinaryScores
        : OutputKind.ClassScores;

    private static int? OutputWidth(Sequential network) => network.InputSize is int size ? network.OutputSize(size) : null;

    private static (string Problem, string Parameter)? Misfit(Sequential network, IReadOnlyList<string> classes, IReadOnlyList<string> inputNames)
    {
        if (network.InputSize is int columns && inputNames.Count > 0 && inputNames.Count != columns)
        {
            return ($"The network takes {columns} input columns, but there are {inputNames.Count} names for its inputs.", nameof(inputNames));
        }

        // A single score decides between two classes.
        return OutputWidth(network) is int outputs && classes.Count > 0 && classes.Count != outputs && !(outputs == 1 && classes.Count == 2)
            ? ($"The network gives {outputs} outputs, but there are {classes.Count} names of classes.", nameof(classes))
            : null;
    }
}
