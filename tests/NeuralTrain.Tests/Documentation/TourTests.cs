
namespace NeuralTrain.Tests.Documentation;

/// <summary>The ten minutes of the README, from a table to a service, as one program.</summary>
public sealed class TourTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_tour_leads_from_a_table_to_a_prediction()
    {
        string table = Path.Combine(_folder, "flowers.csv"), curves = Path.Combine(_folder, "loss.png"), model = Path.Combine(_folder, "flowers.safetensors");
        WriteTable(table);

        // <snippet tour-data>
        var random = new Random(1);
        Dataset data = Dataset.FromCsv(table, target: "sort");
        var (train, test) = data.Split(0.8, random, stratified: true);
        // </snippet>

        // <snippet tour-network>
        var network = new Sequential(
            Normalization.Fit(train.Inputs),            // a layer like any other: it travels with the model
            new Linear(train.InputSize, 32, random), new ReLU(), new Dropout(0.2, random),
            new Linear(32, train.TargetSize, random));
        var loss = new SoftmaxCrossEntropy();
        Console.WriteLine(network.Summary());
        Console.WriteLine(network.Check(train, loss));  // what usually spoils a training, before it begins
        // </snippet>

        // <snippet tour-train>
        var trainer = new Trainer(network, loss, new Adam(network))
        {
            Schedule = new CosineDecay(),
            EarlyStopping = new EarlyStopping(patience: 10),
            Progress = new ConsoleProgress(),
        };
        History history = trainer.Fit(train, validation: test, epochs: 50);
        Console.WriteLine(history.Best);
        history.SavePng(curves);
        // </snippet>

        // <snippet tour-save>
        ModelFile.Save(model, network, data.Classes, loss, data.InputNames);
        // </snippet>

        // <snippet tour-serve>
        Predictor predictor = ModelFile.LoadPredictor(model);
        Classification answer = predictor.Classify([5.1f, 1.4f]);
        Console.WriteLine($"{answer.Label}, {answer.Probability:0.00}");
        // </snippet>

        history.Best.Validation!.Accuracy.Should().BeGreaterThan(0.9);
        answer.Label.Should().Be("short");
        File.Exists(curves).Should().BeTrue();
    }

    // Two sorts that differ in the length of the petal; the file exists so that the program reads one.
    private static void WriteTable(string path)
    {
        var random = new Random(7);
        IEnumerable<string> lines = Enumerable.Range(0, 120).Select(i =>
            FormattableString.Invariant($"{5 + random.NextDouble():0.0},{(i % 2 == 0 ? 1 : 4) + random.NextDouble():0.0},{(i % 2 == 0 ? "short" : "long")}"));
        File.WriteAllLines(path, lines.Prepend("sepal,petal,sort"));
    }
}
