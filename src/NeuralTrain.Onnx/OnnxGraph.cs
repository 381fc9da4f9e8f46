using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NeuralTrain;

/// <summary>The operators of an ONNX file that is being written: custom layers add theirs (<see cref="IOnnxLayer"/>), and a file of your own can compute something before or after a network.</summary>
/// <remarks>
/// Operators are those of opset 17, of <c>ai.onnx.ml</c> 3. Values are known by name: an operator names those it reads, and gets the name of the one it computes.
/// <code>
/// var graph = new OnnxGraph();
/// string celsius = graph.Input("celsius", OnnxType.Float, 1);
/// string kelvin = graph.Node("Add", [celsius, graph.Number("zero", 273.15)]);
/// graph.Output("output", graph.Layer(network, "network", kelvin, 1), OnnxType.Float, 1);
/// graph.Save("model.onnx");
/// </code>
/// </remarks>
public sealed class OnnxGraph
{
    private const int IrVersion = 8, Opset = 17, LabelOpset = 3;

    // Types of attributes, as the format numbers them.
    private const int FloatAttribute = 1, IntegerAttribute = 2, TextAttribute = 3, FloatsAttribute = 6, IntegersAttribute = 7, TextsAttribute = 8;

    // Each name, with how many others were made of it.
    private readonly Dictionary<string, int> _names = [];

    // What the file calls a value by another name than it was given here.
    private readonly Dictionary<string, string> _renamed = [];
    private readonly Dictionary<string, ProtoMessage> _inputs = [], _outputs = [], _constants = [];
    private readonly List<(string Operator, string Domain, string[] Inputs, string Output, ProtoMessage[] Attributes)> _nodes = [];
    private readonly List<ProtoMessage> _metadata = [];
    private string _path = "";

    /// <summary>An empty graph.</summary>
    /// <param name="foldBatchNorm">Whether a <see cref="BatchNorm"/> directly after a <see cref="Linear"/> becomes part of its weights. Default false.</param>
    public OnnxGraph(bool foldBatchNorm = false) => FoldsBatchNorm = foldBatchNorm;

    internal bool FoldsBatchNorm { get; }

    /// <summary>Where in the network the layer is that is being written, as <c>2.0</c>.</summary>
    internal string Path => _path;

    /// <summary>Adds an input of the file, <c>[batch × columns]</c>. Add the inputs first: their names stay as they are.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">What its values are.</param>
    /// <param name="columns">The number of columns.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentException">There is a value of this name.</exception>
    public string Input(string name, OnnxType type, int columns)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!_names.TryAdd(name, 1)) throw new ArgumentException($"There is a value '{name}' already. Give the input another name, and add inputs before operators.", nameof(name));
        _inputs.Add(name, Value(name, type, columns));
        return name;
    }

    /// <summary>Makes a value an output of the file.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="value">The value, as an operator gave its name.</param>
    /// <param name="type">What its values are.</param>
    /// <param name="columns">The number of columns; null (the default) for <c>[batch]</c> without columns.</param>
    /// <exception cref="ArgumentException">There is an input or output of this name, or no such value.</exception>
    public void Output(string name, string value, OnnxType type, int? columns = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(value);
        if (_inputs.ContainsKey(name) || _outputs.ContainsKey(name)) throw new ArgumentException($"There is an input or output '{name}' already. Give the output another name.", nameof(name));
        if (!_names.ContainsKey(value)) throw new ArgumentException($"There is no value '{value}'. Pass what Node, Layer or Input returned.", nameof(value));
        if (_inputs.ContainsKey(value) || _renamed.ContainsKey(value)) value = Node("Identity", [value]);

        // An inner value of this name makes way.
        if (value != name && !_names.TryAdd(name, 1)) _renamed.TryAdd(name, Unique(name));
        _renamed[value] = name;
        _outputs.Add(name, Value(name, type, columns));
    }

    /// <summary>Adds an operator with one output.</summary>
    /// <param name="operation">Its name, as <c>Gemm</c>; with its domain if that is not the usual one, as <c>ai.onnx.ml.LabelEncoder</c>.</param>
    /// <param name="inputs">The names of the values it reads; an empty one for an optional input that is left out.</param>
    /// <param name="attributes">Its attributes: float, double, int, long, string, <see cref="OnnxType"/>, or arrays of float, long or string.</param>
    /// <returns>The name of its output.</returns>
    /// <exception cref="ArgumentException">An attribute is of another type.</exception>
    public string Node(string operation, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(operation);
        int dot = operation.LastIndexOf('.');
        string name = operation[(dot + 1)..], output = Unique(Below(name));
        var written = new ProtoMessage[attributes.Length];
        for (int i = 0; i < written.Length; i++) written[i] = Attribute(attributes[i].Name, attributes[i].Value);
        _nodes.Add((name, dot < 0 ? "" : operation[..dot], inputs.ToArray(), output, written));
        return output;
    }

    /// <summary>Adds numbers that operators read.</summary>
    /// <param name="name">What they are, as <c>weight</c>; the path of the layer is put before it.</param>
    /// <param name="values">The numbers; they are not copied, and must all be finite.</param>
    /// <param name="shape">Their shape; none for a single number.</param>
    /// <returns>Their name in the file.</returns>
    /// <exception cref="ArgumentException">The shape has another number of values.</exception>
    /// <exception cref="NotFiniteNumberException">A value is NaN or infinite.</exception>
    public string Constant(string name, Matrix values, params ReadOnlySpan<int> shape)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        long count = 1;
        foreach (int size in shape) count *= size;
        if (count != values.Span.Length) throw new ArgumentException($"'{Below(name)}' has {values.Span.Length} values, but its shape [{string.Join(", ", shape.ToArray())}] takes {count}.", nameof(shape));
        foreach (float value in values.Span)
        {
            if (!float.IsFinite(value)) throw new NotFiniteNumberException($"'{Below(name)}' has the value {value}: the training has diverged, and the file would be of no use. Save the best weights instead. Nothing was written.", value);
        }

        return Add(name, Tensor(OnnxType.Float, shape).Add(9, values));
    }

    /// <summary>Adds a single number that operators read.</summary>
    /// <param name="name">What it is, as <c>threshold</c>.</param>
    /// <param name="value">The number.</param>
    /// <param name="type"><see cref="OnnxType.Float"/> (the default), to which the number is rounded, or <see cref="OnnxType.Double"/>.</param>
    /// <returns>Its name in the file.</returns>
    public string Number(string name, double value, OnnxType type = OnnxType.Float) =>
        type == OnnxType.Double ? Add(name, Tensor(type, []).Add(10, value)) : Constant(name, new Matrix([(float)value], 1, 1));

    /// <summary>Adds whole numbers that operators read, such as a shape.</summary>
    /// <param name="name">What they are, as <c>shape</c>.</param>
    /// <param name="values">The numbers, a list of one dimension.</param>
    /// <returns>Their name in the file.</returns>
    public string WholeNumbers(string name, params ReadOnlySpan<long> values)
    {
        ProtoMessage tensor = Tensor(OnnxType.WholeNumber, [values.Length]);
        foreach (long value in values) tensor.Add(7, value);
        return Add(name, tensor);
    }

    /// <summary>Adds the operators of a layer, such as a whole network or a layer inside a custom container.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="name">Its name in the container: its position, as <c>0</c>. The names of its constants begin with it.</param>
    /// <param name="input">The name of its input.</param>
    /// <param name="columns">Columns of the input.</param>
    /// <returns>The name of its output.</returns>
    /// <exception cref="NotSupportedException">It is a custom layer that is not an <see cref="IOnnxLayer"/>.</exception>
    public string Layer(Layer layer, string name, string input, int columns)
    {
        ArgumentNullException.ThrowIfNull(layer);
        string outer = _path;
        _path = Below(name);
        string output = OnnxLayers.Write(this, layer, input, columns);
        _path = outer;
        return output;
    }

    /// <summary>Adds texts to the metadata of the file, as a JSON list.</summary>
    /// <param name="name">What they are, as <c>neuraltrain.classes</c>.</param>
    /// <param name="texts">The texts.</param>
    public void Metadata(string name, IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (string text in texts) json.WriteStringValue(text);
            json.WriteEndArray();
        }

        _metadata.Add(new ProtoMessage().Add(1, name).Add(2, Encoding.UTF8.GetString(buffer.ToArray())));
    }

    /// <summary>Writes the file. It appears complete or not at all: it is written next to the old one and then replaces it.</summary>
    /// <param name="path">The file, usually <c>….onnx</c>; an existing one is replaced.</param>
    /// <exception cref="NotSupportedException">It would take more than 2 GB, the limit of the format.</exception>
    /// <exception cref="IOException">The folder does not exist, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be written to.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ReplacedFile.Write(path, ToModel().Write);
    }

    /// <summary>Writes the file to a stream, which stays open.</summary>
    /// <param name="stream">The stream; it need not be able to seek.</param>
    /// <exception cref="NotSupportedException">It would take more than 2 GB, the limit of the format.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ToModel().Write(stream);
    }

    /// <summary>The operators, constants, inputs and outputs as a message.</summary>
    internal ProtoMessage ToGraph()
    {
        var graph = new ProtoMessage();
        foreach ((string operation, string domain, string[] inputs, string output, ProtoMessage[] attributes) in _nodes)
        {
            var node = new ProtoMessage();
            foreach (string input in inputs) node.Add(1, InFile(input));
            node.Add(2, InFile(output)).Add(3, output).Add(4, operation);
            foreach (ProtoMessage attribute in attributes) node.Add(5, attribute);
            if (domain.Length > 0) node.Add(7, domain);
            graph.Add(1, node);
        }

        graph.Add(2, "network");
        foreach ((string name, ProtoMessage constant) in _constants) graph.Add(5, new ProtoMessage(constant).Add(8, InFile(name)));
        foreach (ProtoMessage input in _inputs.Values) graph.Add(11, input);
        foreach (ProtoMessage output in _outputs.Values) graph.Add(12, output);
        return graph;
    }

    private ProtoMessage ToModel()
    {
        ProtoMessage model = new ProtoMessage().Add(1, IrVersion).Add(2, "NeuralTrain").Add(3, typeof(Layer).Assembly.GetName().Version?.ToString(3) ?? "").Add(7, ToGraph());
        foreach (string domain in _nodes.Select(node => node.Domain).Append("").Distinct().Order(StringComparer.Ordinal))
        {
            model.Add(8, new ProtoMessage().Add(1, domain).Add(2, domain switch { "" => Opset, OnnxFile.LabelDomain => LabelOpset, _ => 1 }));
        }

        foreach (ProtoMessage texts in _metadata) model.Add(14, texts);
        return model.Length <= int.MaxValue
            ? model
            : throw new NotSupportedException($"The file would take {model.Length} bytes; the format allows {int.MaxValue}. Save the network with ModelFile, or fewer parameters.");
    }

    private static ProtoMessage Value(string name, OnnxType type, int? columns)
    {
        ProtoMessage shape = new ProtoMessage().Add(1, new ProtoMessage().Add(2, "batch"));
        if (columns is int count) shape.Add(1, new ProtoMessage().Add(1, count));
        return new ProtoMessage().Add(1, name).Add(2, new ProtoMessage().Add(1, new ProtoMessage().Add(1, (int)type).Add(2, shape)));
    }

    private static ProtoMessage Tensor(OnnxType type, ReadOnlySpan<int> shape)
    {
        var tensor = new ProtoMessage();
        foreach (int size in shape) tensor.Add(1, size);
        return tensor.Add(2, (int)type);
    }

    private static ProtoMessage Attribute(string name, object value)
    {
        ProtoMessage attribute = new ProtoMessage().Add(1, name);
        switch (value)
        {
            case float number: return attribute.Add(2, number).Add(20, FloatAttribute);
            case double number: return attribute.Add(2, (float)number).Add(20, FloatAttribute);
            case int or long or OnnxType: return attribute.Add(3, Convert.ToInt64(value, CultureInfo.InvariantCulture)).Add(20, IntegerAttribute);
            case string text: return attribute.Add(4, text).Add(20, TextAttribute);
            case long[] numbers:
                foreach (long number in numbers) attribute.Add(8, number);
                return attribute.Add(20, IntegersAttribute);
            case float[] numbers:
                foreach (float number in numbers) attribute.Add(7, number);
                return attribute.Add(20, FloatsAttribute);
            case string[] texts:
                foreach (string text in texts) attribute.Add(9, text);
                return attribute.Add(20, TextsAttribute);
            default: throw new ArgumentException($"The attribute '{name}' must be a float, double, int, long, string, {nameof(OnnxType)}, or an array of float, long or string, received {value?.GetType().Name ?? "null"}.", nameof(value));
        }
    }

    private string Add(string name, ProtoMessage tensor)
    {
        string full = Unique(Below(name));
        _constants.Add(full, tensor);
        return full;
    }

    private string InFile(string name) => _renamed.GetValueOrDefault(name, name);

    private string Below(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private string Unique(string name)
    {
        string unique = name;
        while (!_names.TryAdd(unique, 1)) unique = $"{name}_{++_names[name]}";
        return unique;
    }
}
