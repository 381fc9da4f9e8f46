namespace NeuralTrain.Samples;

/// <summary>A pretrained network (L7.4): load, freeze the first layers, replace the head; then few examples are enough.</summary>
internal static class Transfer
{
    private const int Classes = 5, Few = 50, Starts = 5;

    public static void Run(SampleRun sample)
    {
        (Dataset digits, Dataset others) = Digits.Load(sample, sample.Quick ? 2_000 : 10_000, 4_000, standardize: false);
        Dataset low = Digits.Only(digits, first: 0, Classes), high = Digits.Only(others, first: Classes, Classes);
        Dataset unseen = high.Select([.. Enumerable.Range(Starts * Few, high.Inputs.Rows - (Starts * Few))]);
        SampleRun.Say($"L7.4: pretrained on {low.Count} digits 0 to 4, then {Few} of 5 to 9 to learn from, {Starts} times others, " +
            $"and {unseen.Count} to measure on.");
        Sequential pretrained = Perceptron.New(sample.NewRandom(), [784, 128, 64, Classes]);
        sample.Fit(sample.NewTrainer(pretrained), low, validation: null, sample.Quick ? 5 : 20);
        string file = sample.PathOf("practice-pretrained.safetensors");
        ModelFile.Save(file, pretrained, low.Classes, new SoftmaxCrossEntropy());

        // How many layers, from the first, are loaded and frozen; null: random weights. 0, 2 and 4 have weights, 4 is the new head.
        (string Name, int? Frozen)[] ways =
            [("pretrained, all frozen but the new head", 4), ("pretrained, the first layer frozen", 1), ("from random weights", null)];
        bool areSame = true;
        Spread[] results = [.. sample.RunAll("few examples", ways, Starts, Accuracy).Select(accuracies => Spread.Of(accuracies))];
        SampleRun.Print(["network", "accuracy on unseen 5 to 9"], ways.Zip(results, (way, result) => new[] { way.Name, result.Percent }));
        sample.Claim("The frozen layer has not changed by a bit", areSame, "compared with that of the pretrained network");
        sample.ClaimAbove($"With {Few} examples, the pretrained network with its first layer frozen is better than one from random weights",
            results[1], results[2], spread => spread.Percent, needsFullRun: true);

        double Accuracy((string Name, int? Frozen) way, int start)
        {
            Random random = sample.NewRandom(start);
            Sequential network = way.Frozen is null ? Perceptron.New(random, [784, 128, 64, Classes])
                : ModelFile.Load(file).Network.Take(^1).Append(new Linear(64, Classes, random));
            network.Children.Take(way.Frozen ?? 0).ToList().ForEach(layer => layer.Freeze());
            Trainer trainer = sample.NewTrainer(network);
            sample.Fit(trainer, high.Select([.. Enumerable.Range(start * Few, Few)]), validation: null, epochs: 200);
            areSame &= way.Frozen is null || pretrained.Children[0].Parameters.Zip(network.Children[0].Parameters)
                .All(pair => pair.First.Value.Span.SequenceEqual(pair.Second.Value.Span));
            return trainer.Evaluate(unseen)["accuracy"];
        }
    }
}
