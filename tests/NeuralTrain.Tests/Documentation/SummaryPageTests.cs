namespace NeuralTrain.Tests.Documentation;

/// <summary>The code of docs/summary.md.</summary>
public sealed class SummaryPageTests
{
    [Fact]
    public void The_network_of_the_page_gives_the_table_of_the_page()
    {
        // <snippet summary>
        var random = new Random(1);
        var network = new Sequential(
            new Linear(784, 100, random), new Sigmoid(),
            new Sequential(new Linear(100, 50, random), new Sigmoid()),
            new Linear(50, 10, random));
        network.Children[0].Freeze();

        NetworkSummary summary = network.Summary(batchSize: 64);
        Console.WriteLine(summary);
        // </snippet>
        summary.ToString().Should().Be(MarkdownPages.Output("summary"));
    }
}
