using System.Reflection;

namespace NeuralTrain.Tests.Architecture;

public sealed class ArchitectureTests
{
    private static readonly Assembly Library = typeof(Layer).Assembly;

    // Threads that are not the compute team's: each of these files has one purpose and no computation of its own.
    private static readonly string[] MayStartThreads = ["ReadAhead.cs", "Trainer.Fit.cs", "Study.Run.cs", "PullingWorker.cs", "StudyWorker.cs", "StudyGrain.cs", "StudyCluster.cs", "IStudyGrain.cs", "ParallelGrain.cs", "ModelReloader.cs", "ModelHealthCheck.cs", "Refusal.cs"];

    [Fact]
    public void Only_Kernels_mentions_vectors_or_unsafe_code_and_only_named_files_start_threads()
    {
        string kernels = Repository.PathOf("src", "NeuralTrain", "Kernels") + Path.DirectorySeparatorChar;
        IEnumerable<string> broken = Repository.SourceFiles("src")
            .Where(file => !file.StartsWith(kernels, StringComparison.Ordinal))
            .SelectMany(file => SourceRules.MachineCode(File.ReadAllText(file), mayStartThreads: MayStartThreads.Contains(Path.GetFileName(file)))
                .Select(line => $"{file}: {line.Trim()}"));
        broken.Should().BeEmpty();
    }

    [Theory]
    [InlineData("using System.Runtime.Intrinsics;")]
    [InlineData("    Vector<float> x = default;")]
    [InlineData("    var x = Vector256.Create(1f);")]
    [InlineData("    public static unsafe void Run()")]
    [InlineData("    Parallel.For(0, 10, Run);")]
    [InlineData("    new Thread(Run).Start();")]
    public void The_rule_sees_what_it_forbids(string line) => SourceRules.MachineCode($"namespace A;\n{line}\n", mayStartThreads: false).Should().ContainSingle();

    [Fact]
    public void Files_that_may_start_threads_may_not_use_vectors() =>
        SourceRules.MachineCode("var x = Vector256.Create(1f);\nnew Thread(Run).Start();", mayStartThreads: true).Should().ContainSingle().Which.Should().Contain("Vector256");

    [Fact]
    public void The_rule_lets_comments_speak() => SourceRules.MachineCode("/// <summary>Vector<float> and unsafe code.</summary>\n// Parallel.For", mayStartThreads: false).Should().BeEmpty();

    [Fact]
    public void Everything_public_is_in_one_namespace() =>
        Library.GetExportedTypes().Select(type => type.Namespace).Distinct().Should().Equal("NeuralTrain");

    // Tensors and MathNet.Numerics are what users exchange matrices with; the logging abstractions are the interface that .NET services log through,
    // which cannot be replaced by one of our own, and which every host has loaded already.
    [Fact]
    public void The_core_package_rests_on_the_framework_and_three_libraries_alone() =>
        Library.GetReferencedAssemblies().Select(name => name.Name)
            .Where(name => !IsFramework(name!))
            .Should().BeSubsetOf(["System.Numerics.Tensors", "MathNet.Numerics", "Microsoft.Extensions.Logging.Abstractions"]);

    // A reader who looks for a public type opens the file of its name. Helpers live where they serve; small public siblings may share a file.
    [Fact]
    public void A_public_type_has_a_file_named_after_it_unless_it_is_small_and_every_file_is_named_after_a_type_in_it()
    {
        IEnumerable<string> broken =
            from file in Repository.SourceFiles("src")
            where !file.EndsWith(".g.cs", StringComparison.Ordinal)
            let name = Path.GetFileName(file).Split('.')[0]
            let types = SourceRules.TopLevelTypes(File.ReadAllText(file))
            from problem in types.Where(type => type.IsPublic && type.Name != name && type.Lines > 40).Select(type => $"declares {type.Name}, which needs a file of its own")
                .Concat(types.Any(type => type.Name == name) ? [] : [$"declares {string.Join(", ", types.Select(type => type.Name))}, but no {name}"])
            select $"{Path.GetFileName(file)} {problem}";
        broken.Should().BeEmpty();
    }

    [Fact]
    public void No_source_file_is_longer_than_350_lines()
    {
        IEnumerable<string> broken =
            from file in Repository.SourceFiles("src")
            where !file.EndsWith(".g.cs", StringComparison.Ordinal)
            let lines = File.ReadLines(file).Count()
            where lines > 350
            select $"{Path.GetFileName(file)} has {lines} lines";
        broken.Should().BeEmpty();
    }

    [Fact]
    public void Every_sample_and_test_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Repository.PathOf("NeuralTrain.sln"));
        IEnumerable<string> missing =
            from folder in new[] { "src", "tests", "samples" }
            from project in Directory.EnumerateFiles(Repository.PathOf(folder), "*.csproj", SearchOption.AllDirectories)
            where Path.GetFileName(project) is not ("Consumer.csproj" or "BrowserConsumer.csproj") && !solution.Contains(Path.GetFileName(project), StringComparison.Ordinal)
            select project;
        missing.Should().BeEmpty();
    }

    private static bool IsFramework(string name)
    {
        if (name == "System.Numerics.Tensors")
        {
            return false;
        }

        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return File.Exists(Path.Combine(runtime, name + ".dll"));
    }
}
