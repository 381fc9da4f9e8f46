using System.Text.RegularExpressions;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The fenced blocks of the repository's markdown pages: those at its root, everything below docs/, and the page of each package.</summary>
/// <remarks>
/// On the line above a block may stand a comment: <c>&lt;!-- snippet: name --&gt;</c> ties it to code that a test compiles and
/// runs, <c>&lt;!-- output: name --&gt;</c> lets a test compare it with what that code prints,
/// <c>&lt;!-- source: file --&gt;</c> with lines of that file of the core.
/// </remarks>
internal static partial class MarkdownPages
{
    public static IReadOnlyList<MarkdownBlock> Blocks { get; } = [.. Files().SelectMany(
        file => Parse(Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'), File.ReadAllText(file)))];

    /// <summary>The text of the block under <c>&lt;!-- output: name --&gt;</c>.</summary>
    public static string Output(string name) => Blocks.Single(block => block.Label == "output" && block.Name == name).Text;

    /// <summary>The fenced blocks of one page.</summary>
    public static IReadOnlyList<MarkdownBlock> Parse(string page, string content)
    {
        string[] lines = CodeSnippets.Lines(content);
        var blocks = new List<MarkdownBlock>();
        for (int i = 0; i < lines.Length; i++)
        {
            Match fence = Fence().Match(lines[i]);
            if (!fence.Success)
            {
                continue;
            }

            string mark = fence.Groups["mark"].Value;
            int end = Array.FindIndex(lines, i + 1, line => line.Trim().Length >= mark.Length && line.Trim().All(c => c == mark[0]));
            if (end < 0)
            {
                throw new FormatException($"{page}, line {i + 1}: the block is never closed.");
            }

            Match comment = Comment().Match(i == 0 ? "" : lines[i - 1]);
            blocks.Add(new MarkdownBlock(
                page, i + 1, fence.Groups["language"].Value.ToLowerInvariant(),
                comment.Groups["label"].Value, comment.Groups["name"].Value, CodeSnippets.Dedent(lines[(i + 1)..end])));
            i = end;
        }

        return blocks;
    }

    /// <summary>The pages' paths.</summary>
    public static IEnumerable<string> Files() =>
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md").Order(StringComparer.Ordinal),
        .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
        .. Directory.EnumerateDirectories(Repository.PathOf("src")).Select(package => Path.Combine(package, "README.md")).Where(File.Exists).Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"^\s*(?<mark>`{3,}|~{3,})\s*(?<language>[^\s`]*)[^`]*$")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\s*<!--\s*(?<label>snippet|output|source):\s*(?<name>\S+)\s*-->\s*$")]
    private static partial Regex Comment();
}
