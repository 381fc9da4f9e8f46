namespace NeuralTrain;

/// <summary>The operators of an ONNX file that is being written; custom layers add theirs (<see cref="IOnnxLayer"/>).</summary>
/// <remarks>Operators are those of opset 17. Values are known by name: an operator names those it reads, and gets the name of the one it computes.</remarks>
public sealed class OnnxGraph
{
    // Types of attributes, as the format numbers them.
    private const int FloatAttribute = 1, IntegerAttribute = 2, TextAttribute = 3, FloatsAttribute = 6, IntegersAttribute = 7, TextsAttribute = 8;

    private readonly HashSet<string> _names = [OnnxFile.InputName, OnnxFile.OutputName, OnnxFile.LabelName];
    private readonly List<(string Operator, string Domain, string[] Inputs, string Output, (string, object)[] Attributes)> _nodes = [];
    private readonly List<ProtoMessage> _constants = [];
    private string _path = "";

    internal OnnxGraph(bool foldsBatchNorm) => FoldsBatchNorm = foldsBatchNorm;

    internal bool FoldsBatchNorm { get; }

    /// <summary>Adds an operator with one output.</summary>
    /// <param name="operation">Its name, as <c>Gemm</c>.</param>
    /// <param name="inputs">The names of the values it reads; an empty one for an optional input that is left out.</param>
    /// <param name="attributes">Its attributes: float, double, int, long, string, or arrays of float, long or string.</param>
    /// <returns>The name of its output.</returns>
    public string Node(string operation, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) => Node(operation, "", inputs, attributes);

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
        string full = Unique(Below(name));
        if (count != values.Span.Length) throw new ArgumentException($"'{full}' has {values.Span.Length} values, but its shape [{string.Join(", ", shape.ToArray())}] takes {count}.", nameof(shape));
        foreach (float value in values.Span)
        {
            if (!float.IsFinite(value)) throw new NotFiniteNumberException($"'{full}' has the value {value}: the training has diverged, and the file would be of no use. Save the best weights instead. Nothing was written.", value);
        }

        _constants.Add(Tensor(full, OnnxFile.FloatType, shape).Add(9, values));
        return full;
    }

    /// <summary>Adds the operators of a layer inside a custom container.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="name">Its name in the container: its position, as <c>0</c>.</param>
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

    /// <summary>Where in the network the layer is that is being written, as <c>2.0</c>.</summary>
    internal string Path => _path;

    internal string Node(string operation, string domain, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        string output = Unique(Below(operation));
        _nodes.Add((operation, domain, inputs.ToArray(), output, attributes.ToArray()));
        return output;
    }

    internal string Number(string name, float value) => Constant(name, new Matrix([value], 1, 1));

    /// <summary>Adds whole numbers, such as a shape.</summary>
    internal string WholeNumbers(string name, params ReadOnlySpan<long> values)
    {
        string full = Unique(Below(name));
        ProtoMessage tensor = Tensor(full, OnnxFile.IntegerType, [values.Length]);
        foreach (long value in values) tensor.Add(7, value);
        _constants.Add(tensor);
        return full;
    }

    /// <summary>The graph as a message. What the value of this name is called, the file calls by the new name.</summary>
    internal ProtoMessage ToMessage(IReadOnlyDictionary<string, string> renamed)
    {
        var graph = new ProtoMessage();
        foreach ((string operation, string domain, string[] inputs, string output, (string, object)[] attributes) in _nodes)
        {
            var node = new ProtoMessage();
            foreach (string input in inputs) node.Add(1, renamed.GetValueOrDefault(input, input));
            node.Add(2, renamed.GetValueOrDefault(output, output)).Add(3, output).Add(4, operation);
            foreach ((string name, object value) in attributes) node.Add(5, Attribute(name, value));
            if (domain.Length > 0) node.Add(7, domain);
            graph.Add(1, node);
        }

        graph.Add(2, "network");
        foreach (ProtoMessage constant in _constants) graph.Add(5, constant);
        return graph;
    }

    private static ProtoMessage Tensor(string name, int type, ReadOnlySpan<int> shape)
    {
        var tensor = new ProtoMessage();
        foreach (int size in shape) tensor.Add(1, size);
        return tensor.Add(2, type).Add(8, name);
    }

    private static ProtoMessage Attribute(string name, object value)
    {
        ProtoMessage attribute = new ProtoMessage().Add(1, name);
        switch (value)
        {
            case float number: return attribute.Add(2, number).Add(20, FloatAttribute);
            case double number: return attribute.Add(2, (float)number).Add(20, FloatAttribute);
            case int whole: return attribute.Add(3, whole).Add(20, IntegerAttribute);
            case long whole: return attribute.Add(3, whole).Add(20, IntegerAttribute);
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
            default: throw new ArgumentException($"The attribute '{name}' must be a float, double, int, long, string, or an array of float, long or string, received {value?.GetType().Name ?? "null"}.", nameof(value));
        }
    }

    private string Below(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private string Unique(string name)
    {
        string unique = name;
        for (int i = 2; !_names.Add(unique); i++) unique = $"{name}_{i}";
        return unique;
    }
}
