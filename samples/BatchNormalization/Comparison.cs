namespace NeuralTrain.Samples;

/// <summary>Trains the same network with different layers after its two hidden linear layers, each from several random starts.</summary>
internal sealed class Comparison(SampleRun sample, Dataset train, Dataset test)
{
    private const int Width = 100;

    /// <summary>How long each training is.</summary>
    public int Epochs => sample.Quick ? 3 : 10;

    /// <summary>How many random starts a figure is the mean of: the same weights and the same order of the rows for every variant.</summary>
    public int Starts => sample.Quick ? 3 : 10;

    /// <summary>Trains every variant from every start.</summary>
    /// <param name="variants">Names, and the layers after a hidden linear layer of a given width.</param>
    public Dictionary<string, Score> RunAll((string Name, Func<int, Random, Layer[]> Layers)[] variants)
    {
        Evaluation[][] results = sample.RunAll("Training", variants, Starts, (variant, start) => Run(variant.Layers, sample.Seed + start));
        return variants.Zip(results).ToDictionary(pair => pair.First.Name, pair => new Score(
            Spread.Of(pair.Second.Select(result => result["accuracy"])), Spread.Of(pair.Second.Select(result => result.Loss))));
    }

    private Evaluation Run(Func<int, Random, Layer[]> layers, int seed)
    {
        var random = new Random(seed);
        var network = new Sequential(
        [
            new Linear(train.InputSize, Width, random), .. layers(Width, random),
            new Linear(Width, Width, random), .. layers(Width, random),
            new Linear(Width, train.TargetSize, random),
        ]);
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network)) { BatchSize = 50, Seed = (ulong)seed };
        sample.Fit(trainer, train, validation: null, Epochs);
        return trainer.Evaluate(test);
    }
}
