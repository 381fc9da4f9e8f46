using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Mutations;

// Changes the core in one place at a time, compiles it in memory (about a second), puts it beside a copy of the built test program and runs the
// tests that cover the folder until one fails: first the classes whose source names the type, then the folder's namespaces. A change that no test
// notices is printed as survived.
//
//   dotnet build -c Release tests/NeuralTrain.Tests -p:Samples=false
//   dotnet run -c Release --project tests/Mutations -- --count 300 --seed 1 > mutations.txt
//   … --only Layers/Residual        every change of the files whose path contains this, instead of a sample
//   … --listed tests/Mutations/listed.txt    those in a file: "path | text | replacement" a line
//   … --again mutations.txt         the survivors of a run once more, against the whole suite without samples and documentation
//
// The sample is spread over the folders by their size, each folder at least 10. A test run may take five times the processor time it takes unchanged.
string root = Environment.CurrentDirectory;
while (!File.Exists(Path.Combine(root, "NeuralTrain.sln"))) root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("Run it inside the repository.");
int count = int.Parse(Option("--count") ?? "300"), seed = int.Parse(Option("--seed") ?? "1");
string? only = Option("--only"), again = Option("--again"), listed = Option("--listed");
string core = Path.Combine(root, "src", "NeuralTrain");
string built = Path.Combine(root, "tests/NeuralTrain.Tests/bin/Release/net10.0"), work = Path.Combine(Path.GetTempPath(), $"mutations-{Environment.ProcessId}");
CopyFolder(built, work);

// What the compiler gets in an ordinary build.
using JsonDocument build = JsonDocument.Parse(Run("dotnet",
    ["build", core, "-c", "Release", "-p:RunAnalyzers=false", "--no-restore", "-t:Rebuild", "-getItem:Compile,ReferencePathWithRefAssemblies,Analyzer", "-p:BuildProjectReferences=false"], root, TimeSpan.FromMinutes(10)).Output);
string[] Items(string kind) => [.. build.RootElement.GetProperty("Items").GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("FullPath").GetString()!)];
CSharpParseOptions parse = new(LanguageVersion.CSharp14, DocumentationMode.None, preprocessorSymbols: ["NET", "NET10_0", "NET10_0_OR_GREATER", "NET9_0_OR_GREATER", "NET8_0_OR_GREATER"]);
SyntaxTree[] trees = [.. Items("Compile").Distinct().Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), parse, file, System.Text.Encoding.UTF8))];
Compilation compilation = CSharpCompilation.Create("NeuralTrain", trees, Items("ReferencePathWithRefAssemblies").Select(file => MetadataReference.CreateFromFile(file)),
    new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, deterministic: true, nullableContextOptions: NullableContextOptions.Enable));
GeneratorDriver generators = CSharpGeneratorDriver.Create(
    Items("Analyzer").SelectMany(file => new AnalyzerFileReference(file, new Loader()).GetGenerators(LanguageNames.CSharp)), parseOptions: parse);
string dll = Path.Combine(work, "NeuralTrain.dll");
if (!Emit(compilation)) throw new InvalidOperationException("The core does not compile.");

Mutation[] all = [.. trees.Where(tree => tree.FilePath.StartsWith(core, StringComparison.Ordinal) && !tree.FilePath.Contains("/obj/"))
    .SelectMany(tree => Mutator.Find(tree, Path.GetRelativePath(core, tree.FilePath)))];
(string Name, string Text)[] testClasses = [.. Directory.GetFiles(Path.Combine(root, "tests/NeuralTrain.Tests"), "*Tests.cs", SearchOption.AllDirectories)
    .Where(file => !Regex.IsMatch(file, "/(obj|Samples|Documentation|Architecture|Plots|Search)/")).OrderBy(file => new FileInfo(file).Length)
    .Select(file => ("NeuralTrain.Tests." + Path.GetRelativePath(Path.Combine(root, "tests/NeuralTrain.Tests"), file)[..^3].Replace('/', '.'), File.ReadAllText(file)))];
string Folder(Mutation mutation) => mutation.File.Contains('/') ? mutation.File[..mutation.File.IndexOf('/')] : "";
var random = new Random(seed);
Queue<Mutation>[] queues = [.. all.GroupBy(Folder).OrderBy(group => group.Key).Select(group =>
{
    Mutation[] shuffled = [.. group];
    random.Shuffle(shuffled);
    return new Queue<Mutation>(shuffled);
})];
HashSet<string> survivors = again is null ? [] : [.. File.ReadLines(again).Where(line => line.StartsWith("survived", StringComparison.Ordinal)).Select(line => line[9..].Trim())];
Mutation[] chosen = listed is not null ? [.. File.ReadLines(listed).Where(line => line.Length > 0 && line[0] != '#').Select(FromLine)]
    : only is not null ? [.. all.Where(m => m.File.Contains(only))]
    : again is not null ? [.. all.Where(m => survivors.Contains($"{m}"))]
    : [.. queues.SelectMany(queue => queue.Take(Math.Max(10, (int)Math.Round((double)count * queue.Count / all.Length))))];
random.Shuffle(chosen);
Console.WriteLine($"{all.Length} changes are possible; {chosen.Length} chosen");

var baselines = new Dictionary<string, double>();
int killed = 0, survived = 0, invalid = 0;
foreach (Mutation mutation in chosen)
{
    if (!Emit(compilation.ReplaceSyntaxTree(mutation.Tree, mutation.Changed)))
    {
        invalid++;
        continue;
    }

    string? by = Killer(mutation);
    if (by is null) survived++;
    else killed++;
    Console.WriteLine($"{(by is null ? "survived" : "killed  ")} {mutation}{(by is null ? "" : $"    [{by}]")}");
}

foreach (IGrouping<string, Mutation> folder in all.GroupBy(Folder)) Console.WriteLine($"{folder.Key,-14} {folder.Count()} possible");
Console.WriteLine($"{killed} of {killed + survived} killed, {100.0 * killed / Math.Max(1, killed + survived):0.0} %; {invalid} did not compile");
Directory.Delete(work, recursive: true);

// The text must be there exactly once, so that a list does not lose its meaning in silence.
Mutation FromLine(string line)
{
    string[] parts = [.. line.Split(" | ").Select(part => part.Trim().Replace("\\n", "\n"))];
    SyntaxTree tree = trees.Single(candidate => candidate.FilePath == Path.Combine(core, parts[0]));
    string text = tree.GetText().ToString();
    int place = text.IndexOf(parts[1], StringComparison.Ordinal);
    if (place < 0 || text.IndexOf(parts[1], place + 1, StringComparison.Ordinal) >= 0) throw new InvalidDataException($"'{parts[1]}' must be once in {parts[0]}.");
    return new Mutation(parts[0], tree, new Microsoft.CodeAnalysis.Text.TextSpan(place, parts[1].Length), parts[2]);
}

string? Killer(Mutation mutation)
{
    // Registers that this machine does not use unless told so.
    string? off = Regex.IsMatch(mutation.File, "256") ? "DOTNET_EnableAVX512" : Regex.IsMatch(mutation.File, "128") ? "DOTNET_EnableAVX2" : null;
    string name = Path.GetFileNameWithoutExtension(mutation.File).Split('.')[0];
    string[] namespaces = again is not null ? [] : Folder(mutation) switch
    {
        "" => ["NeuralTrain.Tests"],
        "Activations" => ["NeuralTrain.Tests.Activations", "NeuralTrain.Tests.Harness", "NeuralTrain.Tests.Layers"],
        "Layers" => ["NeuralTrain.Tests.Layers", "NeuralTrain.Tests.Harness"],
        "Losses" or "Optimizers" => [$"NeuralTrain.Tests.{Folder(mutation)}", "NeuralTrain.Tests.Harness"],
        string folder => [$"NeuralTrain.Tests.{folder}"],
    };
    string[] covering = again is null ? ["-class-", "NeuralTrain.Tests.Training.CheckpointKillTests", .. namespaces.SelectMany(space => new[] { "-namespace", space })]
        : ["-class-", "NeuralTrain.Tests.Training.CheckpointKillTests", .. new[] { "Samples", "Documentation", "Architecture", "Plots", "Search" }.SelectMany(space => new[] { "-namespace-", $"NeuralTrain.Tests.{space}" })];
    string[] naming = [.. testClasses.Where(test => again is null && Regex.IsMatch(test.Text, $@"\b{name}\b")).Take(8).SelectMany(test => new[] { "-class", test.Name })];
    return (naming.Length > 0 ? Fails(naming, 60) : null) ?? Fails(covering, 0);

    string? Fails(string[] filter, double limit)
    {
        string key = string.Join(' ', filter) + off;
        if (limit == 0 && !baselines.TryGetValue(key, out limit))
        {
            // Unchanged, the tests pass, and take this long.
            byte[] changed = File.ReadAllBytes(dll);
            if (!Emit(compilation)) throw new InvalidOperationException();
            (int code, string output, double seconds) = Test(filter, off, 3600);
            if (code != 0) throw new InvalidOperationException($"The tests {key} fail without any change: {output}");
            limit = baselines[key] = 10 + (5 * seconds);
            File.WriteAllBytes(dll, changed);
        }

        (int result, string text, _) = Test(filter, off, limit);
        return result == 0 ? null : Regex.Match(text, @"NeuralTrain\.Tests\.(\S+).*\[FAIL\]") is { Success: true } match ? match.Groups[1].Value : result == -1 ? "too long" : "crash";
    }
}

(int Code, string Output, double Seconds) Test(string[] filter, string? off, double limit) =>
    Run("dotnet", ["NeuralTrain.Tests.dll", "-noColor", "-stopOnFail", .. filter], work, TimeSpan.FromSeconds(limit), off);

bool Emit(Compilation changed)
{
    // Each time: an attribute that changes is one that a generator reads.
    generators.RunGeneratorsAndUpdateCompilation(changed, out changed, out _);
    using FileStream file = File.Create(dll);
    return changed.Emit(file).Success;
}

// The time is that of the processor, so that a busy machine changes nothing.
static (int Code, string Output, double Seconds) Run(string program, string[] arguments, string folder, TimeSpan limit, string? off = null)
{
    var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
    start.Environment["DOTNET_TieredPGO"] = "0";
    if (off is not null) start.Environment[off] = "0";
    using Process process = Process.Start(start)!;
    Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
    var clock = Stopwatch.StartNew();
    double used = 0;
    while (!process.WaitForExit(200))
    {
        try
        {
            used = process.TotalProcessorTime.TotalSeconds;
        }
        catch (InvalidOperationException)
        {
            continue;
        }

        if (used <= limit.TotalSeconds && clock.Elapsed < 20 * limit) continue;
        process.Kill(entireProcessTree: true);
        return (-1, "", used);
    }

    return (process.ExitCode, output.Result + errors.Result, used);
}

static void CopyFolder(string from, string to)
{
    foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
    {
        string copy = Path.Combine(to, Path.GetRelativePath(from, file));
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(file, copy);
    }
}

string? Option(string name) => Array.IndexOf(args, name) is int place and >= 0 ? args[place + 1] : null;

internal sealed class Loader : IAnalyzerAssemblyLoader
{
    public void AddDependencyLocation(string fullPath)
    {
    }

    public System.Reflection.Assembly LoadFromPath(string fullPath) => System.Reflection.Assembly.LoadFrom(fullPath);
}
