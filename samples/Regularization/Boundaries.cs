namespace NeuralTrain.Samples;

/// <summary>One network, several λ: the stronger the penalty, the smoother the boundary (L4.4, after cs231n, neural-networks-1).</summary>
internal static class Boundaries
{
    public static void Run(SampleRun sample)
    {
        Dataset train = PlaneData.Moons(120, sample.NewRandom()), test = PlaneData.Moons(2_000, sample.NewRandom(1));
        SampleRun.Say($"L4.4: 2-32-32-2 on {train}, two moons with noise 0.3; {test.Count} others to test on. " +
            "Circles and triangles are the classes, the background colour is the answer.");
        var charts = new List<Plot>();
        var results = new List<(double Strength, double Weights, Evaluation Train, Evaluation Test)>();
        foreach (double strength in sample.Steps("boundaries", [0, 0.0001, 0.001, 0.01]))
        {
            Sequential network = Perceptron.New(sample.NewRandom(), [2, 32, 32, 2]);
            var optimizer = new Momentum(network, learningRate: 0.1) { L2 = strength };
            var trainer = new Trainer(network, new SoftmaxCrossEntropy(), optimizer) { BatchSize = train.Inputs.Rows };
            sample.Fit(trainer, train, validation: null, epochs: sample.Quick ? 1_000 : 5_000);
            double weights = network.Children.OfType<Linear>().Sum(one => one.Weight.Value.Doubles().Sum(w => w * w));
            results.Add((strength, weights, trainer.Evaluate(train), trainer.Evaluate(test)));
            charts.Add(network.ToDecisionBoundary(train, OutputKind.ClassScores, $"λ = {strength}: test {results[^1].Test.Accuracy:0.0 %}"));
            Picture.ShowLegend(charts[^1], Edge.Bottom);
        }

        sample.Save(charts, columns: 2, "regularization-boundaries.png", 800, 720);
        SampleRun.Print(["λ", "Σw²", "training loss", "training accuracy", "test loss", "test accuracy"], results.Select(one => (string[])
            [$"{one.Strength}", $"{one.Weights:0.0}", .. Cells(one.Train), .. Cells(one.Test)]));
        double[] sizes = [.. results.Select(one => one.Weights)], losses = [.. results.Select(one => one.Train.Loss)];
        sample.Claim("The weights shrink from each λ to the next",
            sizes.Zip(sizes.Skip(1)).All(pair => pair.First > pair.Second), string.Join(", ", sizes.Select(size => $"{size:0.0}")));
        sample.Claim("The training loss rises from each λ to the next",
            losses.Zip(losses.Skip(1)).All(pair => pair.First < pair.Second), string.Join(", ", losses.Select(loss => $"{loss:0.000}")));
        (double strengthOfBest, _, _, Evaluation best) = results.MinBy(one => one.Test.Loss);
        sample.Claim("On points never seen, some λ is better than none", strengthOfBest > 0,
            $"test loss {best.Loss:0.000} with λ = {strengthOfBest} against {results[0].Test.Loss:0.000}");

        static string[] Cells(Evaluation part) => [$"{part.Loss:0.000}", $"{part.Accuracy:0.0 %}"];
    }
}
