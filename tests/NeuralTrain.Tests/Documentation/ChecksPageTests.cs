using System.Text.RegularExpressions;
using NeuralTrain.Tests.Diagnostics;
using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The code of docs/checks.md, and its table.</summary>
public sealed partial class ChecksPageTests
{
    [Fact]
    public void The_table_has_every_finding_with_its_severity_and_each_has_a_case_that_provokes_it()
    {
        IEnumerable<string> rows = CodeSnippets.Lines(File.ReadAllText(Repository.PathOf("docs", "checks.md")))
            .Select(line => Row().Match(line)).Where(match => match.Success).Select(match => match.Groups["row"].Value);
        rows.Should().Equal(CheckTests.Kinds.Select(kind => $"{kind.Code} | {kind.Severity.ToString().ToLowerInvariant()}"))
            .And.BeInAscendingOrder(StringComparer.Ordinal);
    }

    [Fact]
    public void The_three_lines_of_the_page_look_at_a_network()
    {
        Dataset plain = LiveStateTests.Data(200);
        for (int row = 0; row < 200; row++)
        {
            plain.Inputs[row, 3] = 750 + (315 * plain.Inputs[row, 3]);
        }

        var train = new Dataset(plain.Inputs, plain.Targets, ["alcohol", "ash", "hue", "proline"], classes: ["x", "y", "z"]);
        var random = new Random(1);
        var network = new Sequential(new Linear(4, 16, random, weightInitializer: new Normal(0.0005)), new LeakyReLU(), new Linear(16, 3, random));
        var loss = new SoftmaxCrossEntropy();
        var optimizer = new SGD(network, 1e-5);

        // <snippet checks>
        Console.WriteLine(network.Check(train, loss, optimizer));
        Console.WriteLine(network.OverfitOneBatch(train, loss));
        Console.WriteLine(LearningRateFinder.Run(network, train, loss, optimizer));
        // </snippet>

        network.Check(train, loss).ToString().Should().Be(MarkdownPages.Output("checks"));
    }

    [Fact]
    public void The_watch_of_the_page_records()
    {
        Dataset train = LiveStateTests.Data(200);
        (Sequential network, Optimizer optimizer) = LiveStateTests.InTraining();
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), optimizer);

        // <snippet checks-watch>
        var watch = new LayerWatch { ActivationInputs = train.Inputs.SliceRows(0, 64) };
        trainer.Observers.Add(watch);
        trainer.Fit(train, epochs: 5);
        Console.WriteLine(watch);                   // gradient norm, weight norm, update / weights of the last epoch; all of them in watch.Rows
        Console.WriteLine(watch.Activations[^1]);   // mean, standard deviation, zeros, saturation, histogram of each layer
        // </snippet>

        watch.Activations.Should().HaveCount(5);
    }

    [GeneratedRegex(@"^\| (?<row>NT[0-9]{3} \| \w+) \|")]
    private static partial Regex Row();
}
