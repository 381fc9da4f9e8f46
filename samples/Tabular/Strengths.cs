namespace NeuralTrain.Samples;

/// <summary>A regression: how strong a mixture becomes, in the units of the table.</summary>
internal static class Strengths
{
    public static void Run(SampleRun sample)
    {
        Dataset data = sample.Data is string folder
            ? Dataset.FromCsv(Path.Combine(folder, "concrete.csv"), target: "strength")
            : Dataset.FromCsv(DrawnTables.WriteMixtures(sample), target: "strength_mpa");
        (Dataset rest, Dataset test) = data.Split(0.75, sample.NewRandom());
        (Dataset train, Dataset validation) = rest.Split(0.8, sample.NewRandom());
        SampleRun.Say($"Regression: {data}; {train.Inputs.Rows} to train, {validation.Inputs.Rows} to stop by, {test.Inputs.Rows} to test.");

        string name = sample.Data is null ? "mixtures" : "concrete", file = sample.PathOf($"{name}-seed{sample.Seed}.safetensors");
        bool isTrained = File.Exists(file);
        SampleRun.Say(isTrained ? $"Uses {file} of an earlier run, without any training." : "Trains a model, as there is none yet.");
        if (!isTrained)
        {
            (Sequential network, History history) = Train(sample, train, validation, hidden: 64, new ConsoleProgress());
            SampleRun.Say($"Trained {history} (of standardized targets).");
            sample.Save($"{name}-loss.png", path => history.SavePng(path));
            ModelFile.Save(file, network, loss: new MeanSquaredError(), inputNames: data.InputNames);
            SampleRun.Say($"Saved to {file}; run again to use it.");
        }

        Predictor predictor = ModelFile.LoadPredictor(file);
        SampleRun.Say($"For the first test row it says {predictor.Predict(test.Inputs.Row(0))[0]:0.0} MPa; it is {test.Targets[0, 0]:0.0}.");
        var linear = new Predictor(Train(sample, train, validation, hidden: null).Network, OutputKind.Values);
        double mean = train.Targets.Span.ToArray().Average();
        (double Error, double Explained) ofMean = Measure(_ => mean, test), ofLinear = Measure(row => linear.Predict(row)[0], test);
        (double Error, double Explained) ofNetwork = Measure(row => predictor.Predict(row)[0], test);
        SampleRun.Print(["test", "mean absolute error, MPa", "R²"],
        [
            ["the mean", $"{ofMean.Error:0.00}", $"{ofMean.Explained:0.000}"], ["linear model", $"{ofLinear.Error:0.00}", $"{ofLinear.Explained:0.000}"],
            ["network", $"{ofNetwork.Error:0.00}", $"{ofNetwork.Explained:0.000}"],
        ]);
        sample.Claim("The network explains at least 80 % of the variance", ofNetwork.Explained >= 0.8, $"R² {ofNetwork.Explained:0.000}");
        sample.Claim("Its error is below the linear model's", ofNetwork.Error < ofLinear.Error, $"{ofNetwork.Error:0.00} against {ofLinear.Error:0.00} MPa");
    }

    // It learns standardized targets, and then gets the way back to MPa as its last layer: the saved model predicts in the table's units.
    private static (Sequential Network, History History) Train(
        SampleRun sample, Dataset train, Dataset validation, int? hidden, ConsoleProgress? progress = null)
    {
        Random random = sample.NewRandom();
        Standardization inputs = Standardization.Fit(train.Inputs), targets = Standardization.Fit(train.Targets);
        Sequential network = hidden is int units
            ? new Sequential(
                inputs, new Linear(train.InputSize, units, random), new ReLU(), new Linear(units, units, random), new ReLU(), new Linear(units, 1, random))
            : new Sequential(inputs, new Linear(train.InputSize, 1, random));
        var trainer = new Trainer(network, new MeanSquaredError(), new Adam(network, learningRate: 0.003))
        {
            EarlyStopping = new EarlyStopping(patience: 30),
            Seed = (ulong)sample.Seed,
            Progress = progress,
        };
        Dataset Normalized(Dataset part) => new(part.Inputs, targets.Apply(part.Targets));
        History history = sample.Fit(trainer, Normalized(train), Normalized(validation), epochs: 300);
        return (new Sequential(network, targets.Inverse()), history);
    }

    // The mean absolute error, and the part of the variance that is explained.
    private static (double Error, double Explained) Measure(Func<float[], double> predict, Dataset test)
    {
        double[] actual = [.. test.Targets.Span.ToArray().Select(value => (double)value)];
        double[] misses = [.. actual.Select((value, row) => value - predict(test.Inputs.Row(row).ToArray()))];
        double mean = actual.Average();
        return (misses.Average(Math.Abs), 1 - (misses.Sum(miss => miss * miss) / actual.Sum(value => (value - mean) * (value - mean))));
    }
}
