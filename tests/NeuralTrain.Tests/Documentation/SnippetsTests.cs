using System.Text.RegularExpressions;

namespace NeuralTrain.Tests.Documentation;

/// <summary>What pages show is what compiles and runs here.</summary>
public sealed class SnippetsTests
{
    [Fact]
    public void Every_block_of_code_in_a_page_is_code_that_a_test_runs() =>
        Mismatches(MarkdownPages.Blocks, CodeSnippets.All).Should().BeEmpty();

    [Fact]
    public void Every_snippet_is_shown_in_a_page() =>
        CodeSnippets.All.Keys.Except(MarkdownPages.Blocks.Select(block => block.Name)).Should().BeEmpty();

    [Fact]
    public void Every_public_type_is_named_in_a_page()
    {
        string pages = string.Join('\n', MarkdownPages.Files().Select(File.ReadAllText));
        Type[] ofEach = [typeof(Layer), typeof(TableSchema), typeof(Study), typeof(ConsoleProgress), typeof(Picture)];
        IEnumerable<string> missing =
            from type in ofEach.SelectMany(one => one.Assembly.GetExportedTypes())
            where !(type.IsAbstract && type.IsSealed && type.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute), inherit: false))
            let name = type.Name.Split('`')[0]
            where !name.Contains('<', StringComparison.Ordinal) && !Regex.IsMatch(pages, $@"\b{name}s?\b")
            select type.Name;
        missing.Should().BeEmpty("all but extensions, which stand at what they extend, and what the compiler makes of them");
    }

    [Fact]
    public void Every_file_with_snippets_has_a_test_that_runs_them()
    {
        IEnumerable<string> withoutTest = CodeSnippets.Files()
            .Where(file => CodeSnippets.Collect([(file, File.ReadAllText(file))]).Count > 0)
            .Where(file => !File.ReadAllText(file).Contains("[Fact]", StringComparison.Ordinal));
        withoutTest.Should().BeEmpty();
    }

    [Theory]
    [InlineData("<!-- snippet: one -->\n```csharp\nint a = 1;\n\nif (a > 0)\n{\n    a = 2;\n}\n```\n")]
    [InlineData("- In a list:\n\n  <!-- snippet: one -->\n  ```csharp\n  int a = 1;\n\n  if (a > 0)\n  {\n      a = 2;\n  }\n  ```\n")]
    [InlineData("```text\nanything\n```\n```\nanything\n```\n```bash\ndotnet run\n```\n")]
    public void A_page_that_shows_the_code_passes(string page) => Check(page).Should().BeEmpty();

    [Theory]
    [InlineData("```csharp\nint a = 1;\n```\n", "no snippet comment")]
    [InlineData("```cs\nint a = 1;\n```\n", "no snippet comment")]
    [InlineData("<!-- snippet: one -->\n\n```csharp\nint a = 1;\n```\n", "no snippet comment")]
    [InlineData("<!-- output: one -->\n```csharp\nint a = 1;\n```\n", "no snippet comment")]
    [InlineData("<!-- snippet: two -->\n```csharp\nint a = 1;\n```\n", "no snippet 'two'")]
    [InlineData("<!-- snippet: one -->\n```csharp\nint a = 1;\n```\n", "differs")]
    [InlineData("<!-- snippet: one -->\n```text\nint a = 1;\n```\n", "differs")]
    [InlineData("<!-- snippet: one -->\n```csharp\nint a = 1;\n\nif (a > 0)\n{\na = 2;\n}\n```\n", "differs")]
    public void A_page_that_shows_other_code_is_found(string page, string reason) =>
        Check(page).Should().ContainSingle().Which.Should().StartWith("page.md, line ").And.Contain(reason);

    [Fact]
    public void A_block_that_is_never_closed_is_found() =>
        FluentActions.Invoking(() => Check("text\n```csharp\nint a = 1;\n")).Should().Throw<FormatException>().WithMessage("page.md, line 2*");

    [Theory]
    [InlineData("// <snippet one>\n// <snippet two>\n// </snippet>\n")]
    [InlineData("// </snippet>\n")]
    [InlineData("// <snippet one>\nint a = 1;\n")]
    [InlineData("// <snippet one>\n// </snippet>\n// <snippet one>\n// </snippet>\n")]
    public void Snippets_that_overlap_repeat_or_never_end_are_found(string code) =>
        FluentActions.Invoking(() => CodeSnippets.Collect([("File.cs", code)])).Should().Throw<FormatException>().WithMessage("File.cs*");

    private static List<string> Check(string page)
    {
        const string Code = "class C\n{\n    // <snippet one>\n    int a = 1;\n\n    if (a > 0)\n    {\n        a = 2;\n    }\n    // </snippet>\n}\n";
        return Mismatches(MarkdownPages.Parse("page.md", page), CodeSnippets.Collect([("File.cs", Code)]));
    }

    private static List<string> Mismatches(IEnumerable<MarkdownBlock> blocks, IReadOnlyDictionary<string, string> snippets)
    {
        var found = new List<string>();
        foreach (MarkdownBlock block in blocks.Where(block => (block.IsCSharp && block.Label != "source") || block.Label == "snippet"))
        {
            if (block.Label != "snippet")
            {
                found.Add($"{block} shows C# with no snippet comment on the line above it: <!-- snippet: name -->.");
            }
            else if (!snippets.TryGetValue(block.Name, out string? code))
            {
                found.Add($"{block}: there is no snippet '{block.Name}' in a folder Documentation of the tests.");
            }
            else if (code != block.Text)
            {
                found.Add($"{block} differs from snippet '{block.Name}', which is:\n{code}");
            }
        }

        return found;
    }
}
