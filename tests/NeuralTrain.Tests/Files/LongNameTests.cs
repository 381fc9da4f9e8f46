using System.Text;
using NeuralTrain.Tests.Training;

namespace NeuralTrain.Tests.Files;

/// <summary>Names of a million letters, and with line breaks, in files and data: messages stay short, and show them on one line.</summary>
public sealed class LongNameTests : IDisposable
{
    private const string Begin = "a\n\u001b[31mb";
    private static readonly string Long = Begin + new string('x', 1_000_000);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Places => ["tensor", "tensor twice", "type", "renamed", "missing", "setting's kind", "layer's kind", "layer's setting", "frozen", "output", "model's kind"];

    [Theory]
    [MemberData(nameof(Places))]
    public void Of_a_model_file(string place)
    {
        string name = Json(Long), tensor = """{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""";
        string header = place switch
        {
            "tensor" or "renamed" => $"{{{name}:{tensor}}}",
            "tensor twice" => $"{{{name}:{tensor},{name}:{tensor}}}",
            "type" => $"{{\"a\":{tensor.Replace("\"F32\"", name, StringComparison.Ordinal)}}}",
            "missing" => $"{{\"__metadata__\":{{{name}:\"\",{name}:\"\"}}}}",
            _ => $"{{\"__metadata__\":{{\"neuraltrain.model\":{Json(Model(place, name))}}},\"a\":{tensor}}}",
        };
        File.WriteAllBytes(_folder["m"], RawFile.Of(header, RawFile.Floats(1)));
        var network = new Sequential(new Linear(1, 1, new Random(1)));
        CheckShort(() =>
        {
            if (place is "tensor" or "tensor twice" or "type") ModelFile.LoadInto(_folder["m"], network);
            else if (place == "renamed") ModelFile.LoadInto(_folder["m"], network, rename: text => text + "y");
            else ModelFile.Load(_folder["m"]);
        });
    }

    [Theory]
    [InlineData("\"kind\":\"Trainer\"")]
    [InlineData("\"metrics\"")]
    [InlineData("\"settings\":{\"loss\"")]
    [InlineData("\"kind\":\"SoftmaxCrossEntropy\"")]
    [InlineData("\"instructionSet\"")]
    [InlineData("\"metricNames\"")]
    public void Of_a_checkpoint(string part)
    {
        Trainer trainer = TestData.Classifier();
        trainer.Fit(TestData.Classes(20), epochs: 1, cancellationToken: TestContext.Current.CancellationToken);
        using var stream = new MemoryStream();
        trainer.SaveCheckpoint(stream);
        stream.Position = 0;
        string state = Encoding.UTF8.GetString(SafetensorsReader.Open(stream).ReadBytes("state"));
        int place = state.IndexOf(part, StringComparison.Ordinal);
        place.Should().BePositive();
        int end = place + part.Length;
        string changed = state[..(end - 1)] + Json(Long)[1..^1] + state[(end - 1)..];
        using var written = new MemoryStream();
        SafetensorsWriter.Write(
            written, new Dictionary<string, string> { ["neuraltrain.checkpoint"] = "1" },
            [.. trainer.Parameters.Select(named => SafetensorsContent.Of($"weights.{named.Path}", named.Parameter)), SafetensorsContent.Of("state", Encoding.UTF8.GetBytes(changed))]);
        written.Position = 0;
        CheckShort(() => TestData.Classifier().Resume(written));
    }

    [Fact]
    public void Of_data_other_than_those_before()
    {
        Trainer trainer = TestData.Classifier();
        Dataset Named(string name) => new(TestData.Classes(20).Inputs, TestData.Classes(20).Targets, [name, "b", "c"], classes: [name, "yes", "no"]);
        CheckShort(() => trainer.Fit(Named(Long), Named("a"), epochs: 1));
        CheckShort(() => _ = trainer.Evaluate(Named(Long))["precision"]);
        trainer.Fit(Named(Long), epochs: 1, cancellationToken: TestContext.Current.CancellationToken);
        using var stream = new MemoryStream();
        trainer.SaveCheckpoint(stream);
        stream.Position = 0;
        Trainer resumed = TestData.Classifier();
        resumed.Resume(stream);
        CheckShort(() => resumed.Fit(Named("a"), epochs: 2));
        CheckShort(() => TestData.Classifier(TestData.Network(outputs: 2)).Fit(Named(Long), epochs: 1));
    }

    [Fact]
    public void Of_classes_and_columns_of_a_predictor()
    {
        Sequential network = TestData.Network();
        var predictor = new Predictor(network, OutputKind.ClassScores, [Long, "b", "c"], [Long, "b", "c"]);
        CheckShort(() => predictor.Classify(new float[2]));
        CheckShort(() => predictor.Classify([float.NaN, 0, 0]));
        CheckShort(() => new PredictorSlot(predictor).Swap(new Predictor(TestData.Network(outputs: 2), OutputKind.ClassScores)));
        CheckShort(() => new PredictorSlot(predictor).Swap(new Predictor(network, OutputKind.ClassScores, ["a", "b", "c"], [Long, "b", "c"])));
        predictor.ToString().Length.Should().BeLessThan(1000);
        CheckShort(() => Dataset.FromClasses([1, 2], _ => [1f], _ => Long, classes: ["a", "b"]));
        CheckShort(() => Dataset.FromClasses([1, 2], _ => [1f], _ => Long));
        CheckShort(() => Dataset.FromClasses([1, 2], _ => [1f], _ => "c", classes: [Long, Long + "b"]));
        CheckShort(() => Dataset.FromClasses([1, 2], _ => [1f], _ => "c", classes: [Long, Long]));
    }

    [Fact]
    public void Of_the_labels_of_IDX_files()
    {
        string images = _folder.Write("images", [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 1, 7]), labels = _folder.Write("labels", [0, 0, 8, 1, 0, 0, 0, 1, 5]);
        CheckShort(() => Dataset.FromIdx(images, labels, [Long, Long + "2"]));
        CheckShort(() => Dataset.FromIdx(images, labels, [Long, Long]));
    }

    [Fact]
    public void Of_columns_and_classes_that_checks_find_wrong()
    {
        var inputs = new Matrix(20, 3);
        inputs[3, 0] = float.NaN;
        var data = new Dataset(inputs, new Matrix(20, 3), [Long, Long + "b", Long + "c"], classes: [Long, Long + "b", Long + "c"]);
        string report = $"{TestData.Network().Check(data, new SoftmaxCrossEntropy())}";
        report.Length.Should().BeInRange(100, 10_000);
        report.Should().Contain("a\\u000a\\u001b[31mbxxx").And.NotContain("\u001b");
        $"{TestData.Network(outputs: 2).Check(data, new SoftmaxCrossEntropy())}".Length.Should().BeLessThan(10_000);
    }

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static string Model(string place, string name)
    {
        const string Linear = """{"kind":"Linear","inputs":1,"outputs":1,"bias":false}""";
        string layer = place switch
        {
            "layer's kind" => $$"""{"kind":{{name}}}""",
            "layer's setting" => $$"""{"kind":"Linear","inputs":{{name}},"outputs":1,"bias":false}""",
            "frozen" => $$"""{"kind":"Linear","inputs":1,"outputs":1,"bias":false,"frozen":[{{name}}]}""",
            "setting's kind" => $$"""{"kind":"Embedding","inputs":1,"columns":[{"kind":{{name}}}]}""",
            _ => Linear,
        };
        string kind = place == "model's kind" ? name : "\"model\"", output = place == "output" ? name : "\"Values\"", format = place == "model's kind" ? "\"x\"" : "1";
        return $$"""{"kind":{{kind}},"format":{{format}},"output":{{output}},"network":[{"kind":"Sequential","layers":[{{layer}}]}]}""";
    }

    private static void CheckShort(Action act)
    {
        Exception? refusal = Record.Exception(act);
        refusal.Should().NotBeNull();
        refusal.Should().Match(problem => problem is InvalidDataException || problem is ArgumentException || problem is KeyNotFoundException);
        refusal!.Message.Length.Should().BeInRange(20, 10_000);
        refusal.Message.Should().NotContain("\u001b");
    }
}
