using Microsoft.ML.OnnxRuntime;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The code of docs/onnx.md, in a folder of its own.</summary>
public sealed class OnnxPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Directory.GetCurrentDirectory();

    public OnnxPageTests() => Directory.SetCurrentDirectory(_folder.FullName);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _folder.Dispose();
    }

    [Fact]
    public void A_network_goes_out_and_comes_back_as_on_the_page()
    {
        var random = new Random(1);
        var network = new Sequential(new Linear(2, 4, random), new BatchNorm(4), new ReLU(), new Dropout(0.5, random), new Linear(4, 3, random));
        // <snippet onnx-file>
        OnnxFile.Save("flowers.onnx", network, inputNames: ["petal length", "petal width"], classes: ["setosa", "versicolor", "virginica"]);

        OnnxModel model = OnnxFile.Load("flowers.onnx");
        Console.WriteLine(model);
        Matrix scores = model.Network.Predict(new float[,] { { 1.4f, 0.2f } });
        // </snippet>
        model.ToString().Should().Be(MarkdownPages.Output("onnx-file"));
        scores.Span.ToArray().Should().Equal(network.Predict(new float[,] { { 1.4f, 0.2f } }).Span.ToArray());
        model.InputNames.Should().Equal("petal length", "petal width");
        // <snippet onnx-runtime>
        using var session = new InferenceSession("flowers.onnx");
        using OrtValue rows = OrtValue.CreateTensorValueFromMemory(new float[] { 1.4f, 0.2f }, [1, 2]);     // rows, columns
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(new RunOptions(), ["input"], [rows], ["output", "label"]);
        Console.WriteLine($"{results[1].GetStringElement(0)}: {string.Join(", ", results[0].GetTensorDataAsSpan<float>().ToArray())}");
        // </snippet>
        OnnxRuntimeTests.ShouldAgree(new Matrix(results[0].GetTensorDataAsSpan<float>().ToArray(), 1, 3), scores);
        results[1].GetStringElement(0).Should().Be(model.Classes[scores.Span.IndexOf(Math.Max(scores[0, 0], Math.Max(scores[0, 1], scores[0, 2])))]);
    }

    [Fact]
    public void A_table_model_becomes_a_file_of_named_columns_as_on_the_page()
    {
        Table table = Table.From(Enumerable.Range(0, 60).Select(i => new { age = i % 5 == 0 ? null : (int?)(7 * i % 60), city = i % 7 == 0 ? null : i % 2 == 0 ? "Ulm" : "Bonn", member = i % 3 == 0, income = i > 30 ? "high" : "low" }));
        TableModel.Fit(table, table.InferSchema("income"), new Random(1), new TableFitOptions { Epochs = 1 }).Save("people.safetensors");
        // <snippet onnx-table>
        TableModel.Load("people.safetensors").SaveOnnx("people.onnx");
        // </snippet>
        using var session = new InferenceSession("people.onnx");
        session.InputNames.Should().Equal("age", "city", "member");
        session.OutputNames.Should().Equal("label", "probabilities", "unknown", "unfamiliar");
    }

    [Fact]
    public void A_network_becomes_C_sharp_source_as_on_the_page()
    {
        var network = new Sequential(new Linear(2, 4, new Random(1)), new ReLU(), new Linear(4, 3, new Random(2)));
        // <snippet csharp-source>
        File.WriteAllText("Flowers.cs", network.ToCSharp("Garden.Flowers", classes: ["setosa", "versicolor", "virginica"]));
        // </snippet>
        File.ReadAllText("Flowers.cs").Should().Contain("namespace Garden").And.Contain("public static class Flowers").And.Contain("\"versicolor\"");
    }

    [Fact]
    public void A_custom_layer_is_written_as_on_the_page()
    {
        var network = new Sequential(new Linear(2, 2, new Random(1)), new Square());
        GradientCheck.Run(new Square(), inputSize: 5).ThrowIfWrong();
        OnnxFile.Save("square.onnx", network);
        Matrix input = new float[,] { { 1, 2 } };
        OnnxRuntimeTests.ShouldAgree(OnnxRunner.Run(File.ReadAllBytes("square.onnx"), input), network.Predict(input));
    }
}

// <snippet onnx-custom>
public sealed class Square : Layer, IOnnxLayer
{
    public override void Infer(Matrix input, Matrix output)
    {
        for (int i = 0; i < input.Span.Length; i++) output.Span[i] = input.Span[i] * input.Span[i];
    }

    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        for (int i = 0; i < inputGradient.Span.Length; i++) inputGradient.Span[i] = 2 * input.Span[i] * outputGradient.Span[i];
    }

    public string WriteOnnx(OnnxGraph graph, string input, int columns) => graph.Node("Mul", [input, input]);
}
// </snippet>
