using System.Text.RegularExpressions;

namespace NeuralTrain.Tests.Architecture;

/// <summary>What source files may contain, by where they lie: each rule gives the lines that break it.</summary>
internal static partial class SourceRules
{
    /// <summary>Vectors, unsafe code and threads, which belong into Kernels/ alone, but for files that may start threads.</summary>
    public static IEnumerable<string> MachineCode(string source, bool mayStartThreads) =>
        Lines(source).Where(line => VectorPattern().IsMatch(line) || (!mayStartThreads && ThreadPattern().IsMatch(line)));

    /// <summary>Types declared at the top level of a file, with the lines from each to the next.</summary>
    public static IReadOnlyList<(string Name, bool IsPublic, int Lines)> TopLevelTypes(string source)
    {
        string[] lines = source.Split('\n');
        (int Line, Match Match)[] types = [.. lines.Select((line, i) => (i, TypePattern().Match(line))).Where(found => found.Item2.Success)];
        return
        [
            .. types.Select((type, i) => (
                type.Match.Groups["name"].Value, type.Match.Groups[1].Value == "public", (i + 1 < types.Length ? types[i + 1].Line : lines.Length) - type.Line)),
        ];
    }

    // Comments and documentation may speak of anything.
    private static IEnumerable<string> Lines(string source) =>
        source.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal));

    [GeneratedRegex(@"\bSystem\.Runtime\.Intrinsics\b|\bVector(64|128|256|512)?(<|\.)|\bunsafe\b|\bstackalloc\b|\bUnsafe\.|\bMemoryMarshal\.")]
    private static partial Regex VectorPattern();

    [GeneratedRegex(@"\bSystem\.Threading\b|\bnew Thread\(|\bThread\.|\bParallel\.|\bTask\.|\bInterlocked\.")]
    private static partial Regex ThreadPattern();

    [GeneratedRegex(@"^(public|internal)\s+((static|sealed|abstract|readonly|ref|unsafe|partial)\s+)*(class|struct|interface|enum|record(\s+(struct|class))?|delegate\s+\S+)\s+(?<name>\w+)")]
    private static partial Regex TypePattern();
}
