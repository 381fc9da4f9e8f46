namespace NeuralTrain.Samples;

/// <summary>A pretrained network (L7.4): load, freeze the first layers, replace the head; few examples suffice then.</summary>
internal static class Transfer
{
    private const int Classes = 5, Few = 50, Starts = 5;

    public static void Run(SampleRun sample)
    {
        (Dataset digits, Dataset others) = Digits.Load(sample, sample.Quick ? 2_000 : 10_000, 4_000, standardize: false);
        Dataset low = Digits.Only(digits, first: 0, Classes), high = Digits.Only(others, first: Classes, Classes);
        Dataset unseen = high.Select([.. Enumerable.Range(Starts * Few, high.Inputs.Rows - (Starts * Few))]);
        SampleRun.Say($"L7.4: pretrained on {low.Inputs.Rows} digits 0 to 4, then {Few} of 5 to 9 to learn from, {Starts} times others, and {unseen.Inputs.Rows} to measure on.");

        Sequential pretrained = NewNetwork(sample.NewRandom());
        Train(sample, pretrained, low, sample.Quick ? 5 : 20);
        string file = sample.PathOf("practice-pretrained.safetensors");
        ModelFile.Save(file, pretrained, low.Classes, new SoftmaxCrossEntropy());

        // How many layers, counted from the first, are loaded and frozen; null: random weights instead. Layers 0, 2 and 4 have weights, 4 is the new head.
        (string Name, int? Frozen)[] ways = [("pretrained, all frozen but the new head", 4), ("pretrained, the first layer frozen", 1), ("from random weights", null)];
        var accuracies = ways.ToDictionary(way => way.Name, _ => new List<double>());
        bool areSame = true;
        foreach (int start in sample.Steps("few examples", Starts))
        {
            Dataset few = high.Select([.. Enumerable.Range(start * Few, Few)]);
            foreach ((string name, int? frozen) in ways)
            {
                var random = new Random(sample.Seed + start);
                Sequential network = frozen is null ? NewNetwork(random) : ModelFile.Load(file).Network.Take(^1).Append(new Linear(64, Classes, random));
                network.Children.Take(frozen ?? 0).ToList().ForEach(layer => layer.Freeze());
                accuracies[name].Add(Train(sample, network, few, 200).Evaluate(unseen).Accuracy);
                areSame &= frozen is null || pretrained.Children[0].Parameters.Zip(network.Children[0].Parameters).All(pair => pair.First.Value.Span.SequenceEqual(pair.Second.Value.Span));
            }
        }

        Spread[] results = [.. ways.Select(way => Spread.Of(accuracies[way.Name]))];
        SampleRun.Print(["network", "accuracy on unseen 5 to 9"], ways.Zip(results).Select(pair => new[] { pair.First.Name, pair.Second.Percent }));
        sample.Claim("The frozen layer has not changed by a bit", areSame, "compared with that of the pretrained network");
        sample.ClaimAbove($"With {Few} examples, the pretrained network with its first layer frozen is better than one from random weights",
            results[1], results[2], spread => spread.Percent, needsFullRun: true);
    }

    private static Sequential NewNetwork(Random random) => new(
        new Linear(784, 128, random), new ReLU(), new Linear(128, 64, random), new ReLU(), new Linear(64, Classes, random));

    private static Trainer Train(SampleRun sample, Sequential network, Dataset data, int epochs)
    {
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network)) { Seed = (ulong)sample.Seed };
        sample.Fit(trainer, data, validation: null, epochs);
        return trainer;
    }
}
