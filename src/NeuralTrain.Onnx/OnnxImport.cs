using System.Text.Json;

namespace NeuralTrain;

/// <summary>Turns the operators of an ONNX file back into layers, from the output towards the input.</summary>
/// <remarks>
/// The graph is walked backwards: each step recognises the layer that produced a value and continues with that layer's input. Where several values come
/// together (a residual sum, branches side by side), each is walked back until they meet.
/// </remarks>
internal sealed partial class OnnxImport(OnnxGraphFile file, MemoryBudget budget)
{
    // As deep as settings may nest.
    private const int MaxDepth = 30;

    private readonly Dictionary<string, Value> _values = [];
    private readonly Dictionary<string, OnnxTensor> _constants = new(file.Tensors);
    private int _depth;

    // How many rows the input has, if the file allows one number alone.
    private long? _rows;

    /// <summary>The network and the names with it.</summary>
    /// <exception cref="InvalidDataException">It cannot be expressed; the message names the node.</exception>
    public OnnxModel ToModel()
    {
        Value input = ReadInput();
        foreach (OnnxNode node in file.Nodes) Add(node);
        Value output = Output();
        try
        {
            List<Layer> layers = Walk(output, input);
            if (layers.Count == 0) layers.Add(new Identity());
            var network = new Sequential([.. layers]);
            if (input.Width is int width && network.InputSize is int size && size != width) throw Damaged($"its input has {width} columns, but its first layer takes {size}");
            return new OnnxModel(network, Names(OnnxFile.InputNamesKey, network.InputSize), Classes(output.Width));
        }
        catch (Exception problem) when (problem is ArgumentException or OverflowException)
        {
            throw Damaged($"its layers do not fit together: {problem.Message}");
        }
    }

    // Reading the graph from the front: which values there are, and how wide.

    private Value ReadInput()
    {
        OnnxValue[] inputs = [.. file.Inputs.Where(value => !_constants.ContainsKey(value.Name))];
        if (inputs is not [OnnxValue input]) throw Damaged($"it has {inputs.Length} inputs{List(inputs)}; a network has one");
        if (input.Type is not (OnnxType.Float or OnnxType.Double)) throw Damaged($"its input '{Guard.Shorten(input.Name)}' has values of type {(int)input.Type}; floats (1) or doubles (11) are expected");
        if (input.Shape is { Count: not 2 } shape) throw Damaged($"its input '{Guard.Shorten(input.Name)}' has {shape.Count} dimensions; a network of dense layers takes [batch, columns]. Export it with an input of two dimensions");
        _rows = input.Shape?[0];
        var value = new Value(null, 0, input.Shape?[1] is long width && width <= int.MaxValue ? (int)width : null);
        _values[input.Name] = value;
        return value;
    }

    private void Add(OnnxNode node)
    {
        budget.Take();
        if (node.Outputs.Length == 0) throw Refuse(node, "gives nothing. The file is damaged");
        string output = node.Outputs[0];
        if (_values.ContainsKey(output) || _constants.ContainsKey(output)) throw Refuse(node, $"gives '{Guard.Shorten(output)}', which is there already. The file is damaged");
        if (node is { Operator: "Constant", Domain: "" })
        {
            _constants[output] = file.Tensor(node, "value") ?? throw Refuse(node, "is a constant without a tensor. Export the model with constants as tensors");
            return;
        }

        if (node.Operator == "Identity" && node.Inputs is [string same] && _constants.TryGetValue(same, out OnnxTensor? constant))
        {
            _constants[output] = constant;
            return;
        }

        if (node is { Operator: "Transpose", Domain: "", Inputs: [string turned] } && _constants.TryGetValue(turned, out constant) && constant.Shape is [long height, long breadth]
            && file.Lists(node, "perm").Integers is [] or [1, 0])
        {
            _constants[output] = constant with { Shape = [breadth, height], IsTransposed = !constant.IsTransposed };
            return;
        }

        int? width = null;
        foreach (string input in node.Inputs)
        {
            if (_values.TryGetValue(input, out Value? value))
            {
                value.Uses++;
                width ??= value.Width;
            }
            else if (input.Length > 0 && !_constants.ContainsKey(input))
            {
                throw Refuse(node, file.Nodes.Find(each => Array.IndexOf(each.Outputs, input) > 0) is OnnxNode giver
                    ? $"reads '{Guard.Shorten(input)}', a further output of {giver}; of each operator only the first output is read"
                    : $"reads '{Guard.Shorten(input)}', which nothing before it gives. The file is damaged");
            }
        }

        width = node.Operator switch
        {
            "Gemm" => Weights(node) is { Shape: [long rows, long columns] } ? (int)(node.Integer("transB", 0) == 0 ? columns : rows) : null,
            "MatMul" => Weights(node) is { Shape: [_, long columns] } ? (int)columns : null,
            "Concat" => Sum(node),
            _ => width ?? node.Inputs.Select(name => _constants.GetValueOrDefault(name)).Where(found => found is { Count: > 1, Shape.Length: > 0 }).Select(found => (int?)found!.Shape[^1]).FirstOrDefault(),
        };
        _values[output] = new Value(node, _values.Count, width);
    }

    private OnnxTensor? Weights(OnnxNode node) => node.Inputs.Length > 1 ? _constants.GetValueOrDefault(node.Inputs[1]) : null;

    private int? Sum(OnnxNode node)
    {
        long sum = 0;
        foreach (string input in node.Inputs)
        {
            if (_values.GetValueOrDefault(input)?.Width is not int width) return null;
            sum += width;
        }

        return sum <= int.MaxValue ? (int)sum : throw Refuse(node, $"gives {sum} columns, more than a matrix can have");
    }

    // The one output of floats; whole numbers and texts are labels. Labels alone are the places of the largest scores.
    private Value Output()
    {
        Value[] found = [.. file.Outputs.Where(value => value.Type is not (OnnxType.WholeNumber or OnnxGraphFile.ShortNumber or OnnxType.Text or OnnxType.Flag)).Select(value => Source(value.Name)).Distinct()];
        if (found.Length == 0 && file.Outputs is [OnnxValue label] && Source(label.Name).Node is { Operator: "ArgMax", Domain: "" } largest && IsColumns(largest, largest.Integer("axis", 0))) return Data(largest, 0);
        return found is [Value output] ? output : throw Damaged($"it has {found.Length} outputs of floats{List(file.Outputs)}; a network has one");
    }

    private Value Source(string name)
    {
        Value value = _values.GetValueOrDefault(name) ?? throw Damaged($"its output '{Guard.Shorten(name)}' is given by no node");
        return value.Node is { Operator: "ZipMap" or "Squeeze", Inputs: [string inner, ..] } node && _values.TryGetValue(inner, out Value? scores) && (node.Operator == "ZipMap" || scores.Width == 1) ? scores : value;
    }

    // Walking back.

    private List<Layer> Walk(Value from, Value to)
    {
        (Value meeting, List<Layer>[] branches) = Meet(null, [from, to]);
        return meeting == to && branches[1].Count == 0 ? branches[0] : throw Damaged("its output does not come from its input alone");
    }

    // Walks several values back until they meet: the last one to be computed goes first.
    private (Value Meeting, List<Layer>[] Branches) Meet(OnnxNode? node, Value[] values)
    {
        if (values.Length == 0) throw Refuse(node!, "reads nothing. The file is damaged");
        if (++_depth > MaxDepth) throw Damaged($"its branches nest more than {MaxDepth} deep");
        var branches = new List<Layer>[values.Length];
        for (int i = 0; i < branches.Length; i++) branches[i] = [];
        while (true)
        {
            budget.Take();
            int last = 0;
            bool met = true;
            for (int i = 1; i < values.Length; i++)
            {
                met &= values[i] == values[0];
                if (values[i].Index > values[last].Index) last = i;
            }

            if (met) break;
            if (values[last].Node is null) throw Refuse(node!, "brings together values that do not come from the same input");
            (Layer? layer, values[last]) = Step(values[last]);
            if (layer is not null) branches[last].Insert(0, layer);
        }

        _depth--;
        return (values[0], branches);
    }

    // Names.

    private List<string> Names(string key, int? count)
    {
        if (!file.Metadata.TryGetValue(key, out string? json)) return [];
        var names = new List<string>();
        try
        {
            var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json));
            while (reader.Read())
            {
                budget.Take();
                if (reader.TokenType == JsonTokenType.String) names.Add(reader.GetString()!);
            }
        }
        catch (JsonException problem)
        {
            throw Damaged($"its metadata '{key}' is not a list of texts: {problem.Message}");
        }

        return count is null || names.Count == count ? names : throw Damaged($"it has {names.Count} names for {count} columns");
    }

    private IReadOnlyList<string> Classes(int? outputs)
    {
        foreach (OnnxNode node in file.Nodes)
        {
            IReadOnlyList<string> found = (node.Domain, node.Operator) switch
            {
                ("ai.onnx.ml", "LabelEncoder") when file.Lists(node, "keys_int64s").Integers is long[] keys && keys.SequenceEqual(Enumerable.Range(0, keys.Length).Select(i => (long)i)) => file.Lists(node, "values_strings").Texts,
                ("ai.onnx.ml", "ArrayFeatureExtractor") when node.Inputs.Length > 0 && _constants.TryGetValue(node.Inputs[0], out OnnxTensor? labels) => file.Texts(labels),
                ("ai.onnx.ml", "ZipMap") => file.Lists(node, "classlabels_strings").Texts is { Length: > 0 } texts ? texts : [.. file.Lists(node, "classlabels_int64s").Integers.Select(number => $"{number}")],
                _ => [],
            };
            if (found.Count > 0 && (found.Count == outputs || (outputs == 1 && found.Count == 2))) return found;
        }

        return [];
    }

    private InvalidDataException Damaged(string what) => new($"{file.File}: {what}.");

    private static string List(IEnumerable<OnnxValue> values) => string.Concat(values.Take(4).Select(value => $", '{Guard.Shorten(value.Name)}'"));

    private InvalidDataException Refuse(OnnxNode node, string what) => new($"{file.File}: {node} {what}.");

    private static bool IsNear(double value, double expected) => Math.Abs(value - expected) <= 1e-5 * Math.Abs(expected);

    // 0.1 where the file has the float nearest to it.
    private static double Short(float value) => double.Parse(value.ToString(System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);

    // A value of the graph: what gives it (nothing for the input), its place in the order, its columns if known, and how many operators read it.
    private sealed class Value(OnnxNode? node, int index, int? width)
    {
        public OnnxNode? Node { get; } = node;

        public int Index { get; } = index;

        public int? Width { get; } = width;

        public int Uses { get; set; }
    }
}
