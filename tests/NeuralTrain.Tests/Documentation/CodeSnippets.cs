using System.Text.RegularExpressions;

namespace NeuralTrain.Tests.Documentation;

/// <summary>
/// The code that markdown pages show: whatever stands between <c>// &lt;snippet name&gt;</c> and <c>// &lt;/snippet&gt;</c> in
/// the C# files of this folder, and of the folders of this name in the other test projects. It compiles with the tests, and the test around it runs it.
/// </summary>
internal static partial class CodeSnippets
{
    public static IReadOnlyDictionary<string, string> All { get; } = Collect(
        Files().Select(file => (Path.GetFileName(file), File.ReadAllText(file))));

    /// <summary>The files that may hold snippets.</summary>
    public static IEnumerable<string> Files() => Directory.EnumerateDirectories(Repository.PathOf("tests"))
        .Select(project => Path.Combine(project, "Documentation"))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        .Order(StringComparer.Ordinal);

    /// <summary>The snippets of some files, by name.</summary>
    public static IReadOnlyDictionary<string, string> Collect(IEnumerable<(string Name, string Content)> files)
    {
        var snippets = new Dictionary<string, string>();
        foreach ((string file, string content) in files)
        {
            string? open = null;
            var code = new List<string>();
            foreach (string line in Lines(content))
            {
                Match start = Start().Match(line);
                if (start.Success)
                {
                    Require(open is null, $"{file}: snippet '{start.Groups["name"].Value}' begins inside snippet '{open}'.");
                    open = start.Groups["name"].Value;
                }
                else if (End().IsMatch(line))
                {
                    Require(open is not null, $"{file}: a snippet ends that never began.");
                    Require(snippets.TryAdd(open!, Dedent(code)), $"{file}: there is another snippet '{open}'.");
                    open = null;
                    code.Clear();
                }
                else if (open is not null)
                {
                    code.Add(line);
                }
            }

            Require(open is null, $"{file}: snippet '{open}' never ends.");
        }

        return snippets;
    }

    /// <summary>The lines joined, without the indentation common to all of them and without blank lines at both ends.</summary>
    public static string Dedent(IReadOnlyCollection<string> lines)
    {
        int margin = lines.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return string.Join('\n', lines.Select(line => line.Trim().Length == 0 ? "" : line[margin..].TrimEnd())).Trim('\n');
    }

    public static string[] Lines(string content) => content.ReplaceLineEndings("\n").Split('\n');

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FormatException(otherwise);
        }
    }

    [GeneratedRegex(@"^\s*// <snippet (?<name>\S+)>\s*$")]
    private static partial Regex Start();

    [GeneratedRegex(@"^\s*// </snippet>\s*$")]
    private static partial Regex End();
}
