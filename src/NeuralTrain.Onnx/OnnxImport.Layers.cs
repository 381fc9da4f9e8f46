namespace NeuralTrain;

/// <content>The layer that an operator, or a few together, compute.</content>
internal sealed partial class OnnxImport
{
    private const double Ln2 = 0.69314718055994531;

    // The layer that gave a value, or none if it changed nothing; and the value it was given.
    private (Layer? Layer, Value From) Step(Value value)
    {
        OnnxNode node = value.Node!;
        Layer? layer = node.Domain.Length == 0 ? Activation(node) : null;
        if (layer is not null) return (layer, Data(node, 0));
        if (node.Domain.Length == 0 && node.Operator == "Mul" && Gated(value) is (Layer gated, Value x)) return (gated, x);
        return (node.Domain, node.Operator) switch
        {
            ("", "Identity") => (null, Data(node, 0)),
            ("", "Dropout") => node.Inputs.Length < 3 || IsFalse(node.Inputs[2]) ? (null, Data(node, 0)) : throw Refuse(node, "drops values at random in prediction too. Export the model for prediction"),
            ("", "Cast") => (OnnxType)node.Integer("to", 0) is OnnxType.Float or OnnxType.Double ? (null, Data(node, 0)) : throw Refuse(node, "turns numbers into another type"),
            ("", "Flatten") => node.Integer("axis", 1) is 1 or -1 ? (null, Data(node, 0)) : throw Refuse(node, "flattens more than the columns"),
            ("", "Reshape") => Reshape(node, value),
            ("", "Gemm") => Gemm(node),
            ("", "MatMul") => (Linear(node, Constant(node, 1), transposed: false, null), Data(node, 0)),
            ("", "Add") => Add(node, value),
            ("", "Sub") => Subtract(node, value),
            ("", "Mul") => Multiply(node, value),
            ("", "Div") => Divide(node, value),
            ("", "Concat") => Concatenate(node),
            ("", "Max") => Maximum(node),
            ("", "BatchNormalization") => (BatchNorm(node), Data(node, 0)),
            ("", "LayerNormalization") => (LayerNorm(node), Data(node, 0)),
            ("ai.onnx.ml", "Scaler") => (Scaler(node, value), Data(node, 0)),
            _ => throw Refuse(node, "is an operator that no layer here computes"),
        };
    }

    private Layer? Activation(OnnxNode node) => node.Operator switch
    {
        "Relu" => new ReLU(),
        "Sigmoid" => new Sigmoid(),
        "Tanh" => new Tanh(),
        "LeakyRelu" => new LeakyReLU(Short(node.Float("alpha", 0.01f))),
        "PRelu" => Slopes(node),
        "Elu" => new ELU(Short(node.Float("alpha", 1))),
        "Selu" => IsNear(node.Float("alpha", (float)SELU.Alpha), SELU.Alpha) && IsNear(node.Float("gamma", (float)SELU.Lambda), SELU.Lambda)
            ? new SELU()
            : throw Refuse(node, "has other constants than SELU"),
        "Softplus" => new Softplus(),
        "Gelu" => new GELU((file.Text(node, "approximate") ?? "none") == "tanh"),
        "Mish" => new Mish(),
        "Softmax" => IsColumns(node, node.Integer("axis", 1)) ? new Softmax() : null,
        "LogSoftmax" => IsColumns(node, node.Integer("axis", 1)) ? new LogSoftmax() : null,
        _ => null,
    };

    private bool IsColumns(OnnxNode node, long axis) => axis is 1 or -1 ? true : throw Refuse(node, $"works along axis {axis}; along the columns of [batch, columns], axis 1, is expected");

    private PReLU Slopes(OnnxNode node)
    {
        float[] slopes = file.Floats(Constant(node, 1));
        var layer = new PReLU(slopes.Length == 1 ? null : slopes.Length);
        layer.Weight.SetValues(slopes);
        return layer;
    }

    private (Layer?, Value) Reshape(OnnxNode node, Value value)
    {
        Value from = Data(node, 0);
        long[] shape = RowsFirst(node, from) ?? file.Integers(Constant(node, 1));
        bool hasRows = shape is [long rows, _] && (rows == 0 || rows == _rows);
        bool isSame = shape is [_, long columns] && (hasRows || shape[0] == -1) && (columns == from.Width || (columns == 0 && node.Integer("allowzero", 0) == 0) || (columns == -1 && hasRows));
        return isSame ? (null, from) : throw Refuse(node, $"changes the shape to [{string.Join(", ", shape)}]; [-1, {from.Width}] would change nothing");
    }

    // The shape of x.view(x.size(0), …): the rows of the value itself (or of the input), which 0 stands for, and a constant.
    private long[]? RowsFirst(OnnxNode node, Value from)
    {
        if (node.Inputs.Length < 2 || _values.GetValueOrDefault(node.Inputs[1])?.Node is not { Operator: "Concat", Domain: "", Inputs: [string rows, string rest] }) return null;
        OnnxNode? size = _values.GetValueOrDefault(rows)?.Node;
        if (size is { Operator: "Unsqueeze", Domain: "" }) size = First(size)?.Node;
        bool isFirst = size is { Operator: "Shape" } && size.Integer("start", 0) == 0 && size.Integer("end", 2) == 1;
        if (size is { Operator: "Gather", Domain: "" } && file.Integers(Constant(size, 1)) is [0]) (isFirst, size) = (true, First(size)?.Node);
        if (!isFirst || size is not { Operator: "Shape", Domain: "" } || First(size) is not Value whose || (whose != from && whose.Node is not null)) return null;
        return _constants.TryGetValue(rest, out OnnxTensor? columns) ? [0, .. file.Integers(columns)] : null;

        Value? First(OnnxNode of) => of.Inputs.Length > 0 ? _values.GetValueOrDefault(of.Inputs[0]) : null;
    }

    private (Layer, Value) Gemm(OnnxNode node)
    {
        if (node.Integer("transA", 0) != 0 || node.Float("alpha", 1) != 1 || node.Float("beta", 1) != 1) throw Refuse(node, "has a transA, alpha or beta other than 0, 1 and 1");
        return (Linear(node, Constant(node, 1), node.Integer("transB", 0) != 0, node.Inputs.Length > 2 && node.Inputs[2].Length > 0 ? Constant(node, 2) : null), Data(node, 0));
    }

    private Linear Linear(OnnxNode node, OnnxTensor weight, bool transposed, OnnxTensor? bias)
    {
        if (weight.Shape is not [long rows and > 0, long columns and > 0]) throw Refuse(node, $"has weights of the shape {weight.ShapeText}; a matrix is expected");
        (int outputs, int inputs) = transposed ? ((int)rows, (int)columns) : ((int)columns, (int)rows);
        float[]? biases = bias is null ? null : Vector(node, bias, outputs);
        float[] values = file.Floats(weight);
        budget.Take(3.0 * sizeof(float) * values.Length);
        var layer = new Linear(inputs, outputs, new Random(0), bias is not null);
        if (transposed == weight.IsTransposed)
        {
            var turned = new float[values.Length];
            for (int i = 0; i < values.Length; i++) turned[(i % outputs * inputs) + (i / outputs)] = values[i];
            values = turned;
        }

        layer.Weight.SetValues(values);
        layer.Bias?.SetValues(biases);
        return layer;
    }

    private BatchNorm BatchNorm(OnnxNode node)
    {
        if (node.Integer("training_mode", 0) != 0) throw Refuse(node, "is in training mode. Export the model for prediction");
        float[][] all = [.. Enumerable.Range(1, 4).Select(i => file.Floats(Constant(node, i)))];
        int size = all[0].Length;
        if (size == 0 || all.Any(values => values.Length != size)) throw Refuse(node, "has constants of different lengths");

        // A momentum of 1, or another that is none, matters in training alone.
        double rate = Short(1 - node.Float("momentum", 0.9f));
        var layer = new BatchNorm(size, scaleAndShift: true, Short(node.Float("epsilon", 1e-5f)), rate is > 0 and <= 1 ? rate : 0.1);
        foreach ((Parameter parameter, float[] values) in layer.Parameters.Zip(all)) parameter.SetValues(values);
        return layer;
    }

    private LayerNorm LayerNorm(OnnxNode node)
    {
        IsColumns(node, node.Integer("axis", -1));
        float[] weight = file.Floats(Constant(node, 1));
        var layer = new LayerNorm(weight.Length, scaleAndShift: true, Short(node.Float("epsilon", 1e-5f)));
        layer.Weight!.SetValues(weight);
        if (node.Inputs.Length > 2 && node.Inputs[2].Length > 0) layer.Bias!.SetValues(Vector(node, Constant(node, 2), weight.Length));
        return layer;
    }

    // (x − offset)·scale
    private Standardization Scaler(OnnxNode node, Value value)
    {
        float[] offset = file.Lists(node, "offset").Floats, scale = file.Lists(node, "scale").Floats;
        int size = value.Width ?? Math.Max(offset.Length, scale.Length);
        return Standardization(node, Spread(node, offset, size), [.. Spread(node, scale, size).Select(factor => 1 / factor)], isInverse: false);
    }

    private (Layer, Value) Concatenate(OnnxNode node)
    {
        IsColumns(node, node.Integer("axis", 1));
        (Value from, List<Layer>[] branches) = Meet(node, [.. node.Inputs.Select((_, i) => Data(node, i))]);
        return (new Concatenate([.. branches.Select(layers => layers.Count switch { 0 => new Identity(), 1 => layers[0], _ => (Layer)new Sequential([.. layers]) })]), from);
    }

    // The largest of several linear layers, unit by unit.
    private (Layer, Value) Maximum(OnnxNode node)
    {
        (Value from, List<Layer>[] branches) = Meet(node, [.. node.Inputs.Select((_, i) => Data(node, i))]);
        Linear[] pieces = [.. branches.Select(layers => layers is [Linear piece] ? piece : throw Refuse(node, "takes the largest of other things than linear layers of one input"))];
        (int outputs, int inputs) = (pieces[0].Weight.Shape[0], pieces[0].Weight.Shape[1]);
        if (pieces.Any(piece => piece.Weight.Shape[0] != outputs || piece.Weight.Shape[1] != inputs || (piece.Bias is null) != (pieces[0].Bias is null))) throw Refuse(node, "takes the largest of linear layers of different shapes");
        budget.Take(3.0 * sizeof(float) * pieces.Length * outputs * inputs);
        var layer = new Maxout(inputs, outputs, new Random(0), pieces.Length, pieces[0].Bias is not null);
        layer.Weight.SetValues([.. pieces.SelectMany(piece => piece.Weight.Value.Span.ToArray())]);
        layer.Bias?.SetValues([.. pieces.SelectMany(piece => piece.Bias!.Value.Span.ToArray())]);
        return (layer, from);
    }

    private (Layer, Value) Add(OnnxNode node, Value value)
    {
        if (Parts(node) is (Value x, OnnxTensor constant, _))
        {
            if (x is { Uses: 1, Node: { Operator: "MatMul", Domain: "" } product } && value.Width is int outputs && Weights(product) is OnnxTensor weight && IsVector(constant, outputs))
            {
                return (Linear(product, weight, transposed: false, constant), Data(product, 0));
            }

            if (x is { Uses: 1, Node: { Operator: "Mul", Domain: "" } scaling } && Parts(scaling) is (Value inner, OnnxTensor scale, _) && Gated(x) is null)
            {
                return (Standardization(scaling, Vector(node, constant, value.Width), Vector(scaling, scale, value.Width), isInverse: true), inner);
            }

            return (Standardization(node, Vector(node, constant, value.Width), null, isInverse: true), x);
        }

        (Value from, List<Layer>[] branches) = Meet(node, [Data(node, 0), Data(node, 1)]);
        List<Layer> layers = branches[0].Count == 0 ? branches[1] : branches[1].Count == 0 ? branches[0] : throw Refuse(node, "adds two branches, each with layers; x + f(x), a Residual, is what can be expressed");
        return (new Residual(layers.Count == 0 ? [new Identity()] : [.. layers]), from);
    }

    private (Layer, Value) Subtract(OnnxNode node, Value value)
    {
        if (Parts(node) is not (Value x, OnnxTensor constant, bool constantFirst)) throw Refuse(node, "subtracts one computed value from another");
        float[] values = Vector(node, constant, value.Width);
        if (constantFirst) return (Standardization(node, values, [.. values.Select(_ => -1f)], isInverse: true), x);
        return x is { Uses: 1, Node: { Operator: "Softplus", Domain: "" } softplus } && values.All(number => IsNear(number, Ln2))
            ? (new Softplus(centered: true), Data(softplus, 0))
            : (Standardization(node, values, null, isInverse: false), x);
    }

    private (Layer, Value) Multiply(OnnxNode node, Value value) => Parts(node) is (Value x, OnnxTensor constant, _)
        ? (Standardization(node, null, Vector(node, constant, value.Width), isInverse: true), x)
        : throw Refuse(node, "multiplies two computed values in a way that is none of GELU, SiLU and Mish");

    private (Layer, Value) Divide(OnnxNode node, Value value)
    {
        if (Parts(node) is not (Value x, OnnxTensor constant, false)) throw Refuse(node, "divides by a computed value");
        float[] scale = Vector(node, constant, value.Width);
        return x is { Uses: 1, Node: { Operator: "Sub", Domain: "" } shifting } && Parts(shifting) is (Value inner, OnnxTensor shift, false)
            ? (Standardization(node, Vector(shifting, shift, value.Width), scale, isInverse: false), inner)
            : (Standardization(node, null, scale, isInverse: false), x);
    }

    private Standardization Standardization(OnnxNode node, float[]? shift, float[]? scale, bool isInverse)
    {
        if (!isInverse && scale is not null && Array.Exists(scale, value => value == 0 || !float.IsFinite(value))) throw Refuse(node, "divides by 0");
        var layer = new Standardization((shift ?? scale)!.Length, isInverse);
        if (shift is not null) layer.Shift.SetValues(shift);
        if (scale is not null) layer.Scale.SetValues(scale);
        return layer;
    }

    private Value? Input(Value value, string operation) => value.Node is { Domain: "", Inputs: [string input] } node && node.Operator == operation ? _values.GetValueOrDefault(input) : null;

    // A computed value and a constant, if these are what the operator reads.
    private (Value X, OnnxTensor Constant, bool ConstantFirst)? Parts(OnnxNode node)
    {
        if (node.Inputs.Length != 2) return null;
        if (_values.TryGetValue(node.Inputs[0], out Value? first)) return _constants.TryGetValue(node.Inputs[1], out OnnxTensor? constant) ? (first, constant, false) : null;
        return _values.TryGetValue(node.Inputs[1], out Value? second) ? (second, _constants[node.Inputs[0]], true) : null;
    }

    private Value Data(OnnxNode node, int input) => node.Inputs.Length > input && _values.TryGetValue(node.Inputs[input], out Value? value)
        ? value
        : throw Refuse(node, $"has as its input {input} {(node.Inputs.Length > input ? $"the constant '{Guard.Shorten(node.Inputs[input])}'" : "nothing")}; a computed value is expected");

    private OnnxTensor Constant(OnnxNode node, int input) => node.Inputs.Length > input && _constants.TryGetValue(node.Inputs[input], out OnnxTensor? constant)
        ? constant
        : throw Refuse(node, $"has as its input {input} {(node.Inputs.Length > input ? $"'{Guard.Shorten(node.Inputs[input])}', which is computed" : "nothing")}; a constant is expected");

    private double? Scalar(OnnxTensor constant) => constant.Count == 1 ? file.Floats(constant)[0] : null;

    private static bool IsVector(OnnxTensor constant, int size) => constant.Count == size && (constant.Shape.Length == 0 || constant.Shape[^1] == size);

    // A number for each column; a single one is repeated.
    private float[] Vector(OnnxNode node, OnnxTensor constant, int? width)
    {
        if (width is not int size) throw Refuse(node, "works on a value of unknown width. Export the model with the number of columns of its input");
        if (constant.Count != 1 && !IsVector(constant, size)) throw Refuse(node, $"combines {size} columns with a constant of the shape {constant.ShapeText}; one number for each column is expected");
        return Spread(node, file.Floats(constant), size);
    }

    private float[] Spread(OnnxNode node, float[] values, int size)
    {
        if (values.Length == size) return values;
        if (values.Length != 1) throw Refuse(node, $"has {values.Length} numbers for {size} columns");
        budget.Take(sizeof(float) * (double)size);
        var spread = new float[size];
        Array.Fill(spread, values[0]);
        return spread;
    }

    private bool IsFalse(string name) => name.Length == 0 || (_constants.TryGetValue(name, out OnnxTensor? constant) && file.IsZero(constant));
}
