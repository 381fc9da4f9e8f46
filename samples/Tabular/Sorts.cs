namespace NeuralTrain.Samples;

/// <summary>A classification: which wine, or which plant, it is.</summary>
internal static class Sorts
{
    public static void Run(SampleRun sample)
    {
        Dataset data = sample.Data is string folder
            ? Wines(Path.Combine(folder, "wine.csv"))
            : Dataset.FromCsv(DrawnTables.WritePlants(sample), target: "sort");
        (Dataset rest, Dataset test) = data.Split(0.75, sample.NewRandom(), stratified: true);
        (Dataset train, Dataset validation) = rest.Split(0.8, sample.NewRandom(), stratified: true);
        SampleRun.Say($"Classification: {data}; {train.Inputs.Rows} to train, {validation.Inputs.Rows} to stop by, {test.Inputs.Rows} to test.");

        // With another seed the parts are others: a model must not be tested on what it was trained on.
        string name = sample.Data is null ? "plants" : "wine", file = sample.PathOf($"{name}-seed{sample.Seed}.safetensors");
        bool isTrained = File.Exists(file);
        SampleRun.Say(isTrained ? $"Uses {file} of an earlier run, without any training." : "Trains a model, as there is none yet.");
        if (!isTrained)
        {
            Sequential network = Network(train, sample.NewRandom(), hidden: 32);
            History history = Train(sample, network, train, validation, new ConsoleProgress());
            SampleRun.Say($"Trained {history}.");
            sample.Save($"{name}-loss.png", path => history.SavePng(path));
            ModelFile.Save(file, network, data.Classes, new SoftmaxCrossEntropy(), data.InputNames);
            SampleRun.Say($"Saved to {file}; run again to use it.");
        }

        Predictor predictor = ModelFile.LoadPredictor(file);
        SampleRun.Say($"The first test row is taken for {predictor.Classify(test.Inputs.Row(0))}; it is {data.Classes[test.Labels[0]]}.");
        Sequential linear = Network(train, sample.NewRandom(), hidden: null);
        Train(sample, linear, train, validation);
        double majority = Enumerable.Range(0, data.Classes.Count).Max(label => test.Labels.Count(label)) / (double)test.Inputs.Rows;
        double ofLinear = Accuracy(new Predictor(linear, OutputKind.ClassScores, data.Classes), test), ofNetwork = Accuracy(predictor, test);
        SampleRun.Print(["test accuracy", ""],
            [["the most frequent class", $"{majority:0.0 %}"], ["linear model", $"{ofLinear:0.0 %}"], ["network", $"{ofNetwork:0.0 %}"]]);
        sample.Claim("The network is right in at least 90 %, and more often than the most frequent class",
            ofNetwork >= 0.9 && ofNetwork > majority, $"{ofNetwork:0.0 %}");
    }

    // The wines are numbered, in the last column of a file without a header.
    private static Dataset Wines(string path)
    {
        Table table = Table.FromCsv(path);
        string sort = table.Columns[^1].Name;
        TableSchema schema = table.InferSchema(sort);
        schema[sort].AsCategory();
        schema.Scaling = NumberScaling.None;
        return schema.Encode(table);
    }

    // The standardization is a layer: it is saved with the network, and cannot be forgotten.
    private static Sequential Network(Dataset train, Random random, int? hidden) => hidden is int units
        ? new Sequential(
            Standardization.Fit(train.Inputs),
            new Linear(train.InputSize, units, random), new ReLU(), new Dropout(0.3, random),
            new Linear(units, train.TargetSize, random))
        : new Sequential(Standardization.Fit(train.Inputs), new Linear(train.InputSize, train.TargetSize, random));

    private static History Train(SampleRun sample, Sequential network, Dataset train, Dataset validation, ConsoleProgress? progress = null)
    {
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network, learningRate: 0.003))
        {
            EarlyStopping = new EarlyStopping(patience: 20),
            Seed = (ulong)sample.Seed,
            Progress = progress,
        };
        return sample.Fit(trainer, train, validation, epochs: 300);
    }

    private static double Accuracy(Predictor predictor, Dataset test) =>
        predictor.Classify(test.Inputs).Zip(test.Labels.ToArray()).Average(pair => pair.First.Index == pair.Second ? 1.0 : 0);
}
