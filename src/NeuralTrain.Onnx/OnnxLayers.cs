namespace NeuralTrain;

/// <summary>Each layer of the library as operators of ONNX, in the order of its formula.</summary>
internal static class OnnxLayers
{
    private const float SqrtHalf = 0.707106781f, SqrtTwoOverPi = 0.797884561f, Cubic = 0.044715f, Ln2 = 0.693147181f;

    /// <summary>Adds a layer; returns the name of its output.</summary>
    /// <exception cref="NotSupportedException">It is a custom layer that does not say how.</exception>
    public static string Write(OnnxGraph graph, Layer layer, string x, int columns) => layer switch
    {
        IOnnxLayer custom => custom.WriteOnnx(graph, x, columns),
        Sequential => Chain(graph, layer, x, columns),
        Residual => graph.Node("Add", [x, Chain(graph, layer, x, columns)]),
        Concatenate => graph.Node("Concat", [.. layer.Children.Select((branch, i) => graph.Layer(branch, $"{i}", x, columns))], ("axis", 1)),
        Linear linear => Product(graph, x, linear.Weight.Value, linear.Bias?.Value),
        Maxout maxout => Maximum(graph, maxout, x),
        BatchNorm norm => Normalize(graph, norm, x, columns),
        LayerNorm norm => graph.Node(
            "LayerNormalization", [x, OneOr(graph, "weight", norm.Weight, columns), .. norm.Bias is null ? [] : new[] { Vector(graph, "bias", norm.Bias) }],
            ("axis", -1), ("epsilon", norm.Epsilon)),
        Standardization { IsInverse: false } scaling => graph.Node("Div", [graph.Node("Sub", [x, Vector(graph, "shift", scaling.Shift)]), Vector(graph, "scale", scaling.Scale)]),
        Standardization scaling => graph.Node("Add", [graph.Node("Mul", [x, Vector(graph, "scale", scaling.Scale)]), Vector(graph, "shift", scaling.Shift)]),
        Dropout { IsDirect: true } dropout => graph.Node("Mul", [x, graph.Number("keep", 1 - (float)dropout.Probability)]),
        DroppingLayer or GaussianNoise => x,
        Identity => graph.Node("Identity", [x]),
        Sigmoid => graph.Node("Sigmoid", [x]),
        Tanh => graph.Node("Tanh", [x]),
        ReLU => graph.Node("Relu", [x]),
        LeakyReLU leaky => graph.Node("LeakyRelu", [x], ("alpha", leaky.Slope)),
        RReLU random => graph.Node("LeakyRelu", [x], ("alpha", (random.Lower + random.Upper) / 2)),
        PReLU parametric => graph.Node("PRelu", [x, Vector(graph, "weight", parametric.Weight)]),
        ELU exponential => graph.Node("Elu", [x], ("alpha", exponential.Alpha)),
        SELU => graph.Node("Selu", [x], ("alpha", SELU.Alpha), ("gamma", SELU.Lambda)),
        Softplus { IsCentered: true } => graph.Node("Sub", [graph.Node("Softplus", [x]), graph.Number("ln2", Ln2)]),
        Softplus => graph.Node("Softplus", [x]),
        GELU { IsApproximate: true } => Gate(graph, x, graph.Node("Tanh", [graph.Node("Mul", [TanhArgument(graph, x), graph.Number("sqrt2OverPi", SqrtTwoOverPi)])])),
        GELU => Gate(graph, x, graph.Node("Erf", [graph.Node("Mul", [x, graph.Number("sqrtHalf", SqrtHalf)])])),
        SiLU => graph.Node("Mul", [x, graph.Node("Sigmoid", [x])]),
        Mish => graph.Node("Mul", [x, graph.Node("Tanh", [graph.Node("Softplus", [x])])]),
        Softmax => graph.Node("Softmax", [x], ("axis", 1)),
        LogSoftmax => graph.Node("LogSoftmax", [x], ("axis", 1)),
        APL hinges => Hinges(graph, hinges, x, columns),
        Embedding embedding => Embed(graph, embedding, x, columns),
        _ => throw new NotSupportedException(
            $"Layer '{graph.Path}', {layer.GetType().Name}, is a custom layer that does not say how ONNX computes it. Implement {nameof(IOnnxLayer)}: {nameof(IOnnxLayer.WriteOnnx)} adds the operators."),
    };

    // One layer after another; if asked for, the statistics of a BatchNorm go into the weights before it.
    private static string Chain(OnnxGraph graph, Layer container, string x, int columns)
    {
        IReadOnlyList<Layer> layers = container.Children;
        for (int i = 0; i < layers.Count; i++)
        {
            string name = $"{i}";
            Layer layer = layers[i];
            if (graph.FoldsBatchNorm && layer is Linear linear && i + 1 < layers.Count && layers[i + 1] is BatchNorm norm)
            {
                layer = Folded(linear, norm);
                i++;
            }

            x = graph.Layer(layer, name, x, columns);
            columns = layer.OutputSize(columns);
        }

        return x;
    }

    // γ/√(σ² + ε)·(x·Wᵀ + b − μ) + β as one product.
    private static Linear Folded(Linear linear, BatchNorm norm)
    {
        (int outputs, int inputs) = (linear.Weight.Shape[0], linear.Weight.Shape[1]);
        var folded = new Linear(inputs, outputs, new Random(0), weightInitializer: new Zeros());
        for (int i = 0; i < outputs; i++)
        {
            double scale = (norm.Weight?.Value[0, i] ?? 1) / Math.Sqrt(norm.RunningVariance.Value[0, i] + norm.Epsilon);
            for (int j = 0; j < inputs; j++) folded.Weight.Value[i, j] = (float)(scale * linear.Weight.Value[i, j]);
            folded.Bias!.Value[0, i] = (float)((scale * ((linear.Bias?.Value[0, i] ?? 0) - (double)norm.RunningMean.Value[0, i])) + (norm.Bias?.Value[0, i] ?? 0));
        }

        return folded;
    }

    private static string Product(OnnxGraph graph, string x, Matrix weight, Matrix? bias)
    {
        string weights = graph.Constant("weight", weight, weight.Rows, weight.Columns);
        return graph.Node("Gemm", bias is Matrix b ? [x, weights, graph.Constant("bias", b, b.Columns)] : [x, weights], ("transB", 1));
    }

    private static string Maximum(OnnxGraph graph, Maxout maxout, string x)
    {
        int units = maxout.Weight.Shape[0] / maxout.Pieces;
        Matrix weight = maxout.Weight.Value;
        string[] pieces =
        [
            .. Enumerable.Range(0, maxout.Pieces).Select(piece => Product(
                graph, x, weight.SliceRows(piece * units, units), maxout.Bias is null ? (Matrix?)null : new Matrix(maxout.Bias.Value.Span.Slice(piece * units, units).ToArray(), 1, units))),
        ];
        return pieces.Length == 1 ? pieces[0] : graph.Node("Max", pieces);
    }

    private static string Normalize(OnnxGraph graph, BatchNorm norm, string x, int columns) => graph.Node(
        "BatchNormalization",
        [
            x, OneOr(graph, "weight", norm.Weight, columns), norm.Bias is null ? graph.Constant("bias", new Matrix(1, columns), columns) : Vector(graph, "bias", norm.Bias),
            Vector(graph, "running_mean", norm.RunningMean), Vector(graph, "running_var", norm.RunningVariance),
        ],
        ("epsilon", norm.Epsilon), ("momentum", 1 - norm.RunningAverageRate));

    // 0.5·x·(1 + gate)
    private static string Gate(OnnxGraph graph, string x, string gate) =>
        graph.Node("Mul", [graph.Node("Mul", [x, graph.Node("Add", [gate, graph.Number("one", 1)])]), graph.Number("half", 0.5f)]);

    // x + 0.044715·x³
    private static string TanhArgument(OnnxGraph graph, string x) =>
        graph.Node("Add", [x, graph.Node("Mul", [graph.Node("Mul", [graph.Node("Mul", [x, x]), x]), graph.Number("cubic", Cubic)])]);

    // max(x, 0) + Σ a·max(b − x, 0)
    private static string Hinges(OnnxGraph graph, APL hinges, string x, int columns)
    {
        string y = graph.Node("Relu", [x]);
        for (int i = 0; i < hinges.Hinges; i++)
        {
            string distance = graph.Node("Sub", [graph.Constant("b", hinges.Offsets.Value.SliceRows(i, 1), columns), x]);
            y = graph.Node("Add", [y, graph.Node("Mul", [graph.Node("Relu", [distance]), graph.Constant("a", hinges.Slopes.Value.SliceRows(i, 1), columns)])]);
        }

        return y;
    }

    // Columns that pass through, and for each embedded one the row of its category, side by side.
    private static string Embed(OnnxGraph graph, Embedding embedding, string x, int columns)
    {
        var parts = new List<string>();
        string axes = graph.WholeNumbers("axes", 1);
        int read = 0;
        for (int i = 0; i < embedding.Columns.Count; i++)
        {
            (int column, int categories, int size) = embedding.Columns[i];
            if (column > read) parts.Add(Slice(read, column));
            read = column + 1;

            // What is no category gets the number after the last one, which Gather refuses: -1 would be the last row to it, and 1.5 the second.
            string value = Slice(column, read), number = graph.Node("Cast", [graph.Node("Abs", [value])], ("to", OnnxType.WholeNumber));
            string isCategory = graph.Node("Equal", [graph.Node("Cast", [number], ("to", OnnxType.Float)), value]);
            string index = graph.Node("Where", [isCategory, number, graph.WholeNumbers("none", categories)]);
            Parameter weight = embedding.Parameters[i];
            parts.Add(graph.Node("Gather", [graph.Constant(weight.Name, weight.Value, categories, size), graph.Node("Reshape", [index, graph.WholeNumbers("shape", -1)])], ("axis", 0)));
        }

        if (read < columns) parts.Add(Slice(read, columns));
        return graph.Node("Concat", [.. parts], ("axis", 1));

        string Slice(int start, int end) => graph.Node("Slice", [x, graph.WholeNumbers("start", start), graph.WholeNumbers("end", end), axes]);
    }

    private static string Vector(OnnxGraph graph, string name, Parameter parameter) => graph.Constant(name, parameter.Value, parameter.Value.Columns);

    private static string OneOr(OnnxGraph graph, string name, Parameter? parameter, int columns)
    {
        if (parameter is not null) return Vector(graph, name, parameter);
        var ones = new Matrix(1, columns);
        ones.Span.Fill(1);
        return graph.Constant(name, ones, columns);
    }
}
