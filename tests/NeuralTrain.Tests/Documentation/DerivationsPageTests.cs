using System.Text.RegularExpressions;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The lines of code in docs/derivations.md are those of the source, and there is a derivation for each part of the lecture that has a gradient.</summary>
public sealed class DerivationsPageTests
{
    private static readonly MarkdownBlock[] Quotes = [.. MarkdownPages.Blocks.Where(block => block.Label == "source")];

    [Fact]
    public void Every_quoted_line_is_in_the_file_it_names()
    {
        Quotes.Should().HaveCountGreaterThan(20);
        Quotes.Where(quote => !IsIn(quote.Text, File.ReadAllText(Repository.PathOf(["src", "NeuralTrain", .. quote.Name.Split('/')])))).Select(quote => $"{quote}:\n{quote.Text}").Should().BeEmpty();
    }

    [Theory]
    [InlineData("a = 1;\nb = 2;", "{\n    a = 1;\n    b = 2;\n}", true)]
    [InlineData("a = 1;\nb = 2;", "{\n    a = 1;\n\n    b = 2;\n}", false)]
    [InlineData("a = 1;", "{\n    a = 1; // one\n}", false)]
    [InlineData("a = 1;", "{\n    aa = 1;\n}", false)]
    public void A_quote_is_whole_lines_in_their_order(string quote, string source, bool isIn) => IsIn(quote, source).Should().Be(isIn);

    [Fact]
    public void Everything_in_the_lecture_that_has_a_gradient_is_derived()
    {
        string page = File.ReadAllText(Repository.PathOf("docs", "derivations.md"));
        string[] headings = [.. Regex.Matches(page, "^##+ (.+)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
        headings.Should().BeEquivalentTo(
            "Linear", "Activations", "Sigmoid", "Tanh", "ReLU, leaky ReLU, VReLU", "PReLU and RReLU", "Softplus", "ELU and SELU", "APL", "Maxout", "Softmax",
            "Softmax with cross-entropy", "Squared error", "Dropout", "Batch normalisation", "Layer normalisation", "L2", "Momentum", "Nesterov's substitution", "Adam's correction");

        // A dollar and a backtick open a formula, a backtick and a dollar end it: otherwise a page shows its source.
        Regex.Count(page, @"\$`").Should().Be(Regex.Count(page, @"`\$"));
        page.Should().NotMatchRegex(@"\$`[^`]*\n\n");
    }

    // Without the indentation.
    private static bool IsIn(string quote, string source) => Lines(source).Contains(Lines(quote), StringComparison.Ordinal);

    private static string Lines(string code) => "\n" + string.Join('\n', CodeSnippets.Lines(code).Select(line => line.Trim())).Trim('\n') + "\n";
}
