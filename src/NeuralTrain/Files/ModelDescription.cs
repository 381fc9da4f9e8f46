using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NeuralTrain;

/// <summary>What a model file says in its metadata: the network's layers, and what its columns mean.</summary>
/// <param name="Classes">The names of the classes; none if there are none.</param>
/// <param name="InputNames">The names of the input columns; none if they have none.</param>
/// <param name="OutputKind">What the outputs mean.</param>
/// <param name="LossName">The loss, for people; null if there is none.</param>
internal sealed record ModelDescription(IReadOnlyList<string> Classes, IReadOnlyList<string> InputNames, OutputKind OutputKind, string? LossName)
{
    /// <summary>The version of the metadata that this library writes, and the newest it reads.</summary>
    public const int FormatVersion = 1;

    private const string Prefix = "neuraltrain.";
    private const string FormatKey = Prefix + "format";
    private const string VersionKey = Prefix + "version";
    private const string NetworkKey = Prefix + "network";
    private const string ClassesKey = Prefix + "classes";
    private const string InputsKey = Prefix + "inputs";
    private const string OutputKey = Prefix + "output";
    private const string LossKey = Prefix + "loss";

    // A description of a million layers, far beyond any network: the memory to make layers from it stays small.
    private const int MaxNetworkLength = 1 << 24;

    // A container takes two levels, itself and its list; a layer may have lists of its own.
    private const int MaxJsonDepth = (2 * LayerKinds.MaxDepth) + 8;

    /// <summary>The version of this library, as <c>0.1.0</c>.</summary>
    public static string LibraryVersion { get; } = typeof(ModelDescription).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    /// <summary>Checks names against the network, and says what its outputs mean.</summary>
    /// <exception cref="ArgumentException">There are more or fewer names than columns.</exception>
    public static ModelDescription For(Sequential network, IReadOnlyList<string>? classes, Loss? loss, IReadOnlyList<string>? inputNames)
    {
        string[] inputs = [.. inputNames ?? []];
        string[] labels = [.. classes ?? []];
        if (Misfit(network, labels, inputs) is string misfit)
        {
            throw new ArgumentException($"{misfit} Give one name for each, or none.", inputs.Length > 0 && misfit.Contains("input", StringComparison.Ordinal) ? nameof(inputNames) : nameof(classes));
        }

        return new ModelDescription(labels, inputs, loss?.OutputKind ?? Guess(network, labels), loss?.GetType().Name);
    }

    /// <summary>The description of a network and what this says of it as the texts of a file.</summary>
    public Dictionary<string, string> Write(Sequential network)
    {
        var texts = new Dictionary<string, string>
        {
            // What other libraries look for before they load tensors into PyTorch.
            ["format"] = "pt",
            [FormatKey] = $"{FormatVersion}",
            [VersionKey] = LibraryVersion,
            [NetworkKey] = LayerKinds.Describe(network).ToJsonString(),
            [OutputKey] = $"{OutputKind}",
        };
        if (Classes.Count > 0)
        {
            texts[ClassesKey] = Join(Classes);
        }

        if (InputNames.Count > 0)
        {
            texts[InputsKey] = Join(InputNames);
        }

        if (LossName is not null)
        {
            texts[LossKey] = LossName;
        }

        return texts;
    }

    /// <summary>Makes the network that a file describes, whose parameters are still to be filled in, and reads what the file says of it.</summary>
    /// <exception cref="InvalidDataException">There is no description, or it is damaged, or of a newer version.</exception>
    public static (Sequential Network, ModelDescription Description, string LibraryVersion) Read(SafetensorsReader reader)
    {
        if (!reader.Header.Metadata.ContainsKey(NetworkKey))
        {
            throw FileProblem.At(
                reader.File, SafetensorsHeader.LengthBytes,
                $"the file has tensors but no description of a network ('{NetworkKey}' in its metadata): it was not written by ModelFile.Save. Build the network in " +
                "code and fill it with ModelFile.LoadInto.");
        }

        (string format, long formatPlace) = Text(reader, FormatKey);
        if (!int.TryParse(format, out int version) || version < 1 || version > FormatVersion)
        {
            throw FileProblem.At(
                reader.File, formatPlace,
                $"the file is of version '{FileProblem.Shorten(format)}' of the model format; this library reads versions 1 to {FormatVersion}. Use the library's version that wrote it, or a newer one.");
        }

        Sequential network = ReadNetwork(reader);
        (string output, long outputPlace) = Text(reader, OutputKey);
        OutputKind kind = Enum.GetValues<OutputKind>().Cast<OutputKind?>().FirstOrDefault(known => $"{known}" == output)
            ?? throw FileProblem.At(reader.File, outputPlace, $"'{FileProblem.Shorten(output)}' is no meaning of outputs that this library knows. The file is damaged, or newer.");
        var description = new ModelDescription(
            Names(reader, ClassesKey), Names(reader, InputsKey), kind, reader.Header.Metadata.TryGetValue(LossKey, out (string Text, long) loss) ? loss.Text : null);
        return Misfit(network, description.Classes, description.InputNames) is string misfit
            ? throw FileProblem.At(reader.File, reader.Header.Metadata[NetworkKey].Place, $"{misfit} The file is damaged.")
            : (network, description, reader.Header.Metadata.TryGetValue(VersionKey, out (string Text, long) by) ? by.Text : "unknown");
    }

    // Without a loss the outputs are taken for scores where there are classes to score, unless the network ends in probabilities itself.
    private static OutputKind Guess(Sequential network, string[] classes) =>
        classes.Length == 0 || network.OutputLayers.Any(layer => layer is Softmax or LogSoftmax or Sigmoid) ? OutputKind.Values
        : NetworkEnd.Width(network) == 1 ? OutputKind.BinaryScores
        : OutputKind.ClassScores;

    private static string? Misfit(Sequential network, IReadOnlyList<string> classes, IReadOnlyList<string> inputs)
    {
        if (network.InputSize is int columns && inputs.Count > 0 && inputs.Count != columns)
        {
            return $"The network takes {columns} input columns, but there are {inputs.Count} names for its inputs.";
        }

        // A single score decides between two classes.
        return NetworkEnd.Width(network) is int outputs && classes.Count > 0 && classes.Count != outputs && !(outputs == 1 && classes.Count == 2)
            ? $"The network gives {outputs} outputs, but there are {classes.Count} names of classes."
            : null;
    }

    private static Sequential ReadNetwork(SafetensorsReader reader)
    {
        (string text, long place) = Text(reader, NetworkKey);
        if (text.Length > MaxNetworkLength)
        {
            throw FileProblem.At(reader.File, place, $"the description of the network has {text.Length} characters, more than the {MaxNetworkLength} that are allowed. The file is damaged.");
        }

        FileProblem.CheckJson(Encoding.UTF8.GetBytes(text), MaxJsonDepth, reader.File, place);
        JsonNode? json = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
        try
        {
            return json is JsonObject description && LayerKinds.Create(description, new ValueBudget(reader.WeightCount)) is Sequential network
                ? network
                : throw new InvalidDataException("The description of the network must be that of a Sequential. The file is damaged.");
        }
        catch (InvalidDataException problem)
        {
            throw FileProblem.At(reader.File, place, problem.Message, problem);
        }
    }

    private static (string Text, long Place) Text(SafetensorsReader reader, string key) => reader.Header.Metadata.TryGetValue(key, out (string, long) text)
        ? text
        : throw FileProblem.At(reader.File, SafetensorsHeader.LengthBytes, $"the metadata lack '{key}'. The file is damaged.");

    private static string[] Names(SafetensorsReader reader, string key)
    {
        if (!reader.Header.Metadata.TryGetValue(key, out (string Text, long Place) list))
        {
            return [];
        }

        FileProblem.CheckJson(Encoding.UTF8.GetBytes(list.Text), MaxJsonDepth, reader.File, list.Place);
        return JsonNode.Parse(list.Text) is JsonArray names && names.All(name => name is JsonValue && name.GetValueKind() == JsonValueKind.String)
            ? [.. names.Select(name => name!.GetValue<string>())]
            : throw FileProblem.At(reader.File, list.Place, $"'{key}' must be a list of texts. The file is damaged.");
    }

    private static string Join(IReadOnlyList<string> names)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (string name in names)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
