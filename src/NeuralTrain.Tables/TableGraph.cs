namespace NeuralTrain;

/// <summary>Writes what <see cref="TablePredictor"/> does as operators of ONNX: columns to inputs of the network, as <see cref="ColumnEncoder"/>, and its outputs to answers.</summary>
internal sealed class TableGraph(TableState state, TableSchema schema)
{
    // So many times its spread away from 0, a column would lose digits of its scaled numbers as floats.
    private const double MostSpreads = 100;

    // From here on what is bent is 3 in all digits.
    private const double Largest = 1e9;

    private readonly OnnxGraph _graph = new();

    // For each row, whether a column has a value that it cannot have, an unknown category, or a value unlike the training data.
    private readonly List<string> _refused = [], _unknown = [], _unfamiliar = [];

    public OnnxGraph Write(Sequential network)
    {
        ColumnEncoder[] columns = schema.Encoders(ColumnRole.Input);
        string[] inputs = [.. columns.Select(column => _graph.Input(column.Name, TypeOf(column.State), 1))];
        string encoded = Joined([.. columns.Select((column, i) => Encoded(column, inputs[i]))]);
        string outputs = _graph.Layer(network, "network", encoded, columns.Sum(column => column.Width));
        if (schema.Classes.Count > 0) WriteClasses(outputs);
        else WriteNumbers(outputs);
        if (Any(_unknown) is string unknown) Output("unknown", List(unknown), OnnxType.Flag);
        if (Any(_unfamiliar) is string unfamiliar) Output("unfamiliar", List(unfamiliar), OnnxType.Flag);
        return _graph;
    }

    private static OnnxType TypeOf(ColumnState column) => column.Kind switch
    {
        ColumnKind.Category => OnnxType.Text,
        ColumnKind.Date => OnnxType.Double,
        ColumnKind.Number when Math.Abs(column.Center) > MostSpreads * column.Scale => OnnxType.Double,
        _ => OnnxType.Float,
    };

    // The inputs of the network that a column becomes.

    private string Encoded(ColumnEncoder encoder, string x)
    {
        ColumnState column = encoder.State;
        switch (column.Kind)
        {
            case ColumnKind.Category: return Category(encoder, x);
            case ColumnKind.Flag: return Flag(encoder, x);
            case ColumnKind.Date: return Filled(encoder, x, Date(encoder, x), state.Scaling == NumberScaling.None ? column.Center : 0);
            default:
                string scaled = Scaled(column, x, TypeOf(column));
                bool isBent = state.Scaling == NumberScaling.Robust || (state.Scaling == NumberScaling.Standard && column.Scale == 0);
                _refused.Add(Node("IsInf", isBent ? x : scaled));
                FindFar(encoder, x, TypeOf(column));
                return Filled(encoder, x, scaled, state.Scaling == NumberScaling.None ? column.Center : 0);
        }
    }

    private string Category(ColumnEncoder encoder, string text)
    {
        ColumnState column = encoder.State;
        bool isEmptyMissing = !column.Categories.Contains("");
        if (!encoder.RefusesMissing && !isEmptyMissing)
        {
            throw new NotSupportedException($"Column '{Guard.Shorten(column.Name)}' may have no value and has the empty text as a category, and an ONNX file has the empty text for both. Replace one of them in the table, or leave out AllowMissing, and fit the model again.");
        }

        // Categories from 1, then what is missing; 0 for the unknown, −1 for a missing value where the training data had none.
        List<string> keys = [.. column.Categories];
        List<float> codes = [.. Enumerable.Range(1, keys.Count).Select(code => (float)code)];
        if (isEmptyMissing)
        {
            keys.Add("");
            codes.Add(column.HasMissing ? encoder.Codes - 1 : -1);
        }

        string code = _graph.Node("ai.onnx.ml.LabelEncoder", [text], ("keys_strings", keys.ToArray()), ("values_floats", codes.ToArray()), ("default_float", 0f));
        _unknown.Add(Node("Equal", code, _graph.Number("unknown", 0)));
        if (isEmptyMissing && !column.HasMissing) NewlyMissing(encoder).Add(Node("Less", code, _graph.Number("unknown", 0)));
        if (column.EmbeddingSize > 0) return Node("Relu", code);
        var places = new Matrix([.. Enumerable.Range(1, encoder.Width).Select(place => (float)place)], 1, encoder.Width);
        return Cast(Node("Equal", code, _graph.Constant("codes", places, encoder.Width)), OnnxType.Float);
    }

    private string Flag(ColumnEncoder encoder, string x)
    {
        string sign = Node("Sub", Node("Mul", x, _graph.Number("two", 2)), _graph.Number("one", 1));
        string isFlag = Node("Equal", Node("Abs", sign), _graph.Number("one", 1)), isMissing = Node("IsNaN", x);
        _refused.Add(Node("Not", Node("Or", isFlag, isMissing)));
        return Filled(encoder, x, sign, 0);
    }

    private string Date(ColumnEncoder encoder, string seconds)
    {
        ColumnState column = encoder.State;
        string days = Node("Div", seconds, Double("secondsPerDay", ColumnEncoder.SecondsPerDay)), whole = Node("Floor", days);
        string[] turns = [Node("Div", days, Double("daysPerYear", ColumnEncoder.DaysPerYear)), Node("Div", whole, Double("daysPerWeek", 7)), .. column.HasTimes ? new[] { Node("Sub", days, whole) } : []];
        _refused.Add(Node("IsInf", seconds));
        FindFar(encoder, days, OnnxType.Double);

        // The cosine is the sine a quarter of a turn ahead; ONNX Runtime has no cosine of doubles.
        return Joined([Scaled(column, days, OnnxType.Double), .. turns.SelectMany(turn => new[] { Sine(turn), Sine(Node("Add", turn, Double("quarter", 0.25))) })]);

        string Sine(string turn) => Cast(Node("Sin", Node("Mul", turn, Double("circle", 2 * Math.PI))), OnnxType.Float);
    }

    private string Scaled(ColumnState column, string x, OnnxType type)
    {
        if (state.Scaling != NumberScaling.None)
        {
            x = Node("Sub", x, Number("center", column.Scale == 0 ? 0 : column.Center));
            x = column.Scale == 0 ? Node("Mul", x, Number("scale", 0)) : Node("Div", x, Number("scale", column.Scale));
            if (state.Scaling == NumberScaling.Robust)
            {
                x = Node("Clip", x, Number("least", -Largest), Number("most", Largest));
                string third = Node("Div", x, Number("three", 3));
                x = Node("Div", x, Node("Sqrt", Node("Add", Node("Mul", third, third), Number("one", 1))));
            }
        }

        return type == OnnxType.Float ? x : Cast(x, OnnxType.Float);

        string Number(string name, double value) => _graph.Number(name, value, type);
    }

    // Fills in what is missing. If the training data had missing values, a second column marks them, except for flags.
    private string Filled(ColumnEncoder encoder, string x, string parts, double fill)
    {
        ColumnState column = encoder.State;
        string isMissing = Node("IsNaN", x);
        if (!column.HasMissing) NewlyMissing(encoder).Add(isMissing);
        if (encoder.RefusesMissing) return parts;
        bool isMarked = column.HasMissing && column.Kind != ColumnKind.Flag;

        // The first part of a date is the day; the others are 0.
        var fills = new Matrix(1, encoder.Width - (isMarked ? 1 : 0));
        fills[0, 0] = (float)fill;
        string filled = Node("Where", isMissing, _graph.Constant("fill", fills, fills.Columns), parts);
        return isMarked ? Joined([filled, Cast(isMissing, OnnxType.Float)]) : filled;
    }

    // What a missing value is where the training data had none.
    private List<string> NewlyMissing(ColumnEncoder encoder) => encoder.RefusesMissing ? _refused : _unfamiliar;

    private void FindFar(ColumnEncoder encoder, string x, OnnxType type)
    {
        (double least, double most) = encoder.Familiar;
        if (Reaches(least)) _unfamiliar.Add(Node("Less", x, _graph.Number("least", least, type)));
        if (Reaches(most)) _unfamiliar.Add(Node("Greater", x, _graph.Number("most", most, type)));

        bool Reaches(double limit) => type == OnnxType.Double ? double.IsFinite(limit) : float.IsFinite((float)limit);
    }

    // What the outputs of the network mean.

    private void WriteClasses(string scores)
    {
        IReadOnlyList<string> classes = schema.Classes;
        string probabilities, number;
        if (classes.Count == 2)
        {
            string positive = Node("Sigmoid", scores);
            number = Cast(Node("GreaterOrEqual", positive, _graph.Number("threshold", state.Threshold)), OnnxType.WholeNumber);
            probabilities = Joined([Node("Sub", _graph.Number("one", 1), positive), positive]);
        }
        else
        {
            probabilities = _graph.Node("Softmax", [scores], ("axis", 1));
            number = _graph.Node("ArgMax", [scores], ("axis", 1));
        }

        string label = _graph.Node("ai.onnx.ml.LabelEncoder", [List(number)], ("keys_int64s", Enumerable.Range(0, classes.Count).Select(i => (long)i).ToArray()), ("values_strings", classes.ToArray()));
        string? refused = Any(_refused);
        if (refused is not null) label = Node("Where", List(refused), _graph.Node("Constant", [], ("value_string", "")), label);
        probabilities = NaNWhere(refused, probabilities);
        Output("label", label, OnnxType.Text);
        Output("probabilities", probabilities, OnnxType.Float, classes.Count);
        _graph.Metadata("neuraltrain.classes", classes);
        if (state.RejectBelow == 0) return;
        string chosen = _graph.Node("GatherElements", [probabilities, number], ("axis", 1));
        Output("rejected", List(Node("Not", Node("GreaterOrEqual", chosen, _graph.Number("least", state.RejectBelow)))), OnnxType.Flag);
    }

    private void WriteNumbers(string outputs)
    {
        IReadOnlyList<ColumnSchema> targets = schema.Targets;
        string? refused = Any(_refused), unlike = Any([.. _refused, .. _unknown, .. _unfamiliar]);
        for (int i = 0; i < targets.Count; i++)
        {
            ColumnState target = targets[i].State;
            string score = Column(i);
            OnnxType type = TypeOfTarget(target);
            _graph.Output(target.Name, NaNWhere(refused, InUnits(target, score), type), type, 1);
            if (state.IntervalLevel == 0) continue;
            string width = _graph.Number("width", state.IntervalWidths[i]);
            string low = Node("Sub", state.HasQuantiles ? Column(targets.Count + i) : score, width), high = Node("Add", state.HasQuantiles ? Column((2 * targets.Count) + i) : score, width);
            Output($"{target.Name} low", NaNWhere(unlike, InUnits(target, Node("Min", low, score)), type), type, 1);
            Output($"{target.Name} high", NaNWhere(unlike, InUnits(target, Node("Max", high, score)), type), type, 1);
        }

        string Column(int place) => _graph.Node("Gather", [outputs, _graph.WholeNumbers("column", place)], ("axis", 1));
    }

    private string InUnits(ColumnState target, string score)
    {
        if (state.Scaling == NumberScaling.None && !target.IsLog) return score;
        OnnxType type = TypeOfTarget(target);
        if (type == OnnxType.Double) score = Cast(score, type);
        string value = Node("Add", Node("Mul", score, _graph.Number("scale", target.Scale > 0 ? target.Scale : 1, type)), _graph.Number("center", target.Center, type));
        return target.IsLog ? Node("Exp", value) : value;
    }

    // A number by its logarithm has the spread of that as a part of itself.
    private OnnxType TypeOfTarget(ColumnState target) =>
        (target.IsLog || state.Scaling != NumberScaling.None) && (target.IsLog ? 1 : Math.Abs(target.Center)) > MostSpreads * target.Scale ? OnnxType.Double : OnnxType.Float;

    private void Output(string name, string value, OnnxType type, int? columns = null)
    {
        while (schema.Columns.Any(column => column.Role is ColumnRole.Input or ColumnRole.Target && column.Name == name)) name += "_";
        _graph.Output(name, value, type, columns);
    }

    private string NaNWhere(string? condition, string value, OnnxType type = OnnxType.Float)
    {
        if (condition is null) return value;
        string none = _graph.Node("Constant", [], ("value_float", float.NaN));
        return Node("Where", condition, type == OnnxType.Float ? none : Cast(none, type), value);
    }

    private string? Any(List<string> flags) => flags.Count == 0 ? null : flags.Aggregate((one, other) => Node("Or", one, other));

    private string Joined(string[] parts) => parts.Length == 1 ? parts[0] : _graph.Node("Concat", parts, ("axis", 1));

    private string List(string column) => Node("Reshape", column, _graph.WholeNumbers("shape", -1));

    private string Cast(string x, OnnxType type) => _graph.Node("Cast", [x], ("to", type));

    private string Double(string name, double value) => _graph.Number(name, value, OnnxType.Double);

    private string Node(string operation, params ReadOnlySpan<string> inputs) => _graph.Node(operation, inputs);
}
