using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests;

/// <summary>Networks read back from ONNX files, and files as other libraries write them.</summary>
public sealed class OnnxImportTests
{
    public static TheoryData<string> Cases => [.. LayerCases.All.Where(each => !OnnxRuntimeTests.IsCustom(each)).Select(each => each.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_layer_comes_back_from_its_file_or_is_refused_by_name(string name)
    {
        LayerCase layerCase = LayerCases.All.Single(each => each.Name == name);
        Layer layer = layerCase.CreateReady();
        Matrix input = layerCase.CreateInput(20);
        byte[] file = OnnxRuntimeTests.Saved(layer, input.Columns);
        string? refusal = layer.SelfAndBelow().Select(found => found.Layer).LastOrDefault(found => found is APL or Embedding) switch
        {
            APL => "the stream: node 'Add*' (Add) adds two branches, each with layers*",
            Embedding => "the stream: node '*' (*) is an operator that no layer here computes.",
            _ => null,
        };
        if (refusal is not null)
        {
            Refused(file, refusal);
            return;
        }

        Sequential network = Load(file).Network;
        var expected = new Matrix(20, layer.OutputSize(input.Columns));
        layer.Infer(input, expected);
        OnnxRuntimeTests.ShouldAgree(network.Predict(input), expected);
    }

    [Fact]
    public void Attributes_that_change_no_prediction_are_no_reason_to_refuse_a_file()
    {
        OnnxModel model = Load(Graphs.File(2, 2, graph =>
        {
            string[] constants = [.. new float[][] { [2, 3], [4, 5], [6, 7], [1, 4] }.Select((values, i) => graph.Constant($"c{i}", new Matrix(values, 1, 2), 2))];
            return graph.Node("Flatten", [graph.Node("BatchNormalization", ["input", .. constants], ("momentum", 1f))], ("axis", -1));
        }));
        model.Network.Predict(new float[,] { { 8, 9 } }).Span.ToArray().Should().Equal([8, 8], (one, other) => Math.Abs(one - other) < 1e-4f);
    }

    [Fact]
    public void A_network_comes_back_with_the_same_layers_the_same_bits_and_its_names()
    {
        Sequential network = Networks.Large();
        string[] names = ["a", "b", "c", "d", "e", "ü"], classes = ["x", "y", "ü"];
        OnnxModel model = Load(OnnxRuntimeTests.Saved(network, 6, names, classes));
        model.Network.ToString().Should().Be(network.ToString().Replace("Dropout(0.2), ", "", StringComparison.Ordinal));
        model.InputNames.Should().Equal(names);
        model.Classes.Should().Equal(classes);
        model.Network.NamedParameters().Select(named => named.Parameter.Value.Span.ToArray())
            .Should().BeEquivalentTo(network.NamedParameters().Select(named => named.Parameter.Value.Span.ToArray()), options => options.WithStrictOrdering());
        model.Network.Children.OfType<BatchNorm>().Single().Epsilon.Should().Be(1e-5);
        model.Network.NamedParameters().Should().OnlyContain(named => named.Parameter.Initializer == null);
    }

    [Fact]
    public void A_file_that_is_read_and_written_again_is_the_same_file()
    {
        byte[] file = OnnxRuntimeTests.Saved(new Sequential(new Linear(3, 4, new Random(1)), new Mish(), new Linear(4, 2, new Random(2))), 3);
        OnnxRuntimeTests.Saved(Load(file).Network, 3).Should().Equal(file);
    }

    // Written by PyTorch 1.13 with torch.onnx.export(net.eval(), x, file, opset_version=17, dynamic_axes={'x': {0: 'n'}, 'y': {0: 'n'}}) after torch.manual_seed(1):
    //   a = Sequential(Linear(3, 4), BatchNorm1d(4), GELU(), Dropout(0.2)), with mean (0.1, -0.2, 0.3, 0.05), variance (0.5, 1.5, 0.8, 1.2), γ (1.1, 0.9, 1.2, 0.7), β (0.1, 0.2, -0.1, 0)
    //   b = Sequential(Linear(4, 4, bias=False), LayerNorm(4), SiLU())
    //   c = Sequential(Linear(6, 3), Mish(), PReLU(3), ELU(0.5), SELU(), Softplus(), LeakyReLU(0.2), GELU(approximate='tanh'))
    //   h = a(x.flatten(1));  h = h + b(h);  h = cat([Linear(4, 2)(h), h], dim=1);  y = log_softmax(Linear(3, 2)(tanh(c(h))), dim=1)
    [Fact]
    public void PyTorchs_file_gives_PyTorchs_outputs()
    {
        Sequential network = Load(PyTorch()).Network;
        network.ToString().Should().Be(
            "Sequential(Linear(3 → 4), BatchNorm(4), GELU, Residual(Linear(4 → 4, no bias), LayerNorm(4), SiLU), Concatenate(Linear(4 → 2), Identity), " +
            "Linear(6 → 3), Mish, PReLU(3), ELU(0.5), SELU, Softplus, LeakyReLU(0.2), GELU(approximate), Tanh, Linear(3 → 2), LogSoftmax)");
        OnnxRuntimeTests.ShouldAgree(
            network.Predict(new float[,] { { 0.5f, -1, 2 }, { 1.5f, 0.25f, -0.75f } }),
            new float[,] { { -0.9796979427337646f, -0.4706829786300659f }, { -1.0238722562789917f, -0.44503989815711975f } });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scikit_learns_classifier_of_two_classes_is_read_with_its_labels(bool zipMap)
    {
        // As skl2onnx converts Pipeline(StandardScaler(), MLPClassifier(…)): a Scaler, a Cast, MatMul and Add with intercepts [1, n], and 1 − p beside p.
        byte[] file = Graphs.File(2, 2, graph =>
        {
            string x = graph.Node("ai.onnx.ml.Scaler", ["input"], ("offset", new[] { 1f, 2f }), ("scale", new[] { 2f, 0.5f }));
            x = graph.Node("Cast", [x], ("to", 1));
            x = graph.Node("Add", [graph.Node("MatMul", [x, graph.Constant("w", new Matrix([1, 2, 3, 4, 5, 6], 2, 3), 2, 3)]), graph.Constant("b", new Matrix([1, -1, 0], 1, 3), 1, 3)]);
            x = graph.Node("Relu", [x]);
            x = graph.Node("Add", [graph.Node("MatMul", [x, graph.Constant("w", new Matrix([0.1f, -0.2f, 0.3f], 3, 1), 3, 1)]), graph.Constant("b", new Matrix([0.5f], 1, 1), 1, 1)]);
            string p = graph.Node("Sigmoid", [x]);
            string both = graph.Node("Concat", [graph.Node("Sub", [graph.Number("unity", 1), p]), p], ("axis", 1));
            return zipMap ? graph.Node("ai.onnx.ml.ZipMap", [both], ("classlabels_strings", new[] { "no", "yes" })) : both;
        });

        OnnxModel model = Load(file);

        Matrix output = model.Network.Predict(new float[,] { { 1.5f, 4 } });
        double h0 = 1 + 4 + 1, h1 = 2 + 5 - 1, h2 = 3 + 6, p = 1 / (1 + Math.Exp(-((0.1 * h0) - (0.2 * h1) + (0.3 * h2) + 0.5)));
        OnnxRuntimeTests.ShouldAgree(output, new float[,] { { (float)(1 - p), (float)p } });
        model.Classes.Should().Equal(zipMap ? ["no", "yes"] : []);
    }

    [Fact]
    public void Kerass_layers_are_read_as_tf2onnx_writes_them()
    {
        // Normalization as Sub and Div with [1, n], Dense as MatMul and Add, BatchNormalization as Mul and Add, swish as Sigmoid and Mul.
        byte[] file = Graphs.File(2, 2, graph =>
        {
            string x = graph.Node("Div", [graph.Node("Sub", ["input", graph.Constant("mean", new Matrix([1, 2], 1, 2), 1, 2)]), graph.Constant("deviation", new Matrix([2, 4], 1, 2), 1, 2)]);
            x = graph.Node("Add", [graph.Node("MatMul", [x, graph.Constant("kernel", new Matrix([1, 2, 3, 4], 2, 2), 2, 2)]), graph.Constant("bias", new Matrix([0.5f, -0.5f], 1, 2), 2)]);
            x = graph.Node("Add", [graph.Node("Mul", [x, graph.Constant("scale", new Matrix([0.5f, 2], 1, 2), 2)]), graph.Constant("shift", new Matrix([1, 0], 1, 2), 2)]);
            return graph.Node("Identity", [graph.Node("Mul", [graph.Node("Sigmoid", [x]), x])]);
        });

        Sequential network = Load(file).Network;

        network.ToString().Should().Be("Sequential(Standardization(2), Linear(2 → 2), Standardization(2, inverse), SiLU)");
        double a = (3 - 1) / 2.0, b = (6 - 2) / 4.0, c = (0.5 * (a + (3 * b) + 0.5)) + 1, d = 2 * ((2 * a) + (4 * b) - 0.5);
        OnnxRuntimeTests.ShouldAgree(network.Predict(new float[,] { { 3, 6 } }), new float[,] { { (float)(c / (1 + Math.Exp(-c))), (float)(d / (1 + Math.Exp(-d))) } });
    }

    [Fact]
    public void Numbers_are_added_subtracted_multiplied_and_divided_in_every_order()
    {
        byte[] file = Graphs.File(2, 2, graph =>
        {
            string x = graph.Node("Add", [graph.Number("c", 3), "input"]);
            x = graph.Node("Sub", [graph.Constant("c", new Matrix([1, 2], 1, 2), 2), x]);
            x = graph.Node("Mul", [graph.Number("c", 4), x]);
            x = graph.Node("Div", [x, graph.Constant("c", new Matrix([2, 8], 1, 2), 1, 2)]);
            return graph.Node("Sub", [x, graph.Number("c", 0.25f)]);
        });
        OnnxRuntimeTests.ShouldAgree(Load(file).Network.Predict(new float[,] { { 1, 2 } }), new float[,] { { ((1 - 4) * 2) - 0.25f, ((2 - 5) * 0.5f) - 0.25f } });
    }

    [Fact]
    public void Whatever_changes_nothing_is_left_out()
    {
        byte[] file = Graphs.File(2, 2, graph =>
        {
            string x = graph.Node("Reshape", ["input", graph.WholeNumbers("shape", -1, 2)]);
            x = graph.Node("Dropout", [graph.Node("Flatten", [graph.Node("Identity", [x])]), graph.Number("ratio", 0.5f)]);
            return graph.Node("Relu", [graph.Node("Reshape", [x, graph.WholeNumbers("shape", 0, -1)])]);
        });
        Load(file).Network.ToString().Should().Be("Sequential(ReLU)");
    }

    // What PyTorch 1.13 writes for x.view(x.size(0), -1): with a variable number of rows, and with 5.
    [Theory]
    [InlineData(false, -1)]
    [InlineData(false, 2)]
    [InlineData(true, -1)]
    [InlineData(true, 2)]
    public void A_view_of_as_many_rows_changes_nothing(bool hasFiveRows, int columns)
    {
        byte[] file = Graphs.File(2, 2, graph =>
        {
            string x = graph.Node("Tanh", ["input"]);
            return graph.Node("Relu", [graph.Node("Reshape", [x, hasFiveRows ? graph.WholeNumbers("shape", 5, columns) : Shape(graph, x, 0, columns)])]);
        });
        if (hasFiveRows)
        {
            // The size 5, as long as the name "batch", in its place.
            int place = file.AsSpan().IndexOf("\u0012\u0005batch"u8);
            ((byte[])[0x08, 0x85, 0x80, 0x80, 0x80, 0x80, 0x00]).CopyTo(file, place);
        }

        Load(file).Network.ToString().Should().Be("Sequential(Tanh, ReLU)");
    }

    [Fact]
    public void A_view_of_another_number_of_rows_is_refused()
    {
        Refused(Reshaped((graph, x) => Shape(graph, x, 1, -1)), "*(Reshape) has as its input 1 'Concat*', which is computed*");
        Refused(Reshaped((graph, x) => Shape(graph, graph.Node("Transpose", [x]), 0, -1)), "*(Reshape) has as its input 1 'Concat*', which is computed*");
        Refused(Reshaped((graph, x) => Shape(graph, x, 0, 1)), "*(Reshape) changes the shape to [0, 1]*");
        Refused(Reshaped((graph, _) => graph.WholeNumbers("shape", 5, -1)), "*(Reshape) changes the shape to [5, -1]*");

        static byte[] Reshaped(Func<OnnxGraph, string, string> shape) => Graphs.File(2, 2, graph =>
        {
            string x = graph.Node("Tanh", ["input"]);
            return graph.Node("Reshape", [x, shape(graph, x)]);
        });
    }

    private static string Shape(OnnxGraph graph, string x, int dimension, int columns)
    {
        string rows = graph.Node("Gather", [graph.Node("Shape", [x]), graph.WholeNumbers("index", dimension)]);
        return graph.Node("Concat", [graph.Node("Unsqueeze", [rows, graph.WholeNumbers("axes", 0)]), graph.WholeNumbers("rest", columns)], ("axis", 0));
    }

    [Theory]
    [InlineData("MatMul", 1)]
    [InlineData("MatMul", 2)]
    [InlineData("Gemm", 1)]
    [InlineData("Gemm", 2)]
    public void Weights_that_the_file_transposes_are_read_turned(string operation, int times)
    {
        byte[] file = Graphs.File(2, times == 1 ? 3 : 2, graph =>
        {
            string weights = times == 1 ? graph.Constant("w", new Matrix([1, 2, 3, 4, 5, 6], 3, 2), 3, 2) : graph.Constant("w", new Matrix([1, 3, 2, 4], 2, 2), 2, 2);
            for (int i = 0; i < times; i++) weights = graph.Node("Transpose", [weights]);
            return graph.Node(operation, ["input", weights]);
        });
        OnnxRuntimeTests.ShouldAgree(Load(file).Network.Predict(new float[,] { { 1, 10 } }), times == 1 ? new float[,] { { 21, 43, 65 } } : new float[,] { { 21, 43 } });
    }

    [Fact]
    public void An_output_of_one_dimension_is_a_column()
    {
        Load(Graphs.File(1, 1, graph => graph.Node("Squeeze", [graph.Node("Tanh", ["input"]), graph.WholeNumbers("axes", -1)]))).Network.ToString().Should().Be("Sequential(Tanh)");
        Refused(Graphs.File(2, 2, graph => graph.Node("Squeeze", ["input"])), "*(Squeeze) is an operator that no layer here computes*");
        Refused(Graphs.File(1, 1, graph => graph.Node("Tanh", [graph.Node("Squeeze", ["input"])])), "*(Squeeze) is an operator that no layer here computes*");
    }

    [Fact]
    public void Of_a_file_that_gives_the_largest_score_alone_the_scores_are_read()
    {
        Load(Graphs.File(2, 2, graph => graph.Node("ArgMax", [graph.Node("Tanh", ["input"])], ("axis", 1)), outputType: OnnxType.WholeNumber)).Network.ToString().Should().Be("Sequential(Tanh)");
        Refused(Graphs.File(2, 2, graph => graph.Node("ArgMax", ["input"]), outputType: OnnxType.WholeNumber), "*(ArgMax) works along axis 0*");
    }

    [Fact]
    public void A_further_output_is_refused_by_the_operator_that_gives_it()
    {
        byte[] file = Graphs.File(2, 2, graph => graph.Node("Relu", ["second"]), change: graph => graph.Add(1, new ProtoMessage().Add(1, "input").Add(2, "first").Add(2, "second").Add(4, "Split")));
        Refused(file, "*node 'Relu' (Relu) reads 'second', a further output of node 'first' (Split)*");
    }

    [Theory]
    [InlineData("Conv", "node 'n*Conv' (Conv) is an operator that no layer here computes.")]
    [InlineData("Transpose", "node * (Transpose) is an operator that no layer here computes.")]
    [InlineData("Clip", "node * (Clip) is an operator that no layer here computes.")]
    public void An_operator_without_a_layer_is_refused_by_its_name(string operation, string message)
    {
        byte[] file = Graphs.File(2, 2, graph => graph.Node("Relu", [graph.Node(operation, ["input"])]));
        Refused(file, "the stream: " + message.Replace("'n*Conv'", "'Conv'", StringComparison.Ordinal));
    }

    [Fact]
    public void What_would_mean_something_else_is_refused()
    {
        Refused(Graphs.File(2, 2, graph => graph.Node("Softmax", ["input"], ("axis", 0))), "*node 'Softmax' (Softmax) works along axis 0*");
        Refused(Graphs.File(2, 2, graph => graph.Node("Gemm", ["input", Square(graph)], ("alpha", 0.5f))), "*(Gemm) has a transA, alpha or beta*");
        Refused(Graphs.File(2, 2, graph => graph.Node("Gemm", ["input", "input"])), "*(Gemm) has as its input 1 'input', which is computed; a constant is expected*");
        Refused(Graphs.File(2, 2, graph => graph.Node("Selu", ["input"], ("alpha", 1.5f), ("gamma", 1.0507f))), "*(Selu) has other constants than SELU*");
        Refused(Graphs.File(2, 2, graph => graph.Node("Reshape", ["input", graph.WholeNumbers("shape", -1, 1)])), "*(Reshape) changes the shape to [-1, 1]*");
        Refused(Graphs.File(2, 2, graph => graph.Node("Cast", ["input"], ("to", 7))), "*(Cast) turns numbers into another type*");
        Refused(Graphs.File(2, 2, graph => graph.Node("Div", ["input", graph.Number("zero", 0)])), "*(Div) divides by 0*");
        Refused(Graphs.File(2, 2, graph => graph.Node("Mul", ["input", graph.Node("Tanh", ["input"])])), "*(Mul) multiplies two computed values in a way that is none of GELU, SiLU and Mish*");
        Refused(Graphs.File(2, 2, graph => graph.Node("Add", [graph.Node("Relu", ["input"]), graph.Node("Tanh", ["input"])])), "*(Add) adds two branches*");
        Refused(Graphs.File(2, 2, graph => graph.Node("Concat", ["input", "input"], ("axis", 0))), "*(Concat) works along axis 0*");
        Refused(Graphs.File(2, 2, graph => graph.Node("Add", ["input", graph.Constant("c", new Matrix([1, 2, 3], 1, 3), 3)])), "*combines 2 columns with a constant of the shape [3]*");
        Refused(Graphs.File(2, 2, graph => graph.Node("Add", ["input", graph.Constant("c", new Matrix([1, 2], 2, 1), 2, 1)])), "*combines 2 columns with a constant of the shape [2, 1]*");
        Refused(Graphs.File(2, 2, graph => graph.Node("Relu", ["nobody"])), "*reads 'nobody', which nothing before it gives*");
        Refused(Graphs.File(3, 2, graph => graph.Node("Gemm", ["input", Square(graph)])), "*its input has 3 columns, but its first layer takes 2*");
        Refused(Graphs.File(2, 2, graph => graph.Node("BatchNormalization", ["input", Two(graph), Two(graph), Two(graph), Two(graph)], ("training_mode", 1))), "*is in training mode*");

        static string Square(OnnxGraph graph) => graph.Constant("w", new Matrix([1, 2, 3, 4], 2, 2), 2, 2);
        static string Two(OnnxGraph graph) => graph.Constant("v", new Matrix([1, 2], 1, 2), 2);
    }

    internal static byte[] PyTorch()
    {
        using Stream stream = typeof(OnnxImportTests).Assembly.GetManifestResourceStream("pytorch.onnx")!;
        var file = new byte[stream.Length];
        stream.ReadExactly(file);
        return file;
    }

    private static OnnxModel Load(byte[] file) => OnnxFile.Load(new MemoryStream(file));

    internal static void Refused(byte[] file, string message)
    {
        var load = () => Load(file);
        load.Should().Throw<InvalidDataException>().WithMessage(message);
    }
}

/// <summary>Files as others write them.</summary>
internal static class Graphs
{
    /// <summary>A file of operators, with one input and one output.</summary>
    public static byte[] File(int columns, int outputs, Func<OnnxGraph, string> write, int opset = 17, int type = 1, Func<ProtoMessage, ProtoMessage>? change = null, OnnxType outputType = OnnxType.Float)
    {
        var graph = new OnnxGraph();
        graph.Input("input", (OnnxType)type, columns);
        graph.Output("output", write(graph), outputType, outputs);
        ProtoMessage message = graph.ToGraph();
        message = change?.Invoke(message) ?? message;
        var stream = new MemoryStream();
        new ProtoMessage().Add(1, 8).Add(7, message).Add(8, new ProtoMessage().Add(2, opset)).Add(8, new ProtoMessage().Add(1, "ai.onnx.ml").Add(2, 3)).Write(stream);
        return stream.ToArray();
    }

    public static ProtoMessage Value(string name, int type, params int[] sizes)
    {
        ProtoMessage shape = new ProtoMessage().Add(1, new ProtoMessage().Add(2, "n"));
        foreach (int size in sizes) shape.Add(1, new ProtoMessage().Add(1, size));
        return new ProtoMessage().Add(1, name).Add(2, new ProtoMessage().Add(1, new ProtoMessage().Add(1, type).Add(2, shape)));
    }
}
