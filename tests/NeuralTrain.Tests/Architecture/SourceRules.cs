using System.Text.RegularExpressions;

namespace NeuralTrain.Tests.Architecture;

/// <summary>What source files may contain, by where they lie: each rule gives the lines that break it.</summary>
internal static partial class SourceRules
{
    /// <summary>Vectors, unsafe code and threads, which belong into Kernels/ alone.</summary>
    public static IEnumerable<string> MachineCode(string source) => Lines(source).Where(line => MachineCodePattern().IsMatch(line));

    /// <summary>Types declared at the top level of a file, by name.</summary>
    public static IReadOnlyList<string> TopLevelTypes(string source) =>
        [.. source.Split('\n').Select(line => TypePattern().Match(line)).Where(match => match.Success).Select(match => match.Groups["name"].Value)];

    // Comments and documentation may speak of anything.
    private static IEnumerable<string> Lines(string source) =>
        source.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal));

    [GeneratedRegex(@"\bSystem\.Runtime\.Intrinsics\b|\bVector(64|128|256|512)?(<|\.)|\bunsafe\b|\bstackalloc\b|\bUnsafe\.|\bMemoryMarshal\.|\bSystem\.Threading\b|\bnew Thread\(|\bThread\.|\bParallel\.|\bTask\.|\bInterlocked\.")]
    private static partial Regex MachineCodePattern();

    [GeneratedRegex(@"^(public|internal)\s+((static|sealed|abstract|readonly|ref|unsafe|partial)\s+)*(class|struct|interface|enum|record(\s+(struct|class))?|delegate\s+\S+)\s+(?<name>\w+)")]
    private static partial Regex TypePattern();
}
