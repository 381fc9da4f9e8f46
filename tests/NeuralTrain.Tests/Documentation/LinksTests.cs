using System.Text.RegularExpressions;

namespace NeuralTrain.Tests.Documentation;

/// <summary>What pages link to within the repository is there: files, pictures, and the headings of pages.</summary>
public sealed partial class LinksTests
{
    [Fact]
    public void Every_link_of_a_page_leads_to_a_file_and_to_a_heading_that_exist()
    {
        var dead = new List<string>();
        int checkedLinks = 0;
        foreach (string page in MarkdownPages.Files())
        {
            foreach (Match link in Link().Matches(Code().Replace(File.ReadAllText(page), "")))
            {
                string file = link.Groups["file"].Value, heading = link.Groups["heading"].Value;
                if (file.Contains("://", StringComparison.Ordinal))
                {
                    continue;
                }

                checkedLinks++;
                string target = file.Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, file);
                bool isThere = File.Exists(target) || Directory.Exists(target);
                if (!isThere || (heading.Length > 0 && !Headings(target).Contains(heading)))
                {
                    dead.Add($"{Path.GetFileName(page)}: {link.Value}");
                }
            }
        }

        dead.Should().BeEmpty();
        checkedLinks.Should().BeGreaterThan(50);
    }

    [Theory]
    [InlineData("## XOR (L1.3, L2.1)", "xor-l13-l21")]
    [InlineData("# A custom layer", "a-custom-layer")]
    public void A_heading_is_linked_as_GitHub_does(string line, string expected) => Slug(line).Should().Be(expected);

    private static IEnumerable<string> Headings(string page) =>
        CodeSnippets.Lines(Code().Replace(File.ReadAllText(page), "")).Where(line => line.StartsWith('#')).Select(Slug);

    // Lower case, blanks to hyphens, all other signs left out.
    private static string Slug(string heading) => string.Concat(
        heading.TrimStart('#').Trim().ToLowerInvariant().Where(sign => char.IsLetterOrDigit(sign) || sign is ' ' or '-').Select(sign => sign == ' ' ? '-' : sign));

    [GeneratedRegex(@"\]\((?<file>[^)#\s]*)(#(?<heading>[^)\s]+))?\)")]
    private static partial Regex Link();

    // Blocks and spans of code hold brackets that are no links.
    [GeneratedRegex(@"^\s*```.*?^\s*```\s*$|`[^`\n]*`", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();
}
