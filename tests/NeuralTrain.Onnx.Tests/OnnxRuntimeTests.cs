using System.Globalization;
using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests;

/// <summary>What a written file computes in ONNX Runtime, beside the network it was written from.</summary>
public sealed class OnnxRuntimeTests
{
    public static TheoryData<string, int> CasesAndRows => [.. LayerCases.All.Where(each => !IsCustom(each)).SelectMany(each => new[] { 0, 1, 1000 }.Select(rows => (each.Name, rows)))];

    [Theory]
    [MemberData(nameof(CasesAndRows))]
    public void Every_layer_gives_in_ONNX_Runtime_what_it_gives_here(string name, int rows)
    {
        LayerCase layerCase = LayerCases.All.Single(each => each.Name == name);
        Layer layer = layerCase.CreateReady();
        Matrix input = layerCase.CreateInput(rows);
        var expected = new Matrix(rows, layer.OutputSize(input.Columns));
        if (rows > 0) layer.Infer(input, expected);

        Matrix output = OnnxRunner.Run(Saved(layer, input.Columns), input);

        // ONNX Runtime computes the variance of a row in float32; where it is small, the result differs from ours, which lies within 1e-6 of the formula in double.
        ShouldAgree(output, expected, layer is LayerNorm ? 4e-6 : 1e-6);
    }

    [Fact]
    public void A_network_of_all_kinds_of_parts_gives_the_same_too()
    {
        Sequential network = Networks.Large();
        Matrix input = Networks.Rows(1000, 6);
        ShouldAgree(OnnxRunner.Run(Saved(network, 6), input), network.Predict(input));
    }

    [Fact]
    public void A_folded_BatchNorm_is_gone_from_the_file_and_its_effect_is_not()
    {
        Sequential network = Networks.Large();
        Matrix input = Networks.Rows(100, 6);
        byte[] whole = Saved(network, 6), folded = Saved(network, 6, foldBatchNorm: true);
        Text(whole).Should().Contain("BatchNormalization");
        Text(folded).Should().NotContain("BatchNormalization");
        ShouldAgree(OnnxRunner.Run(folded, input), network.Predict(input), 4e-6);
    }

    [Fact]
    public void Class_labels_come_out_beside_the_scores()
    {
        var network = new Sequential(new Linear(2, 3, new Random(1), weightInitializer: new Zeros()));
        network.NamedParameters()[0].Parameter.SetValues([1, 0, 0, 1, -1, -1]);
        byte[] model = Saved(network, 2, ["a", "b"], ["barolo", "grignolino", "Weißer"]);
        OnnxRunner.Labels(model, new float[,] { { 2, 1 }, { 1, 2 }, { -1, -1 } }).Should().Equal("barolo", "grignolino", "Weißer");
    }

    [Theory]
    [InlineData(false, -0.1f, "no")]
    [InlineData(false, 0.1f, "yes")]
    [InlineData(true, -0.1f, "no")]
    [InlineData(true, 0.1f, "yes")]
    public void One_output_is_yes_above_zero_and_as_a_probability_above_one_half(bool sigmoid, float x, string label)
    {
        var network = new Sequential(new Linear(1, 1, new Random(1), weightInitializer: new Constant(1)), sigmoid ? new Sigmoid() : new Identity());
        OnnxRunner.Labels(Saved(network, 1, null, ["no", "yes"]), new float[,] { { x } }).Should().Equal(label);
    }

    [Theory]
    [InlineData(1.5f)]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(float.NaN)]
    public void A_number_that_is_no_category_is_refused_by_ONNX_Runtime_too(float category)
    {
        byte[] model = Saved(new Embedding(2, new Random(1), (0, 3, 4)), 2);
        var run = () => OnnxRunner.Run(model, new float[,] { { category, 1 } });
        run.Should().Throw<Microsoft.ML.OnnxRuntime.OnnxRuntimeException>().WithMessage("*Gather*");
    }

    [Fact]
    public void A_graph_computes_more_than_a_network_and_its_names_are_its_own()
    {
        var network = new Sequential(new Linear(1, 1, new Random(1)));
        var graph = new OnnxGraph();
        string celsius = graph.Input("celsius", OnnxType.Float, 1);
        string kelvin = graph.Node("Add", [celsius, graph.Number("zero", 273.15)]);
        graph.Output("Add", graph.Layer(network, "network", kelvin, 1), OnnxType.Float, 1);
        graph.Output("zero", celsius, OnnxType.Float, 1);
        graph.Output("kelvin", kelvin, OnnxType.Float, 1);
        graph.Output("again", kelvin, OnnxType.Float, 1);
        var twice = new MemoryStream[] { new(), new() };
        foreach (MemoryStream stream in twice) graph.Save(stream);
        twice[0].ToArray().Should().Equal(twice[1].ToArray());
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(twice[0].ToArray());
        session.OutputNames.Should().Equal("Add", "zero", "kelvin", "again");
        ShouldAgree(OnnxRunner.Run(twice[0].ToArray(), new float[,] { { 20 } }), network.Predict(new float[,] { { 293.15f } }));

        ((Action)(() => graph.Input("kelvin", OnnxType.Float, 1))).Should().Throw<ArgumentException>().WithMessage("There is a value 'kelvin' already*");
        ((Action)(() => graph.Output("celsius", kelvin, OnnxType.Float))).Should().Throw<ArgumentException>().WithMessage("There is an input or output 'celsius' already*");
        ((Action)(() => graph.Output("y", "nobody", OnnxType.Float))).Should().Throw<ArgumentException>().WithMessage("There is no value 'nobody'*");
        ((Action)(() => graph.Node("Cast", [kelvin], ("to", new object())))).Should().Throw<ArgumentException>().WithMessage("The attribute 'to' must be a float*received Object*");
    }

    [Fact]
    public void An_output_may_have_the_name_of_a_value_that_is_an_output_under_another_name()
    {
        var graph = new OnnxGraph();
        string x = graph.Input("x", OnnxType.Float, 1), sum = graph.Node("Add", [x, x]), difference = graph.Node("Sub", [sum, x]);
        graph.Output("sum", sum, OnnxType.Float, 1);
        graph.Output(sum, difference, OnnxType.Float, 1);
        var stream = new MemoryStream();
        graph.Save(stream);
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(stream.ToArray());
        session.OutputNames.Should().Equal("sum", "Add");
        ShouldAgree(OnnxRunner.Run(stream.ToArray(), new float[,] { { 3 } }), new float[,] { { 6 } });
    }

    [Fact]
    public void A_network_that_changes_nothing_can_be_saved()
    {
        var network = new Sequential(new Dropout(0.5, new Random(1)));
        Matrix input = Networks.Rows(3, 2);
        OnnxRunner.Run(Saved(network, 2), input).Span.ToArray().Should().Equal(input.Span.ToArray());
    }

    [Fact]
    public void A_custom_layer_says_how_it_is_computed_or_is_refused_by_name()
    {
        Matrix input = Networks.Rows(5, 3);
        var network = new Sequential(new Linear(3, 3, new Random(1)), new Square(), new Both(new Square(), new Sigmoid()));
        ShouldAgree(OnnxRunner.Run(Saved(network, 3), input), network.Predict(input));
        var refused = () => OnnxFile.Save(new MemoryStream(), new Sequential(new Linear(3, 3, new Random(1)), new Residual(new Cube())));
        refused.Should().Throw<NotSupportedException>().WithMessage("Layer '1.0', Cube, is a custom layer that does not say how ONNX computes it.*IOnnxLayer*");
    }

    [Fact]
    public void Names_that_do_not_fit_are_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.onnx"];
        var network = new Sequential(new Linear(3, 2, new Random(1)));
        var inputs = () => OnnxFile.Save(path, network, ["a", "b"]);
        var classes = () => OnnxFile.Save(path, network, null, ["a"]);
        var width = () => OnnxFile.Save(path, new Sequential(new ReLU()));
        inputs.Should().Throw<ArgumentException>().WithMessage("The network takes 3 input columns, but there are 2 names*");
        classes.Should().Throw<ArgumentException>().WithMessage("The network gives 2 outputs, but there are 1 names*");
        width.Should().Throw<ArgumentException>().WithMessage("*takes any number of columns*");
        network.NamedParameters()[0].Parameter.Value.Span[1] = float.NaN;
        var values = () => OnnxFile.Save(path, network);
        values.Should().Throw<NotFiniteNumberException>().WithMessage("'0.weight' has the value NaN*");
        File.Exists(path).Should().BeFalse();
    }

    [Fact]
    public void The_file_is_the_same_under_a_culture_with_decimal_commas()
    {
        Sequential network = Networks.Large();
        TestCulture.German(() => Saved(network, 6)).Should().Equal(Saved(network, 6));
    }

    public static TheoryData<string> CustomCases => [.. LayerCases.All.Where(IsCustom).Select(each => each.Name)];

    [Theory]
    [MemberData(nameof(CustomCases))]
    public void Custom_layers_of_the_contract_list_are_refused(string name)
    {
        LayerCase layerCase = LayerCases.All.Single(each => each.Name == name);
        var save = () => Saved(layerCase.CreateReady(), layerCase.InputSize);
        save.Should().Throw<NotSupportedException>().WithMessage("Layer '*', *, is a custom layer*");
    }

    internal static bool IsCustom(LayerCase layerCase) => layerCase.Create().SelfAndBelow().Any(found => found.Layer.GetType().Assembly != typeof(Layer).Assembly);

    internal static byte[] Saved(Layer layer, int columns, IReadOnlyList<string>? inputNames = null, IReadOnlyList<string>? classes = null, bool foldBatchNorm = false)
    {
        var stream = new MemoryStream();
        OnnxFile.Save(stream, layer, inputNames ?? [.. Enumerable.Range(0, columns).Select(i => i.ToString(CultureInfo.InvariantCulture))], classes, foldBatchNorm);
        return stream.ToArray();
    }

    internal static void ShouldAgree(Matrix actual, Matrix expected, double tolerance = 1e-6)
    {
        (actual.Rows, actual.Columns).Should().Be((expected.Rows, expected.Columns));
        for (int i = 0; i < expected.Span.Length; i++)
        {
            double difference = Math.Abs((double)actual.Span[i] - expected.Span[i]) / Math.Max(1, Math.Abs(expected.Span[i]));
            if (!(difference <= tolerance)) Assert.Fail($"Value {i} is {actual.Span[i]:R}, expected {expected.Span[i]:R} within {tolerance}.");
        }
    }

    private static string Text(byte[] model) => System.Text.Encoding.Latin1.GetString(model);

    private sealed class Square : Layer, IOnnxLayer
    {
        public override void Infer(Matrix input, Matrix output)
        {
            for (int i = 0; i < input.Span.Length; i++) output.Span[i] = input.Span[i] * input.Span[i];
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => throw new NotSupportedException();

        public string WriteOnnx(OnnxGraph graph, string input, int columns) => graph.Node("Mul", [input, input]);
    }

    // The product of what two layers give.
    private sealed class Both(Layer one, Layer other) : Layer, IOnnxLayer
    {
        public override IReadOnlyList<Layer> Children { get; } = [one, other];

        public override void Infer(Matrix input, Matrix output)
        {
            var second = new Matrix(output.Rows, output.Columns);
            one.Infer(input, output);
            other.Infer(input, second);
            for (int i = 0; i < output.Span.Length; i++) output.Span[i] *= second.Span[i];
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => throw new NotSupportedException();

        public string WriteOnnx(OnnxGraph graph, string input, int columns) =>
            graph.Node("Mul", [graph.Layer(one, "0", input, columns), graph.Layer(other, "1", input, columns)]);
    }

    private sealed class Cube : Layer
    {
        public override void Infer(Matrix input, Matrix output) => throw new NotSupportedException();

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => throw new NotSupportedException();
    }
}
