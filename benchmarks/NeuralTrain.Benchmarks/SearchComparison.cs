using System.Globalization;

namespace NeuralTrain.Benchmarks;

/// <summary>
/// Whether a study finds better settings than random search for the same number of trials: <c>NeuralTrain.Benchmarks search FOLDER [PICTURE]</c>, with the folder that has <c>tabular</c> and <c>mnist</c>. Draws the first study into
/// the picture, if one is named.
/// </summary>
internal static class SearchComparison
{
    private const int Trials = 60, Seeds = 10;
    private const float MeanStrength = 36, Deviation = 17;
    private static readonly int[] Shown = [20, 40, 60];

    public static void Run(string folder, string? picture)
    {
        float[][] rows = [.. File.ReadLines(Path.Combine(folder, "tabular", "concrete.csv")).Skip(1).Select(line => line.Split(',').Select(cell => float.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
        Dataset concrete = new(rows.Select(row => row[..^1]).ToArray(), rows.Select(row => new[] { (row[^1] - MeanStrength) / Deviation }).ToArray());
        Dataset digits = Dataset.FromIdx(Path.Combine(folder, "mnist", "t10k-images-idx3-ubyte.gz"), Path.Combine(folder, "mnist", "t10k-labels-idx1-ubyte.gz"));
        Compare("concrete (1,030 rows; root of the mean squared error in MPa)", concrete, new MeanSquaredError(), loss => Deviation * Math.Sqrt(loss), epochs: 30, picture);
        Compare("MNIST (6,000 digits of its test file; cross-entropy)", digits[..6000], new SoftmaxCrossEntropy(), loss => loss, epochs: 3, picture: null);
    }

    // For each seed: another division of the data, and a study of each kind on it.
    private static void Compare(string name, Dataset data, Loss loss, Func<double, double> shown, int epochs, string? picture)
    {
        var found = new Dictionary<string, double[][]> { ["random"] = [], ["TPE"] = [] };
        foreach (string kind in found.Keys.ToArray())
        {
            found[kind] = [.. Enumerable.Range(0, Seeds).Select(seed =>
            {
                (Dataset rest, Dataset test) = data.Split(0.8, new Random(seed));
                (Dataset train, Dataset validation) = rest.Split(0.75, new Random(seed));
                var models = new Sequential?[Trials];
                using var study = new Study(Direction.Minimize, kind == "TPE" ? new TpeSampler((ulong)seed) : new RandomSampler((ulong)seed));
                study.Run(Trials, parallel: 2, trial =>
                {
                    Trainer trainer = Train(trial, train, validation, loss, epochs);
                    models[trial.Number] = trainer.Network;
                    return trainer;
                });
                if (seed == 0 && kind == "TPE" && picture is not null) study.SavePng(picture);
                return Shown.Select(trials => study.Trials.Take(trials).Where(trial => trial.Status == TrialStatus.Completed).MinBy(trial => trial.Score)!)
                    .SelectMany(best => new[] { shown(best.Score!.Value), shown(models[best.Number]!.Evaluate(test, loss).Loss) }).ToArray();
            })];
        }

        Console.WriteLine($"\n{name}, {Seeds} seeds: median (from the second best to the second worst), and in how many TPE was better\n");
        Console.WriteLine("| trials | data | random | TPE | better |\n|---|---|---|---|---|");
        for (int column = 0; column < 2 * Shown.Length; column++)
        {
            double[] random = [.. found["random"].Select(row => row[column])], tpe = [.. found["TPE"].Select(row => row[column])];
            Console.WriteLine($"| {Shown[column / 2]} | {(column % 2 == 0 ? "validation" : "test")} | {Summary(random)} | {Summary(tpe)} | {random.Zip(tpe).Count(pair => pair.Second < pair.First)} of {Seeds} |");
        }
    }

    private static Trainer Train(Trial trial, Dataset train, Dataset validation, Loss loss, int epochs)
    {
        double rate = trial.Suggest("rate", 1e-5, 1, log: true), decay = trial.Suggest("weight decay", 1e-6, 1, log: true), dropout = trial.Suggest("dropout", 0, 0.6);
        int width = trial.SuggestWhole("width", 4, 128, log: true), depth = trial.SuggestWhole("depth", 1, 3), batch = trial.Suggest("batch", [16, 32, 64, 128]);
        string activation = trial.Suggest("activation", ["relu", "tanh", "sigmoid"]);
        var layers = new List<Layer> { Standardization.Fit(train) };
        for (int i = 0, size = train.InputSize; i < depth; i++, size = width)
        {
            layers.Add(new Linear(size, width, trial.Random));
            layers.Add(activation switch
            {
                "relu" => new ReLU(),
                "tanh" => new Tanh(),
                _ => new Sigmoid(),
            });
            layers.Add(new Dropout((float)dropout, trial.Random));
        }

        layers.Add(new Linear(width, train.TargetSize, trial.Random));
        var network = new Sequential([.. layers]);
        var trainer = new Trainer(network, loss, new AdamW(network, rate, weightDecay: decay)) { Seed = trial.Seed, BatchSize = batch, EarlyStopping = new EarlyStopping(patience: epochs), Metrics = [] };
        foreach (Epoch epoch in trainer.Epochs(train, validation, epochs, trial.CancellationToken))
        {
            if (trial.ShouldStop(epoch)) break;
        }

        return trainer;
    }

    private static string Summary(double[] values)
    {
        double[] sorted = [.. values.Order()];
        double median = (sorted[(Seeds - 1) / 2] + sorted[Seeds / 2]) / 2;
        return string.Create(CultureInfo.InvariantCulture, $"{median:g3} ({sorted[1]:g3} to {sorted[^2]:g3})");
    }
}
