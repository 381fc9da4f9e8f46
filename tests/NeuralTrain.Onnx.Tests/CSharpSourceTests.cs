using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests;

/// <summary>Networks as C# source: compiled for netstandard2.0 with the C# of that time and for net10.0, and run.</summary>
public sealed class CSharpSourceTests
{
    private delegate void PredictSpan(ReadOnlySpan<float> features, Span<float> outputs);

    private static readonly MetadataReference[] Standard = References("netstandard2.0");
    private static readonly MetadataReference[] Current =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal)).Select(file => MetadataReference.CreateFromFile(file))];

    public static TheoryData<string> Cases => [.. LayerCases.All.Where(each => !OnnxRuntimeTests.IsCustom(each)).Select(each => each.Name)];

    public static TheoryData<string> CustomCases => [.. LayerCases.All.Where(OnnxRuntimeTests.IsCustom).Select(each => each.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_layer_gives_as_source_what_it_gives_here(string name)
    {
        LayerCase layerCase = LayerCases.All.Single(each => each.Name == name);
        Layer layer = layerCase.CreateReady();
        Matrix input = layerCase.CreateInput(20);
        var expected = new Matrix(20, layer.OutputSize(input.Columns));
        layer.Infer(input, expected);
        Type type = Compiled(layer.ToCSharp("Model", inputSize: layer.InputSize is null ? input.Columns : null), Standard, LanguageVersion.CSharp7_3);
        var predict = Predict(type);
        OnnxRuntimeTests.ShouldAgree(Enumerable.Range(0, 20).Select(row => predict(input.Row(row).ToArray())).ToArray(), expected, layerCase.Tolerance);
    }

    [Theory]
    [MemberData(nameof(CustomCases))]
    public void A_custom_layer_is_refused_by_name(string name)
    {
        LayerCase layerCase = LayerCases.All.Single(each => each.Name == name);
        var write = () => layerCase.CreateReady().ToCSharp("Model", inputSize: layerCase.InputSize);
        write.Should().Throw<NotSupportedException>().WithMessage("Layer '*', *, is a custom layer*");
    }

    [Fact]
    public void Both_frameworks_give_the_same_and_with_spans_without_allocation()
    {
        Sequential network = Networks.Large();
        string source = network.ToCSharp("Garden.Flowers");
        Type current = Compiled(source, Current, LanguageVersion.Default, "NETCOREAPP2_1_OR_GREATER"), standard = Compiled(source, Standard, LanguageVersion.CSharp7_3);
        current.FullName.Should().Be("Garden.Flowers");
        standard.GetMethods().Should().NotContain(method => method.GetParameters().Length == 2 && method.Name == "Predict");
        var predict = current.GetMethod("Predict", [typeof(ReadOnlySpan<float>), typeof(Span<float>)])!.CreateDelegate<PredictSpan>();
        Matrix input = Networks.Rows(50, 6);
        var output = new Matrix(50, 3);
        predict(input.Row(0), output.Row(0));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int row = 0; row < 50; row++) predict(input.Row(row), output.Row(row));
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        OnnxRuntimeTests.ShouldAgree(output, network.Predict(input));
        Enumerable.Range(0, 50).Select(row => Predict(standard)(input.Row(row).ToArray())).SelectMany(row => row).Should().Equal(output.Span.ToArray());
    }

    [Fact]
    public void Classes_are_named_and_decided_as_here()
    {
        var network = new Sequential(new Linear(2, 3, new Random(1)));
        network.NamedParameters()[0].Parameter.SetValues([1, 0, 0, 1, -1, -1]);
        string[] classes = ["a \"quoted\" \\ name", "Weißer\n", "c"];
        Type type = Compiled(network.ToCSharp("Model", classes), Standard, LanguageVersion.CSharp7_3);
        var classify = type.GetMethod("Classify")!.CreateDelegate<Func<float[], string>>();
        new float[][] { [2, 1], [1, 2], [-1, -1] }.Select(classify).Should().Equal(classes);
        foreach ((bool sigmoid, float x, string answer) in new[] { (false, -0.1f, "no"), (false, 0.1f, "yes"), (true, -0.1f, "no"), (true, 0.1f, "yes") })
        {
            var one = new Sequential(new Linear(1, 1, new Random(1), weightInitializer: new Constant(1)), sigmoid ? new Sigmoid() : new Identity());
            Compiled(one.ToCSharp("Model", ["no", "yes"]), Standard, LanguageVersion.CSharp7_3).GetMethod("Classify")!.CreateDelegate<Func<float[], string>>()([x]).Should().Be(answer);
        }
    }

    [Fact]
    public void Features_that_are_wrong_are_refused()
    {
        var predict = Predict(Compiled(Networks.Large().ToCSharp("Model"), Standard, LanguageVersion.CSharp7_3));
        foreach ((float[]? features, string message) in new (float[]?, string)[] { (null, "*features*"), (new float[5], "Model expects 6 features, received 5.*"), ([1, 2, float.NaN, 4, 5, 6], "Feature 2 of Model is not a finite number.*") })
        {
            var run = () => predict(features!);
            run.Should().Throw<ArgumentException>().WithMessage(message);
        }

        var embed = Predict(Compiled(new Embedding(2, new Random(1), (0, 3, 4)).ToCSharp("Model"), Standard, LanguageVersion.CSharp7_3));
        var category = () => embed([1.5f, 0]);
        category.Should().Throw<ArgumentException>().WithMessage("A category must be a whole number from 0 to 2, received *");
    }

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("My Model")]
    [InlineData("A..B")]
    public void A_name_that_no_class_can_have_is_refused(string name)
    {
        var write = () => Networks.Large().ToCSharp(name);
        write.Should().Throw<ArgumentException>().WithMessage($"name must be the name of a class, such as Flowers or Garden.Flowers, received '{name}'.*");
    }

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        var network = new Sequential(new Linear(3, 2, new Random(1)));
        var classes = () => network.ToCSharp("Model", ["a"]);
        var width = () => new ReLU().ToCSharp("Model");
        var other = () => network.ToCSharp("Model", inputSize: 4);
        var large = () => new Linear(2000, 1000, new Random(1)).ToCSharp("Model");
        classes.Should().Throw<ArgumentException>().WithMessage("The network gives 2 outputs, but there are 1 names*");
        width.Should().Throw<ArgumentException>().WithMessage("ReLU takes any number of columns*");
        other.Should().Throw<ArgumentException>().WithMessage("The network takes 3 columns, received inputSize 4*");
        large.Should().Throw<NotSupportedException>().WithMessage("2001000 parameters take * characters; an assembly has room for 8000000*");
        network.NamedParameters()[0].Parameter.Value.Span[1] = float.NaN;
        var values = () => network.ToCSharp("Model");
        values.Should().Throw<NotFiniteNumberException>().WithMessage("'0.weight' has the value NaN*");
    }

    [Fact]
    public void The_source_is_the_same_under_a_culture_with_decimal_commas() =>
        TestCulture.German(() => new Sequential(new ELU(0.5), new LeakyReLU(0.1)).ToCSharp("Model", inputSize: 2)).Should().Be(new Sequential(new ELU(0.5), new LeakyReLU(0.1)).ToCSharp("Model", inputSize: 2)).And.Contain("x * 0.1");

    private static Func<float[], float[]> Predict(Type type) => type.GetMethod("Predict", [typeof(float[])])!.CreateDelegate<Func<float[], float[]>>();

    private static Type Compiled(string source, MetadataReference[] references, LanguageVersion language, params string[] symbols)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(language, DocumentationMode.Diagnose, preprocessorSymbols: symbols));
        var compilation = CSharpCompilation.Create("Generated", [tree], references, new CSharpCompilationOptions(Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        var assembly = new MemoryStream();
        compilation.Emit(assembly).Diagnostics.Where(each => each.Severity >= DiagnosticSeverity.Warning).Should().BeEmpty();
        assembly.Position = 0;
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(assembly).GetExportedTypes().Single();
    }

    private static MetadataReference[] References(string framework) =>
        [.. Directory.EnumerateFiles(typeof(CSharpSourceTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == framework).Value!, "netstandard.dll").Select(file => MetadataReference.CreateFromFile(file))];
}
