using System.Globalization;
using NeuralTrain.Tests.Training;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The code of docs/coming-from.md, and its column of defaults.</summary>
public sealed class ComingFromPageTests
{
    [Fact]
    public void The_loop_in_batches_learns()
    {
        Dataset data = TestData.Classes(200);
        Sequential network = TestData.Network();
        var (loss, optimizer) = (new SoftmaxCrossEntropy(), new Adam(network, learningRate: 0.01));

        // <snippet coming-from-loop>
        for (int epoch = 0; epoch < 20; epoch++)
        {
            using BatchReader batches = data.Read(new BatchPlan(BatchSize: 10, ShuffleSeed: 1, epoch));
            while (batches.Read())
            {
                Matrix outputs = network.Forward(batches.Inputs);
                var gradient = new Matrix(outputs.Rows, outputs.Columns);
                loss.Evaluate(outputs, batches.Targets, gradient);
                network.Backward(gradient);
                optimizer.Step();
            }
        }
        // </snippet>

        optimizer.StepCount.Should().Be(20 * 20);
        ConfusionMatrix.Of(network, data).Accuracy.Should().BeGreaterThan(0.9, "guessing reaches 0.4");
    }

    [Fact]
    public void The_defaults_of_the_page_are_those_of_the_library()
    {
        Sequential network = TestData.Network();
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new SGD(network));
        var early = new EarlyStopping();
        var normalization = new BatchNorm(4);
        string page = File.ReadAllText(Repository.PathOf("docs", "coming-from.md"));
        (string Row, string Value)[] defaults =
        [
            ("rows of a batch", Text(trainer.BatchSize)),
            ("epochs", Text(Trainer.DefaultEpochs)),
            ("order of the rows", trainer.Shuffle ? "new in each epoch" : "as they are"),
            ("rate of `SGD`, `Momentum`", Text(trainer.Optimizer.LearningRate)),
            ("rate of `Adam`, `AdamW`", Text(new Adam(network).LearningRate)),
            ("rate of `RMSprop`", Text(new RMSprop(network).LearningRate)),
            ("rate of `AdaGrad`", Text(new AdaGrad(network).LearningRate)),
            ("ε of `BatchNorm`", Text(normalization.Epsilon)),
            ("weight of the newest batch", Text(normalization.RunningAverageRate)),
            ("ε of `LayerNorm`", Text(new LayerNorm(4).Epsilon)),
            ("`EarlyStopping`", $"patience {early.Patience}, {(early.RestoreBest ? "best" : "last")} weights"),
            ("classes of `TopK`", Text(int.Parse(new TopK().Name.AsSpan(4, 1), CultureInfo.InvariantCulture))),
        ];
        defaults.Should().OnlyContain(line => page.Contains($"\n| {line.Row} | {line.Value} |", StringComparison.Ordinal));

        static string Text(double value) => value < 1e-4 ? value.ToString("0e-0", CultureInfo.InvariantCulture) : value.ToString(CultureInfo.InvariantCulture);
    }
}
