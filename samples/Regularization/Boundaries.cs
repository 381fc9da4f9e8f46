using ScottPlot;
using ScottPlot.Panels;

namespace NeuralTrain.Samples;

/// <summary>One network, several λ: the stronger the penalty, the smoother the boundary (L4.4, after cs231n, neural-networks-1).</summary>
internal static class Boundaries
{
    private static readonly double[] Strengths = [0, 0.0001, 0.001, 0.01];

    public static void Run(SampleRun sample)
    {
        (Dataset train, Dataset test) = (PlaneData.Moons(120, noise: 0.3, sample.NewRandom()), PlaneData.Moons(2_000, noise: 0.3, new Random(sample.Seed + 1)));
        SampleRun.Say($"L4.4: 2-32-32-2 on {train}, two moons with noise 0.3; {test.Inputs.Rows} others to test on. Circles and triangles are the classes, the colour behind them the answer.");
        var charts = new List<Plot>();
        var results = new List<(double Weights, Evaluation Train, Evaluation Test)>();
        foreach (int i in sample.Steps("boundaries", Strengths.Length))
        {
            Random random = sample.NewRandom();
            var network = new Sequential(new Linear(2, 32, random), new ReLU(), new Linear(32, 32, random), new ReLU(), new Linear(32, 2, random));
            var optimizer = new Momentum(network, learningRate: 0.1) { L2 = Strengths[i] };
            var trainer = new Trainer(network, new SoftmaxCrossEntropy(), optimizer) { BatchSize = train.Inputs.Rows };
            sample.Fit(trainer, train, validation: null, epochs: sample.Quick ? 1_000 : 5_000);
            double weights = network.NamedParameters().Where(one => one.Parameter.IsRegularized).Sum(one => one.Parameter.Value.Doubles().Sum(weight => weight * weight));
            results.Add((weights, trainer.Evaluate(train), trainer.Evaluate(test)));
            Plot chart = network.ToDecisionBoundary(train, OutputKind.ClassScores, $"λ = {Strengths[i]}: test {results[i].Test.Accuracy:0.0 %}");
            chart.Axes.GetPanels().OfType<LegendPanel>().ToList().ForEach(chart.Axes.Remove);
            chart.Axes.Title.Label.FontSize = 14;
            charts.Add(chart);
        }

        sample.Save(charts, columns: 2, "regularization-boundaries.png", 800, 640);
        SampleRun.Print(["λ", "Σw²", "training loss", "training accuracy", "test loss", "test accuracy"], results.Select((result, i) => new[]
        {
            $"{Strengths[i]}", $"{result.Weights:0.0}", $"{result.Train.Loss:0.000}", $"{result.Train.Accuracy:0.0 %}",
            $"{result.Test.Loss:0.000}", $"{result.Test.Accuracy:0.0 %}",
        }));
        double[] sizes = [.. results.Select(result => result.Weights)], losses = [.. results.Select(result => result.Train.Loss)];
        sample.Claim("The weights shrink from each λ to the next", IsRising(sizes.Reverse()), string.Join(", ", sizes.Select(size => $"{size:0.0}")));
        sample.Claim("The training loss rises from each λ to the next", IsRising(losses), string.Join(", ", losses.Select(value => $"{value:0.000}")));
        int best = Enumerable.Range(0, results.Count).MinBy(i => results[i].Test.Loss);
        sample.Claim("On points never seen, some λ is better than none", best > 0,
            $"test loss {results[best].Test.Loss:0.000} with λ = {Strengths[best]} against {results[0].Test.Loss:0.000}");
    }

    private static bool IsRising(IEnumerable<double> values) => values.Zip(values.Skip(1)).All(pair => pair.First < pair.Second);
}
