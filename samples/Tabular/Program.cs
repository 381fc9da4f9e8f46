// From a CSV file to a saved model in use: once for classes, once for a number. A second run finds the models and only uses them.
const string Description = "Tables: a classification and a regression, from a CSV file to a saved model in use.";
const string DataHelp = "The folder with wine.csv and concrete.csv (UCI). Without it, tables drawn by code serve, written into --out and read from there.";
return SampleCommand.Run(args, Description, full: "2 s", quick: "2 s", takesData: true, dataHelp: DataHelp, run: sample =>
{
    // 1. A classification: which wine, or which plant, it is.
    Dataset sorts = sample.Data is null
        ? Dataset.FromCsv(DrawnTables.WritePlants(sample), target: "sort")
        : Wines(Path.Combine(sample.Data, "wine.csv"));
    (Dataset train, Dataset validation, Dataset test) = Split("Classification", sorts, stratified: true);
    string name = sample.Data is null ? "plants" : "wine", file = sample.PathOf($"{name}-seed{sample.Seed}.safetensors");
    if (!IsTrained(file))
    {
        // The standardization is a layer: it is saved with the network, and cannot be forgotten.
        var random = new Random(sample.Seed);
        var network = new Sequential(
            Standardization.Fit(train.Inputs),
            new Linear(train.InputSize, 32, random), new ReLU(), new Dropout(0.3, random),
            new Linear(32, train.TargetSize, random));
        History history = Train(network, new SoftmaxCrossEntropy(), train, validation, patience: 20, new ConsoleProgress());
        SampleRun.Say($"Trained {history}.");
        sample.Save($"{name}-loss.png", path => history.SavePng(path));
        ModelFile.Save(file, network, sorts.Classes, new SoftmaxCrossEntropy(), sorts.InputNames);
        SampleRun.Say($"Saved to {file}; run again to use it.");
    }

    Predictor predictor = Predictor.Load(file);
    SampleRun.Say($"The first test row is taken for {predictor.Classify(test.Inputs.Row(0))}; it is {sorts.Classes[test.Labels[0]]}.");
    var linear = new Sequential(Standardization.Fit(train.Inputs), new Linear(train.InputSize, train.TargetSize, new Random(sample.Seed)));
    Train(linear, new SoftmaxCrossEntropy(), train, validation, patience: 20);
    double majority = Enumerable.Range(0, sorts.Classes.Count).Max(label => test.Labels.Count(label)) / (double)test.Inputs.Rows;
    double ofLinear = Accuracy(new Predictor(linear, OutputKind.ClassScores, sorts.Classes), test), ofNetwork = Accuracy(predictor, test);
    SampleRun.Print(["test accuracy", ""],
        [["the most frequent class", $"{majority:0.0 %}"], ["linear model", $"{ofLinear:0.0 %}"], ["network", $"{ofNetwork:0.0 %}"]]);
    SampleRun.Say();

    // 2. A regression: how strong a mixture becomes, in the units of the table.
    Dataset mixtures = sample.Data is null
        ? Dataset.FromCsv(DrawnTables.WriteMixtures(sample), target: "strength_mpa")
        : Dataset.FromCsv(Path.Combine(sample.Data, "concrete.csv"), target: "strength");
    (train, validation, test) = Split("Regression", mixtures, stratified: false);
    (name, Standardization targets) = (sample.Data is null ? "mixtures" : "concrete", Standardization.Fit(train.Targets));
    file = sample.PathOf($"{name}-seed{sample.Seed}.safetensors");
    if (!IsTrained(file))
    {
        // It learns standardized targets, and then gets the way back to MPa as its last layer: the saved model predicts in the table's units.
        var random = new Random(sample.Seed);
        var network = new Sequential(
            Standardization.Fit(train.Inputs),
            new Linear(train.InputSize, 64, random), new ReLU(), new Linear(64, 64, random), new ReLU(), new Linear(64, 1, random));
        History history = Train(network, new MeanSquaredError(), Normalized(train), Normalized(validation), patience: 30, new ConsoleProgress());
        SampleRun.Say($"Trained {history} (of standardized targets).");
        sample.Save($"{name}-loss.png", path => history.SavePng(path));
        ModelFile.Save(file, new Sequential(network, targets.Inverse()), loss: new MeanSquaredError(), inputNames: mixtures.InputNames);
        SampleRun.Say($"Saved to {file}; run again to use it.");
    }

    Predictor strengths = Predictor.Load(file);
    SampleRun.Say($"For the first test row it says {strengths.Predict(test.Inputs.Row(0))[0]:0.0} MPa; it is {test.Targets[0, 0]:0.0}.");
    var line = new Sequential(Standardization.Fit(train.Inputs), new Linear(train.InputSize, 1, new Random(sample.Seed)));
    Train(line, new MeanSquaredError(), Normalized(train), Normalized(validation), patience: 30);
    var lines = new Predictor(new Sequential(line, targets.Inverse()), OutputKind.Values);
    double mean = train.Targets.Span.ToArray().Average();
    (string Model, double Error, double Explained)[] results =
    [
        Measure("the mean", _ => mean, test), Measure("linear model", row => lines.Predict(row)[0], test),
        Measure("network", row => strengths.Predict(row)[0], test),
    ];
    SampleRun.Print(["test", "mean absolute error, MPa", "R²"], results.Select(one => new[] { one.Model, $"{one.Error:0.00}", $"{one.Explained:0.000}" }));

    Judged.Run(sample);

    sample.Claim("The network is right in at least 90 %, and more often than the most frequent class",
        ofNetwork >= 0.9 && ofNetwork > majority, $"{ofNetwork:0.0 %}");
    sample.Claim("The network explains at least 80 % of the variance", results[2].Explained >= 0.8, $"R² {results[2].Explained:0.000}");
    sample.Claim("Its error is below the linear model's", results[2].Error < results[1].Error, $"{results[2].Error:0.00} against {results[1].Error:0.00} MPa");

    (Dataset Train, Dataset Validation, Dataset Test) Split(string what, Dataset data, bool stratified)
    {
        (Dataset rest, Dataset test) = data.Split(0.75, new Random(sample.Seed), stratified);
        (Dataset train, Dataset validation) = rest.Split(0.8, new Random(sample.Seed), stratified);
        SampleRun.Say($"{what}: {data}; {train.Inputs.Rows} to train, {validation.Inputs.Rows} to stop by, {test.Inputs.Rows} to test.");
        return (train, validation, test);
    }

    // With another seed the parts are others: a model must not be tested on what it was trained on.
    static bool IsTrained(string file)
    {
        bool isTrained = File.Exists(file);
        SampleRun.Say(isTrained ? $"Uses {file} of an earlier run, without any training." : "Trains a model, as there is none yet.");
        return isTrained;
    }

    History Train(Sequential network, Loss loss, Dataset train, Dataset validation, int patience, ConsoleProgress? progress = null)
    {
        var trainer = new Trainer(network, loss, new Adam(network, learningRate: 0.003))
        { EarlyStopping = new EarlyStopping(patience), Seed = (ulong)sample.Seed, Progress = progress };
        return trainer.Fit(train, validation, epochs: 300, sample.Stop);
    }

    Dataset Normalized(Dataset part) => new(part.Inputs, targets.Apply(part.Targets));
});

// The wines are numbered, in the last column of a file without a header.
static Dataset Wines(string path)
{
    Table table = Table.FromCsv(path);
    string sort = table.Columns[^1].Name;
    TableSchema schema = table.InferSchema(sort);
    schema[sort].AsCategory();
    schema.Scaling = NumberScaling.None;
    return schema.Encode(table);
}

static double Accuracy(Predictor predictor, Dataset test) =>
    predictor.Classify(test.Inputs).Zip(test.Labels.ToArray()).Average(pair => pair.First.Index == pair.Second ? 1.0 : 0);

// The mean absolute error, and the part of the variance that is explained.
static (string Model, double Error, double Explained) Measure(string model, Func<float[], double> predict, Dataset test)
{
    double[] actual = test.Targets.Doubles(), misses = [.. actual.Select((value, row) => value - predict(test.Inputs.Row(row).ToArray()))];
    double mean = actual.Average();
    return (model, misses.Average(Math.Abs), 1 - (misses.Sum(miss => miss * miss) / actual.Sum(value => (value - mean) * (value - mean))));
}
