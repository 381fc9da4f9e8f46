using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Mutations;

// Changes the core in one place at a time and runs the tests that pass this place until one fails. A change that no test notices is printed as survived.
// README.md says how it works, and what came of it.
//
//   dotnet build -c Release tests/NeuralTrain.Tests -p:Samples=false
//   dotnet run -c Release --project tests/Mutations -- --count 320 --seed 1 > mutations.txt
//   … --only Layers/Residual        every change of the files whose path contains this, instead of a sample
//   … --listed tests/Mutations/listed.txt    those in a file: "path | text | replacement" a line
//   … --tests Serving               asks only the classes of tests whose name matches this
//   … --again mutations.txt         the survivors of a run once more, each in a process of its own
string root = Environment.CurrentDirectory;
while (!File.Exists(Path.Combine(root, "NeuralTrain.sln"))) root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("Run it inside the repository.");
int count = int.Parse(Option("--count") ?? "300"), seed = int.Parse(Option("--seed") ?? "1");
string? only = Option("--only"), again = Option("--again"), listed = Option("--listed"), tests = Option("--tests");
string core = Path.Combine(root, "src", "NeuralTrain"), testSources = Path.Combine(root, "tests", "NeuralTrain.Tests");
string work = Path.Combine(Path.GetTempPath(), $"mutations-{Environment.ProcessId}"), dll = Path.Combine(work, "NeuralTrain.dll");
CopyFolder(Path.Combine(testSources, "bin/Release/net10.0"), work);

// The runner ends its process so long after its tests, if it can.
File.WriteAllText(Path.Combine(work, "xunit.runner.json"), """{ "shutdownForegroundThreadWaitSeconds": 1000000 }""");

// What the compiler gets in an ordinary build.
using JsonDocument build = JsonDocument.Parse(Output("dotnet",
    "build", core, "-c", "Release", "-p:RunAnalyzers=false", "--no-restore", "-t:Rebuild", "-getItem:Compile,ReferencePathWithRefAssemblies,Analyzer", "-p:BuildProjectReferences=false"));
string[] Items(string kind) => [.. build.RootElement.GetProperty("Items").GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("FullPath").GetString()!)];
CSharpParseOptions parse = new(LanguageVersion.CSharp14, DocumentationMode.None, preprocessorSymbols: ["NET", "NET10_0", "NET10_0_OR_GREATER", "NET9_0_OR_GREATER", "NET8_0_OR_GREATER"]);
SyntaxTree[] trees = [.. Items("Compile").Distinct().Select(file => Parse(File.ReadAllText(file), file))];
Compilation compilation = CSharpCompilation.Create("NeuralTrain", trees, Items("ReferencePathWithRefAssemblies").Select(file => MetadataReference.CreateFromFile(file)),
    new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, deterministic: true, nullableContextOptions: NullableContextOptions.Enable));
GeneratorDriver generators = CSharpGeneratorDriver.Create(
    Items("Analyzer").SelectMany(file => new AnalyzerFileReference(file, new Loader()).GetGenerators(LanguageNames.CSharp)), parseOptions: parse);

Mutation[] all = [.. trees.Where(tree => tree.FilePath.StartsWith(core, StringComparison.Ordinal) && !tree.FilePath.Contains("/obj/"))
    .SelectMany(tree => Mutator.Find(tree, Path.GetRelativePath(core, tree.FilePath)))];
var random = new Random(seed);
Queue<Mutation>[] queues = [.. all.GroupBy(Folder).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
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
Console.WriteLine($"{all.Length} changes are possible; {chosen.Length} chosen");

// As many as possible in one program, each behind a switch. Those around an error get a program of their own.
HashSet<int> alone = [.. Enumerable.Range(1, chosen.Length).Where(number => chosen[number - 1].Switch is null)];
for (Diagnostic[] errors; (errors = Emit(WithSwitches())).Length > 0;)
{
    int[] around = [.. errors.SelectMany(Switches.Around)];
    if (around.Length == 0) throw new InvalidOperationException($"The core does not compile: {errors[0]}");
    alone.UnionWith(around);
}

byte[] switched = File.ReadAllBytes(dll);
Console.WriteLine($"{chosen.Length - alone.Count} in one program, {alone.Count} in programs of their own");

// Which places each class of tests passes, and how long it takes; without instruction sets that this machine would not leave out, the tests of kernels alone.
(string Name, string Text)[] sources = [.. Directory.GetFiles(testSources, "*Tests.cs", SearchOption.AllDirectories)
    .Where(file => !Regex.IsMatch(file, "/(obj|Samples|Documentation|Architecture|Plots|Progress)/|CheckpointKillTests"))
    .Select(file => ("NeuralTrain.Tests." + Path.GetRelativePath(testSources, file)[..^3].Replace('/', '.'), File.ReadAllText(file)))
    .Where(test => tests is null || Regex.IsMatch(test.Item1, tests))];
var hosts = new Dictionary<string, TestHost>();
var passed = new Dictionary<string, List<(string Name, string Text, double Seconds, HashSet<int> Seen)>>();
foreach (string off in Enumerable.Range(1, chosen.Length).Select(number => Off(chosen[number - 1])).Distinct())
{
    passed[off] = [];
    foreach ((string name, string text) in sources.Where(test => off.Length == 0 || test.Name.StartsWith("NeuralTrain.Tests.Kernels.", StringComparison.Ordinal)))
    {
        Verdict unchanged = Host(off).Run(-1, [name], 600);
        if (unchanged.Failed is not null) throw new InvalidOperationException($"{name} fails without any change: {unchanged.Failed}");
        passed[off].Add((name, text, unchanged.Seconds, [.. unchanged.Seen]));
    }

    passed[off] = [.. passed[off].OrderBy(test => test.Seconds)];
    Console.WriteLine($"{passed[off].Count} classes of tests take {passed[off].Sum(test => test.Seconds):0} s {off}");
}

// Those that no test can notice, with the reason: "mutation    reason" a line.
HashSet<string> equivalent = [.. File.ReadLines(Path.Combine(root, "tests", "Mutations", "equivalent.txt")).Select(line => line.Split("    ")[0])];
int invalid = 0;
var outcomes = new List<(Mutation Mutation, string? Killer)>();
foreach (int number in Enumerable.Range(1, chosen.Length).OrderBy(number => Off(chosen[number - 1])).ThenBy(alone.Contains))
{
    Mutation mutation = chosen[number - 1];
    string off = Off(mutation);
    bool isAlone = alone.Contains(number);
    if (isAlone && Emit(compilation.ReplaceSyntaxTree(mutation.Tree, mutation.Changed)).Length > 0)
    {
        invalid++;
        continue;
    }

    // What is computed once in a process must not be there before, nor seem to be passed by the first class of tests alone.
    bool isOnce = mutation.Switch?.IsOnce == true;
    if (isAlone || isOnce || again is not null) Close(off);
    string? by = Killer(isAlone ? 0 : number, mutation, Covering(mutation, number, isAlone || isOnce));
    if (isAlone)
    {
        Close(off);
        File.WriteAllBytes(dll, switched);
    }

    outcomes.Add((mutation, by));
    Console.WriteLine($"{(by is not null ? "killed  " : equivalent.Contains($"{mutation}") ? "no difference" : "survived")} {mutation}{(by is null ? "" : $"    [{by}]")}");
}

foreach (IGrouping<string, (Mutation, string? Killer)> folder in outcomes.GroupBy(outcome => Folder(outcome.Mutation)).OrderBy(group => group.Key, StringComparer.Ordinal))
{
    Console.WriteLine($"{folder.Key,-14} {folder.Count(outcome => outcome.Killer is not null)} of {folder.Count()} killed");
}

int killed = outcomes.Count(outcome => outcome.Killer is not null), same = outcomes.Count(outcome => outcome.Killer is null && equivalent.Contains($"{outcome.Mutation}"));
Console.WriteLine($"{killed} of {outcomes.Count} killed, {100.0 * killed / Math.Max(1, outcomes.Count):0.0} %, {outcomes.Count(outcome => outcome.Killer == "too long")} of them by taking too long; {invalid} did not compile");
Console.WriteLine($"{same} make no difference; without them {100.0 * killed / Math.Max(1, outcomes.Count - same):0.0} %");
foreach (string off in hosts.Keys.ToArray()) Close(off);
Directory.Delete(work, recursive: true);

string Folder(Mutation mutation) => mutation.File.Contains('/') ? mutation.File[..mutation.File.IndexOf('/')] : "";

// Registers that this machine does not use unless told so.
string Off(Mutation mutation) => $"{mutation}".Contains("s256") ? "DOTNET_EnableAVX512" : $"{mutation}".Contains("s128") ? "DOTNET_EnableAVX2" : "";

SyntaxTree Parse(string text, string file) => CSharpSyntaxTree.ParseText(text, parse, file, System.Text.Encoding.UTF8);

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

Compilation WithSwitches()
{
    Compilation changed = compilation.AddSyntaxTrees(Parse(Switches.Source, "Mutants.cs"));
    var rewriter = new Switches(Enumerable.Range(1, chosen.Length).Where(number => !alone.Contains(number))
        .ToLookup(number => chosen[number - 1].Switch!.Place, number => (number, chosen[number - 1].Switch!)));
    foreach (SyntaxTree tree in chosen.Select(mutation => mutation.Tree).Distinct()) changed = changed.ReplaceSyntaxTree(tree, tree.WithRootAndOptions(rewriter.Visit(tree.GetRoot())!, parse));
    return changed;
}

// The classes of tests to ask: those that pass the place, first those whose source names the type, then the others, the fastest first. Of a change without a switch,
// those that name the type or pass another change of its file, and those of its folder.
string[][] Covering(Mutation mutation, int number, bool isByName)
{
    string type = Path.GetFileNameWithoutExtension(mutation.File).Split('.')[0];
    HashSet<int> near = isByName ? [.. Enumerable.Range(1, chosen.Length).Where(other => chosen[other - 1].File == mutation.File)] : [number];
    var asked = passed[Off(mutation)].Select(test => (Test: test, IsNaming: Regex.IsMatch(test.Text, $@"\b{type}\b")))
        .Where(test => test.Test.Seen.Overlaps(near) || (isByName && (test.IsNaming || test.Test.Name.StartsWith($"NeuralTrain.Tests.{Folder(mutation)}.", StringComparison.Ordinal)))).ToArray();
    var groups = new List<List<string>>();
    double seconds = double.PositiveInfinity, most = 1;
    foreach (var test in asked.OrderByDescending(test => test.IsNaming && test.Test.Seconds < 3))
    {
        if (seconds > most)
        {
            groups.Add([]);
            (seconds, most) = (0, most * 2);
        }

        groups[^1].Add(test.Test.Name);
        seconds += test.Test.Seconds;
    }

    return [.. groups.Select(group => group.ToArray())];
}

// The first test that fails; it must pass without the change in the same process, which an earlier change could have spoilt otherwise.
string? Killer(int number, Mutation mutation, string[][] groups)
{
    string off = Off(mutation);
    bool isFresh = !hosts.ContainsKey(off), hasActed = false;
    foreach (string[] group in groups)
    {
        Verdict verdict = Host(off).Run(number, group, 20 + (5 * passed[off].Where(test => group.Contains(test.Name)).Sum(test => test.Seconds)));
        hasActed |= verdict.Acted;
        if (verdict.Ended) Close(off);
        if (verdict.Failed is null) continue;
        if (isFresh && !verdict.Ended && Host(off).IsBusy()) Close(off);
        if (verdict.Ended || isFresh) return verdict.Failed;
        string? failing = group.FirstOrDefault(name => $"NeuralTrain.Tests.{verdict.Failed}.".StartsWith($"{name}.", StringComparison.Ordinal));
        bool isSound = failing is not null && !Host(off).IsBusy() && Host(off).Run(0, [failing], 120) is { Failed: null };
        if (isSound) return verdict.Failed;
        Close(off);
        return Killer(number, mutation, groups);
    }

    // What it changes may have been computed before.
    if (hasActed || isFresh) return null;
    Close(off);
    return Killer(number, mutation, groups);
}

TestHost Host(string off) => hosts.TryGetValue(off, out TestHost? host) ? host : hosts[off] = new TestHost(work, off);

void Close(string off)
{
    if (hosts.Remove(off, out TestHost? host)) host.Dispose();
}

Diagnostic[] Emit(Compilation changed)
{
    // Each time: an attribute that changes is one that a generator reads.
    generators.RunGeneratorsAndUpdateCompilation(changed, out changed, out _);
    using FileStream file = File.Create(dll);
    return [.. changed.Emit(file).Diagnostics.Where(problem => problem.Severity == DiagnosticSeverity.Error)];
}

static string Output(string program, params string[] arguments)
{
    using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
    return process.StandardOutput.ReadToEnd();
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
