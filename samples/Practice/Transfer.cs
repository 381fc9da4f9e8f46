namespace NeuralTrain.Samples;

/// <summary>A pretrained network (L7.4): load, freeze the first layers, replace the head; few examples suffice then.</summary>
internal static class Transfer
{
    private const int Classes = 5, Few = 50;

    public static void Run(SampleRun sample)
    {
        (Dataset digits, Dataset others) = Digits.Load(sample, sample.Quick ? 2_000 : 10_000, 4_000, standardize: false);
        Dataset low = Digits.Only(digits, first: 0, Classes), high = Digits.Only(others, first: Classes, Classes);
        Dataset few = high.Select([.. Enumerable.Range(0, Few)]), unseen = high.Select([.. Enumerable.Range(Few, high.Inputs.Rows - Few)]);
        SampleRun.Say($"L7.4: pretrained on {low.Inputs.Rows} digits 0 to 4, then {Few} of 5 to 9 to learn from and {unseen.Inputs.Rows} to measure on.");

        Sequential pretrained = NewNetwork(sample.NewRandom());
        Train(sample, pretrained, low, sample.Quick ? 5 : 20);
        string file = sample.PathOf("practice-pretrained.safetensors");
        ModelFile.Save(file, pretrained, low.Classes, new SoftmaxCrossEntropy());

        // The more is frozen, the less is learnt of the new digits; the first layer is the one that fits both.
        Sequential frozen = WithNewHead(sample, file), transferred = WithNewHead(sample, file);
        foreach (Layer layer in frozen.Children.SkipLast(1))
        {
            layer.Freeze();
        }

        transferred.Children[0].Freeze();
        double ofFrozen = Train(sample, frozen, few, 200).Evaluate(unseen).Accuracy, with = Train(sample, transferred, few, 200).Evaluate(unseen).Accuracy;
        double without = Train(sample, NewNetwork(sample.NewRandom()), few, 200).Evaluate(unseen).Accuracy;
        SampleRun.Print(["network", "accuracy on unseen 5 to 9"],
        [
            ["pretrained, all frozen but the new head", $"{ofFrozen:0.0 %}"], ["pretrained, the first layer frozen", $"{with:0.0 %}"],
            ["from random weights", $"{without:0.0 %}"],
        ]);
        bool areSame = pretrained.Children[0].Parameters.Zip(transferred.Children[0].Parameters)
            .All(pair => pair.First.Value.Span.SequenceEqual(pair.Second.Value.Span));
        sample.Claim("The frozen layer has not changed by a bit", areSame, "compared with that of the pretrained network");
        sample.Claim($"With {Few} examples, the pretrained network with its first layer frozen is better than one from random weights", with > without, $"{with:0.0 %} against {without:0.0 %}");
    }

    private static Sequential WithNewHead(SampleRun sample, string file) =>
        ModelFile.Load(file).Network.Take(^1).Append(new Linear(64, Classes, sample.NewRandom()));

    private static Sequential NewNetwork(Random random) => new(
        new Linear(784, 128, random), new ReLU(), new Linear(128, 64, random), new ReLU(), new Linear(64, Classes, random));

    private static Trainer Train(SampleRun sample, Sequential network, Dataset data, int epochs)
    {
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network)) { Seed = (ulong)sample.Seed };
        sample.Fit(trainer, data, validation: null, epochs);
        return trainer;
    }
}
