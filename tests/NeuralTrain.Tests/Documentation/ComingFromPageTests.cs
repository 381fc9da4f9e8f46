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
            using BatchReader batches = data.Read(new BatchPlan(batchSize: 10, shuffleSeed: 1, epoch));
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
            ("epochs", Text((int)typeof(Trainer).GetMethod(nameof(Trainer.Fit), [typeof(BatchSource), typeof(BatchSource), typeof(int), typeof(CancellationToken)])!.GetParameters()[2].DefaultValue!)),
            ("order of the rows", trainer.Shuffle ? "new in each epoch" : "as they are"),
            ("rate of `SGD`, `Momentum`", Text(trainer.Optimizer.LearningRate)),
            ("rate of `Adam`, `AdamW`", Text(new Adam(network).LearningRate)),
            ("rate of `RMSprop`", Text(new RMSprop(network).LearningRate)),
            ("rate of `AdaGrad`", Text(new AdaGrad(network).LearningRate)),
            ("ε of `BatchNorm`", Text(normalization.Epsilon)),
            ("weight of the newest batch", Text(normalization.RunningAverageRate)),
            ("ε of `LayerNorm`", Text(new LayerNorm(4).Epsilon)),
            ("`EarlyStopping`", $"patience {early.Patience}, {(early.RestoreBest ? "best" : "last")} weights"),
            ("momentum", $"{Written(new Momentum(network), "Momentum(momentum 0.9)", "0.9")} in `Momentum` and {Written(new Nesterov(network), "Nesterov(momentum 0.9)", "`Nesterov`")}, the rate inside the velocity"),
            ("ε of `Adam`", Written(new Adam(network), "Adam(beta1 0.9, beta2 0.999, epsilon 1E-08, bias correction true, epsilon placement OutsideRoot)", "1e-8")),
            ("decay of `AdamW`", Written(new AdamW(network), "AdamW(beta1 0.9, beta2 0.999, epsilon 1E-08, bias correction true, epsilon placement OutsideRoot, weight decay 0.01)", "0.01, weights alone")),
            ("β and ε of `RMSprop`", Written(new RMSprop(network), "RMSprop(beta 0.99, epsilon 1E-08, epsilon placement InsideRoot)", "0.99, 1e-8 inside the root")),
            ("start and ε of `AdaGrad`", Written(new AdaGrad(network), "AdaGrad(epsilon 1E-10, initial accumulator 0)", "0, 1e-10 outside the root")),
            ("slope of `LeakyReLU`", Text(new LeakyReLU().Slope)),
            ("`PReLU`", $"{Text(new PReLU().Weight.Value[0, 0])}, {(new PReLU().IsShared ? "shared" : "per unit")}"),
            ("bounds of `RReLU`", $"{Text(new RReLU(new Random(1)).Lower)} to {Text(new RReLU(new Random(1)).Upper)}"),
            ("`CosineDecay` past its length", new CosineDecay(10).At(15, 100) > new CosineDecay(10).At(10, 100) || !(new CosineDecay(10, repeats: true).At(15, 100) > 0) ? "rises again" : "stays, or `repeats: true`"),
            ("classes of `TopK`", Text(int.Parse(new TopK().Name.AsSpan(4, 1), CultureInfo.InvariantCulture))),
        ];
        defaults.Should().OnlyContain(line => page.Contains($"\n| {line.Row} | {line.Value} |", StringComparison.Ordinal));

        // What a rule says of its constants; the page's words for it are right only if they are these.
        static string Written(Optimizer optimizer, string constants, string words) => optimizer.ToString() == constants ? words : optimizer.ToString();

        static string Text(double value) => value < 1e-4 ? value.ToString("0e-0", CultureInfo.InvariantCulture) : value.ToString(CultureInfo.InvariantCulture);
    }
}
