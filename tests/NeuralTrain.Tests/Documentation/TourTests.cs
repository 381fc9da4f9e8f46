namespace NeuralTrain.Tests.Documentation;

/// <summary>The ten minutes of the README, from a table to a service, as one program in a folder of its own.</summary>
[Collection(nameof(CurrentFolderTestGroup))]
public sealed class TourTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Directory.GetCurrentDirectory();

    public TourTests() => Directory.SetCurrentDirectory(_folder.FullName);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _folder.Dispose();
    }

    [Fact]
    public void The_tour_leads_from_a_table_to_a_prediction()
    {
        // <snippet tour-table>
        var random = new Random(1);
        File.WriteAllLines("flowers.csv", Enumerable.Range(0, 120)
            .Select(i => (Petal: (i % 2 == 0 ? 1 : 4) + random.NextDouble(), Sepal: 5 + random.NextDouble(), Sort: i % 2 == 0 ? "short" : "long"))
            .Select(flower => FormattableString.Invariant($"{flower.Sepal:0.0},{flower.Petal:0.0},{flower.Sort}"))
            .Prepend("sepal,petal,sort"));
        // </snippet>

        // <snippet tour-data>
        Dataset data = Dataset.FromCsv("flowers.csv", target: "sort");
        var (train, test) = data.Split(0.8, random, stratified: true);
        // </snippet>

        // <snippet tour-network>
        var network = new Sequential(
            Standardization.Fit(train.Inputs),            // a layer like any other: it travels with the model
            new Linear(train.InputSize, 32, random), new ReLU(), new Dropout(0.2, random),
            new Linear(32, train.TargetSize, random));
        var loss = new SoftmaxCrossEntropy();
        Console.WriteLine(network.Summary());
        Console.WriteLine(network.Check(train, loss));  // what usually spoils training, before it begins
        // </snippet>

        // <snippet tour-train>
        var trainer = new Trainer(network, loss, new Adam(network, learningRate: 0.01))
        {
            Schedule = new CosineDecay(),
            EarlyStopping = new EarlyStopping(patience: 10),
            Progress = new ConsoleProgress(),
        };
        History history = trainer.Fit(train, validation: test, epochs: 50);
        Console.WriteLine(history.Best);
        history.SavePng("loss.png");
        // </snippet>

        // <snippet tour-save>
        ModelFile.Save("flowers.safetensors", network, data.Classes, loss, data.InputNames);
        // </snippet>

        // <snippet tour-serve>
        Predictor predictor = Predictor.Load("flowers.safetensors");
        Classification answer = predictor.Classify([5.1f, 1.4f]);
        Console.WriteLine($"{answer.Label}, {answer.Probability:0.00}");   // short, 1.00
        // </snippet>

        history.Best!.Validation!.Accuracy.Should().BeGreaterThan(0.9);
        answer.Label.Should().Be("short");
        File.Exists("loss.png").Should().BeTrue();
    }
}
