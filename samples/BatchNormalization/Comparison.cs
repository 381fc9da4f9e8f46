namespace NeuralTrain.Samples;

/// <summary>Trains the same network with different layers behind its two hidden products.</summary>
internal sealed class Comparison(SampleRun sample, Dataset train, Dataset test)
{
    private const int Width = 100;

    /// <summary>How long each training is.</summary>
    public int Epochs => sample.Quick ? 3 : 10;

    /// <summary>How many random starts a figure is the mean of.</summary>
    public int Seeds => sample.Quick ? 2 : 5;

    /// <summary>Trains every variant from every random start.</summary>
    /// <param name="variants">Names, and what stands behind a hidden product of a width.</param>
    public Dictionary<string, Score> RunAll((string Name, Func<int, Random, Layer[]> Layers)[] variants)
    {
        var scores = new Dictionary<string, List<Score>>();
        foreach (int i in sample.Steps("Training", variants.Length * Seeds))
        {
            (string name, Func<int, Random, Layer[]> layers) = variants[i / Seeds];
            scores.TryAdd(name, []);
            scores[name].Add(Run(layers, sample.Seed + (i % Seeds)));
        }

        return scores.ToDictionary(entry => entry.Key, entry => Score.MeanOf(entry.Value));
    }

    private Score Run(Func<int, Random, Layer[]> layers, int seed)
    {
        var random = new Random(seed);
        var network = new Sequential(
        [
            new Linear(train.InputSize, Width, random), .. layers(Width, random),
            new Linear(Width, Width, random), .. layers(Width, random),
            new Linear(Width, train.TargetSize, random),
        ]);
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network)) { BatchSize = 50, Seed = (ulong)seed };
        History history = trainer.Fit(train, validation: test, Epochs, sample.Stop);
        sample.Stop.ThrowIfCancellationRequested();
        Evaluation first = history.Epochs[0].Validation!, last = history.Epochs[^1].Validation!;
        return new Score(last.Accuracy, last.Loss, first.Loss);
    }
}
