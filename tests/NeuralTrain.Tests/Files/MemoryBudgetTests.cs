using System.Text;

namespace NeuralTrain.Tests.Files;

/// <summary>Whatever a file asks for, reading it allocates at most 16 times its size and 1 MB.</summary>
public sealed class MemoryBudgetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Hostile() =>
    [
        "wide", "wide by names", "nested concatenation", "sum over all numbers", "many layers", "nested containers", "many numbers", "many sizes", "many tensors", "long names", "many settings",
        "many classes", "large weights", "text of brackets",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void It_is_refused_or_loaded_within_the_budget_and_in_time(string what)
    {
        File.WriteAllBytes(_folder["m"], FileOf(what));
        _ = Load();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? refusal = Load();
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        taken.Should().BeLessThan((16 * new FileInfo(_folder["m"]).Length) + (1 << 20) + 50_000, "{0}", refusal?.Message[..Math.Min(200, refusal.Message.Length)]);
        if (refusal is not null) refusal.Should().BeOfType<InvalidDataException>();
    }

    [Theory]
    [InlineData(200)]
    [InlineData(3000)]
    public void A_network_of_many_tiny_layers_that_was_saved_is_read(int count)
    {
        Func<Layer>[] kinds = [() => new Linear(1, 1, new Random(1)), () => new ReLU(), () => new BatchNorm(1), () => new Dropout(0.5, new Random(1)), () => new Residual(new Sigmoid())];
        foreach (Func<Layer> create in kinds)
        {
            var network = new Sequential([.. Enumerable.Range(0, count).Select(_ => create())]);
            ModelFile.Save(_folder["tiny"], network);
            ModelFile.Load(_folder["tiny"]).Network.Children.Should().HaveCount(count);
        }
    }

    [Fact]
    public void Half_precision_fits_the_budget_and_loads()
    {
        const int Size = 100_000;
        string network = $$"""{"kind":"Sequential","layers":[{"kind":"BatchNorm","size":{{Size}},"scaleAndShift":true,"epsilon":1,"runningAverageRate":0.1}]}""";
        string[] names = ["weight", "bias", "running_mean", "running_var"];
        string tensors = string.Join(",", names.Select((name, i) => $$"""{{'"'}}0.{{name}}":{"dtype":"F16","shape":[{{Size}}],"data_offsets":[{{2 * i * Size}},{{2 * (i + 1) * Size}}]}"""));
        File.WriteAllBytes(_folder["m"], RawFile.Of($"{{{Metadata(network)},{tensors}}}", new byte[8 * Size]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Predictor.Load(_folder["m"]).InputSize.Should().Be(Size);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan((16 * 8 * Size) + (1 << 20));
    }

    [Fact]
    public void The_caller_can_allow_more()
    {
        File.WriteAllBytes(_folder["m"], FileOf("many layers"));
        FluentActions.Invoking(() => ModelFile.Load(_folder["m"])).Should().Throw<InvalidDataException>().WithMessage($"*bytes of memory, more than the {(16 * new FileInfo(_folder["m"]).Length) + (1 << 20)} that are allowed*maxMemory*");
        using FileStream stream = File.OpenRead(_folder["m"]);
        ModelFile.Load(stream, maxMemory: 1L << 30).Network.Children.Should().HaveCount(20_000);
    }

    [Fact]
    public void What_a_network_of_many_small_layers_saves_is_within_the_budget()
    {
        var random = new Random(1);
        var network = new Sequential([.. Enumerable.Range(0, 2000).Select(i => i % 4 == 0 ? new Linear(16, 16, random) : i % 4 == 1 ? new BatchNorm(16) : i % 4 == 2 ? (Layer)new ReLU() : new Dropout(0.5, random))]);
        ModelFile.Save(_folder["m"], network);
        Predictor.Load(_folder["m"]).InputSize.Should().Be(16);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(31)]
    [InlineData(40)]
    public void As_deep_as_a_file_is_saved_it_is_loaded(int depth)
    {
        Layer inner = new Linear(1, 1, new Random(1));
        inner.Freeze();
        for (int i = 0; i < depth; i++)
        {
            inner = new Sequential(inner);
        }

        Action save = () => ModelFile.Save(_folder["m"], (Sequential)inner);
        if (depth > 30)
        {
            save.Should().Throw<NotSupportedException>().WithMessage("*at most 32 deep*");
            _folder.Files.Should().BeEmpty();
            return;
        }

        save();
        ModelFile.Load(_folder["m"]).Network.ToString().Should().Be(inner.ToString());
    }

    [Theory]
    [InlineData(60, 80)]
    public void Names_nested_however_deep_are_damage(int from, int to)
    {
        for (int depth = from; depth < to; depth++)
        {
            string part = string.Concat(Enumerable.Repeat("{\"kind\":\"ReLU\",\"a\":[", depth / 2)) + "{\"kind\":\"ReLU\",\"a\":1" + (depth % 2 == 0 ? ",\"b\":{\"c\":1}" : "") + "}" + string.Concat(Enumerable.Repeat("]}", depth / 2));
            File.WriteAllBytes(_folder["m"], RawFile.Of($"{{{Metadata(part)}}}"));
            FluentActions.Invoking(() => ModelFile.Load(_folder["m"])).Should().Throw<InvalidDataException>();
        }
    }

    private Exception? Load() => Record.Exception(() => Predictor.Load(_folder["m"]));

    private static string Metadata(string network, string extra = "", string output = "ClassScores")
    {
        string model = $$"""{"kind":"model","format":1,"output":"{{output}}"{{extra}},"network":[{{network}}]}""";
        return $"\"__metadata__\":{{\"neuraltrain.model\":\"{model.Replace("\"", "\\\"", StringComparison.Ordinal)}\"}}";
    }

    private static string Sequential(string layers) => $$"""{"kind":"Sequential","layers":[{{layers}}]}""";

    private static string Repeat(string text, int count) => string.Join(",", Enumerable.Repeat(text, count));

    private static byte[] FileOf(string what)
    {
        const string Relu = """{"kind":"ReLU"}""", Norm = """{"kind":"LayerNorm","size":2000000000,"scaleAndShift":false,"epsilon":1}""";
        return what switch
        {
            "wide" => Raw(Metadata(Sequential(Norm))),
            "wide by names" => Raw(Metadata(Sequential(Repeat($$"""{"kind":"Concatenate","layers":[{{Relu}},{{Relu}}]}""", 30)), ""","inputs":["a"]""")),
            "nested concatenation" => Raw(Metadata(Sequential(Nested("Concatenate", Relu, 12)), ""","inputs":["a"]""")),
            "sum over all numbers" => Raw(Metadata(Sequential($$"""{"kind":"Concatenate","layers":[{{Norm}},{{Norm}}]}"""))),
            "many layers" => Raw(Metadata(Sequential(Repeat(Relu, 20_000)))),
            "nested containers" => Raw(Metadata(Chain(Repeat(Relu, 5_000), 29))),
            "many numbers" => Raw(Metadata(Sequential($$"""{"kind":"ReLU","a":[{{Repeat("1", 500_000)}}]}"""))),
            "many sizes" => Raw($$"""{{'"'}}a":{"dtype":"F32","shape":[{{Repeat("0", 500_000)}}],"data_offsets":[0,0]}"""),
            "many tensors" => Raw(string.Join(",", Enumerable.Range(0, 20_000).Select(i => $$"""{{'"'}}{{i}}":{"dtype":"F4","shape":[0],"data_offsets":[0,0]}""").Prepend(Metadata(Sequential(Relu))))),
            "long names" => Raw($$"""{{Metadata(Sequential(Relu))}},"{{new string('a', 1_000_000)}}":{"dtype":"F4","shape":[0],"data_offsets":[0,0]}"""),
            "many settings" => Raw(Metadata(Sequential($$"""{"kind":"ReLU",{{string.Join(",", Enumerable.Range(0, 200_000).Select(i => $"\"{i}\":1"))}}}"""))),
            "many classes" => Raw(Metadata(Sequential(Relu), $$""","classes":[{{Repeat("\"\"", 300_000)}}],"inputs":[{{Repeat("\"\"", 300_000)}}]""")),
            "large weights" => Raw(Metadata(Sequential("""{"kind":"Linear","inputs":30000,"outputs":30000,"bias":false}"""))),
            _ => Raw(Metadata(new string('[', 500_000))),
        };
    }

    private static byte[] Raw(string header) => RawFile.Of($"{{{header}}}");

    private static string Nested(string kind, string leaf, int depth) => depth == 0 ? leaf : $$"""{"kind":"{{kind}}","layers":[{{Nested(kind, leaf, depth - 1)}},{{Nested(kind, leaf, depth - 1)}}]}""";

    private static string Chain(string leaves, int depth)
    {
        var text = new StringBuilder(leaves);
        for (int i = 0; i < depth; i++)
        {
            text.Insert(0, """{"kind":"Sequential","layers":[""").Append("]}");
        }

        return text.ToString();
    }
}
