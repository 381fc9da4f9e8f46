using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace NeuralTrain;

/// <summary>Turns layers into statements. In what it writes, <c>s</c> holds the values of one row, each layer's output after its input, and <c>W</c> all parameters.</summary>
internal sealed partial class CSharpWriter
{
    // What the literals of an assembly may take, in characters, with a reserve for the program's own.
    private const int MaxCharacters = 8_000_000, LineLength = 160;

    private readonly Layer _network;
    private readonly int _columns;
    private readonly List<float> _weights = [];
    private readonly StringBuilder _steps = new();
    private readonly SortedSet<string> _helpers = new(StringComparer.Ordinal);
    private readonly int _output;
    private int _length;

    public CSharpWriter(Layer network, int? columns)
    {
        _network = network;
        _columns = network.InputSize ?? columns ?? throw new ArgumentException($"{network} takes any number of columns. Pass inputSize.", nameof(columns));
        if (columns is int given && given != _columns) throw new ArgumentException($"The network takes {_columns} columns, received inputSize {given}. Leave it out.", nameof(columns));
        _length = _columns;
        _output = Add(network, 0, _columns, "");
    }

    /// <summary>The class.</summary>
    public string Write(string name, IReadOnlyList<string> classes)
    {
        if (name is null || !Name().IsMatch(name)) throw new ArgumentException($"name must be the name of a class, such as Flowers or Garden.Flowers, received '{name}'.", nameof(name));
        int outputs = _network.OutputSize(_columns);
        OnnxFile.CheckClasses(classes, outputs);
        string weights = Convert.ToBase64String(Bytes());
        if (weights.Length > MaxCharacters) throw new NotSupportedException($"{_weights.Count} parameters take {weights.Length} characters; an assembly has room for {MaxCharacters}. Write an ONNX file instead.");
        int dot = name.LastIndexOf('.');
        string text = Fill(Template, new()
        {
            ["network"] = $"{_network}".Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal),
            ["name"] = name[(dot + 1)..],
            ["inputs"] = $"{_columns}",
            ["outputs"] = $"{outputs}",
            ["length"] = $"{_length}",
            ["output"] = $"{_output}",
            ["steps"] = _steps.ToString().TrimEnd(),
            ["classes"] = classes.Count == 0 ? "" : Fill(ClassesTemplate, new()
            {
                ["labels"] = string.Join(", ", classes.Select(Literal)),
                ["decide"] = outputs > 1 || classes.Count == 1 ? "Array.IndexOf(y, Max(y))" : $"y[0] > {(OnnxFile.EndsInSigmoid(_network) ? "0.5f" : "0")} ? 1 : 0",
                ["max"] = outputs > 1 || classes.Count == 1 ? MaxTemplate : "",
            }),
            ["helpers"] = string.Concat(_helpers),
            ["weights"] = string.Join('\n', weights.Chunk(LineLength).Select(line => new string(line))),
        });
        return dot < 0 ? text : Fill(NamespaceTemplate, new() { ["namespace"] = name[..dot], ["class"] = text });
    }

    // Adds the statements of a layer whose input begins at x; returns where its output begins.
    private int Add(Layer layer, int x, int columns, string path)
    {
        switch (layer)
        {
            case Sequential: return Chain(layer, x, columns, path);
            case Residual:
                int inner = Chain(layer, x, columns, path);
                return Each(columns, z => $"s[{z} + i] = s[{x} + i] + s[{inner} + i];");
            case Concatenate: return SideBySide(layer, x, columns, path);
            case Linear linear: return Product(path, linear, x);
            case Maxout maxout:
                int pieces = Product(path, maxout, x), units = maxout.OutputSize(columns);
                string largest = string.Concat(Enumerable.Range(1, maxout.Pieces - 1).Select(piece => $" y = Math.Max(y, s[{pieces + (piece * units)} + i]);"));
                return Each(units, z => $"float y = s[{pieces} + i];{largest} s[{z} + i] = y;");
            case BatchNorm norm:
                int mean = Keep(path, norm.RunningMean);
                int scale = Keep(path, Enumerable.Range(0, columns).Select(i => (float)((norm.Weight?.Value[0, i] ?? 1) / Math.Sqrt(norm.RunningVariance.Value[0, i] + norm.Epsilon))));
                string shift = norm.Bias is null ? "" : $" + W[{Keep(path, norm.Bias)} + i]";
                return Value(columns, x, $"((x - W[{mean} + i]) * W[{scale} + i]){shift}");
            case LayerNorm norm:
                _helpers.Add(LayerNormHelper);
                (int gamma, int beta) = norm.Weight is null ? (-1, -1) : (Keep(path, norm.Weight), Keep(path, norm.Bias!));
                return Call(columns, y => $"LayerNorm(s, {x}, {y}, {columns}, {gamma}, {beta}, {norm.Epsilon});");
            case Standardization scaling:
                int offset = Keep(path, scaling.Shift), factor = Keep(path, scaling.Scale);
                return Value(columns, x, scaling.IsInverse ? $"(x * W[{factor} + i]) + W[{offset} + i]" : $"(x - W[{offset} + i]) / W[{factor} + i]");
            case Dropout { IsDirect: true } dropout: return Value(columns, x, $"x * {1 - (float)dropout.Probability}");
            case DroppingLayer or GaussianNoise or Identity: return x;
            case PReLU slopes:
                int slope = Keep(path, slopes.Weight);
                return Value(columns, x, $"x > 0 ? x : x * W[{slope}{(slopes.IsShared ? "" : " + i")}]");
            case APL hinges: return Hinges(path, hinges, x, columns);
            case Embedding embedding: return Embed(path, embedding, x, columns);
            case Softmax or LogSoftmax:
                _helpers.Add(SoftmaxHelper);
                return Call(columns, y => $"Softmax(s, {x}, {y}, {columns}, {(layer is Softmax ? "false" : "true")});");
            case GELU { IsApproximate: false }:
                _helpers.Add(ErfHelper);
                return Value(columns, x, "0.5 * x * (1 + Erf(0.70710678118654752 * x))");
            default: return Value(columns, x, Formula(layer) ?? throw new NotSupportedException($"Layer '{path}', {layer.GetType().Name}, is a custom layer, which cannot be written as C# source. Use the package there, or replace the layer."));
        }
    }

    // An activation as a formula of x, a double.
    private static string? Formula(Layer layer) => layer switch
    {
        Sigmoid => "1 / (1 + Math.Exp(-x))",
        Tanh => "Math.Tanh(x)",
        ReLU => "Math.Max(x, 0)",
        LeakyReLU leaky => $"x > 0 ? x : x * {leaky.Slope}",
        RReLU random => $"x > 0 ? x : x * {(random.Lower + random.Upper) / 2}",
        ELU exponential => $"x > 0 ? x : {exponential.Alpha} * (Math.Exp(x) - 1)",
        SELU => $"{SELU.Lambda} * (x > 0 ? x : {SELU.Alpha} * (Math.Exp(x) - 1))",
        Softplus softplus => $"Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))){(softplus.IsCentered ? " - 0.69314718055994531" : "")}",
        GELU => "0.5 * x * (1 + Math.Tanh(0.79788456080286536 * (x + (0.044715 * x * x * x))))",
        SiLU => "x / (1 + Math.Exp(-x))",
        Mish => "x * Math.Tanh(Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))))",
        _ => null,
    };

    private int Chain(Layer container, int x, int columns, string path)
    {
        for (int i = 0; i < container.Children.Count; i++)
        {
            x = Add(container.Children[i], x, columns, path.Length == 0 ? $"{i}" : $"{path}.{i}");
            columns = container.Children[i].OutputSize(columns);
        }

        return x;
    }

    private int SideBySide(Layer container, int x, int columns, string path)
    {
        (int From, int Columns)[] branches = [.. container.Children.Select((branch, i) => (Add(branch, x, columns, path.Length == 0 ? $"{i}" : $"{path}.{i}"), branch.OutputSize(columns)))];
        int output = Take(branches.Sum(branch => branch.Columns)), start = output;
        foreach ((int from, int count) in branches)
        {
            Line($"Array.Copy(s, {from}, s, {start}, {count});");
            start += count;
        }

        return output;
    }

    private int Product(string path, WeightedLayer layer, int x)
    {
        _helpers.Add(LinearHelper);
        int weight = Keep(path, layer.Weight), bias = layer.Bias is null ? -1 : Keep(path, layer.Bias), rows = layer.Weight.Shape[0];
        return Call(rows, y => $"Linear(s, {x}, {y}, {layer.Weight.Shape[1]}, {rows}, {weight}, {bias});");
    }

    private int Embed(string path, Embedding embedding, int x, int columns)
    {
        _helpers.Add(EmbedHelper);
        int start = Take(embedding.OutputSize(columns)), output = start, read = 0;
        foreach (((int column, int categories, int size), Parameter weight) in embedding.Columns.Zip(embedding.Parameters))
        {
            Pass(column);
            Line($"Embed(s, {x + column}, {output}, {size}, {categories}, {Keep(path, weight)});");
            (output, read) = (output + size, column + 1);
        }

        Pass(columns);
        return start;

        void Pass(int end)
        {
            if (end > read) Line($"Array.Copy(s, {x + read}, s, {output}, {end - read});");
            output += end - read;
        }
    }

    // max(x, 0) + Σ a·max(b − x, 0)
    private int Hinges(string path, APL hinges, int x, int columns)
    {
        int slopes = Keep(path, hinges.Slopes), offsets = Keep(path, hinges.Offsets);
        return Value(columns, x, "Math.Max(x, 0)" + string.Concat(Enumerable.Range(0, hinges.Hinges).Select(
            i => $" + (W[{slopes + (i * columns)} + i] * Math.Max(W[{offsets + (i * columns)} + i] - x, 0))")));
    }

    private int Value(int columns, int x, string formula) => Each(columns, y => $"double x = s[{x} + i]; s[{y} + i] = (float)({formula});");

    private int Each(int columns, Func<int, string> statement) => Call(columns, y => $"for (int i = 0; i < {columns}; i++) {{ {statement(y)} }}");

    private int Call(int columns, Func<int, string> statement)
    {
        int output = Take(columns);
        Line(statement(output));
        return output;
    }

    private int Take(int columns)
    {
        int start = _length;
        _length = checked(_length + columns);
        return start;
    }

    private void Line(string statement) => _steps.Append("        ").Append(statement).Append('\n');

    private int Keep(string path, Parameter parameter) => Keep($"{path}.{parameter.Name}", parameter.Value.Span.ToArray());

    private int Keep(string path, IEnumerable<float> values)
    {
        int start = _weights.Count;
        foreach (float value in values)
        {
            _weights.Add(float.IsFinite(value) ? value : throw new NotFiniteNumberException($"'{path}' has the value {value}: the training has diverged. Use the best weights instead.", value));
        }

        return start;
    }

    private byte[] Bytes()
    {
        var bytes = new byte[sizeof(float) * _weights.Count];
        for (int i = 0; i < _weights.Count; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(sizeof(float) * i), _weights[i]);
        return bytes;
    }

    private static string Literal(string text) => $"\"{string.Concat(text.Select(letter => letter is >= ' ' and <= '~' and not ('"' or '\\') ? $"{letter}" : $"\\u{(int)letter:x4}"))}\"";

    private static string Fill(string template, Dictionary<string, string> values) => Mark().Replace(template, mark => values[mark.Groups[1].Value]);

    [GeneratedRegex(@"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"«(\w+)»")]
    private static partial Regex Mark();
}
