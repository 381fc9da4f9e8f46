using System.Globalization;
using NeuralTrain.Tests.Training;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The code of docs/data.md, in a folder of its own.</summary>
[Collection(nameof(CurrentFolderTestGroup))]
public sealed class DataPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Directory.GetCurrentDirectory();

    public DataPageTests() => Directory.SetCurrentDirectory(_folder.FullName);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _folder.Dispose();
    }

    [Fact]
    public void Arrays_and_objects_become_data_sets()
    {
        Flower[] garden = [new(5.1f, 1.4f, "short", 20), new(6.3f, 4.9f, "long", 31), new(6.1f, 4.7f, "long", 30)];

        // <snippet data-memory>
        Matrix inputs = new float[,] { { 5.1f, 1.4f }, { 6.3f, 4.9f }, { 6.1f, 4.7f } };
        Matrix targets = OneHot.Encode([1, 0, 0], classes: 2);
        var data = new Dataset(inputs, targets, inputNames: ["sepal", "petal"], classes: ["long", "short"]);

        Dataset sorts = Dataset.FromClasses(garden, flower => [flower.Sepal, flower.Petal], flower => flower.Sort);
        Dataset heights = Dataset.From(garden, flower => [flower.Sepal, flower.Petal], flower => [flower.Height]);
        // </snippet>

        data.ToString().Should().Be("3 samples of 2 inputs and 2 classes");
        sorts.Classes.Should().Equal(data.Classes);
        sorts.Inputs.Span.ToArray().Should().Equal(inputs.Span.ToArray());
        sorts.Targets.Span.ToArray().Should().Equal(targets.Span.ToArray());
        sorts.Labels.ToArray().Should().Equal(1, 0, 0);
        heights.Targets.Span.ToArray().Should().Equal(20, 31, 30);
    }

    [Fact]
    public void A_schema_turns_every_table_into_the_same_inputs()
    {
        File.WriteAllText("train.csv", "id,age,work,income\n1,39,State-gov,low\n2,?,Private,high\n3,51,Private,low\n");
        File.WriteAllText("test.csv", "id,age,work,income\n4,28,State-gov,high\n");

        // <snippet data-csv>
        Table table = Table.FromCsv("train.csv");
        TableSchema schema = table.InferSchema(target: "income");
        schema["id"].Ignore();
        Dataset train = schema.Encode(table);
        Dataset test = schema.Encode(Table.FromCsv("test.csv"));
        // </snippet>

        train.InputNames.Should().Equal("age", "age missing", "work=Private", "work=State-gov");
        train.Inputs.Row(1).ToArray().Should().Equal([0, 1, 1, 0], "a missing age is the middle one, and marked");
        test.Inputs.Row(0).ToArray()[1..].Should().Equal(0, 0, 1);
        test.Targets.Span.ToArray().Should().Equal(0);
        schema.Classes.Should().Equal("high", "low");

        File.WriteAllText("later.csv", "id,age,profession,income\n5,44,clerk,low\n");
        ((Action)(() => schema.Encode(Table.FromCsv("later.csv")))).Should().Throw<InvalidDataException>().Which.Message.Should().Be(MarkdownPages.Output("data-csv"));
    }

    [Fact]
    public void Images_are_loaded_with_their_classes()
    {
        WriteImages();

        // <snippet data-idx>
        Dataset digits = Dataset.FromIdx("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz");
        // </snippet>

        digits.ToString().Should().Be("3 samples of 4 inputs and 10 classes");
        digits.Labels.ToArray().Should().Equal(7, 0, 7);
        digits.Inputs.Row(1).ToArray().Should().Equal(50 / 255f, 60 / 255f, 70 / 255f, 80 / 255f);
    }

    [Fact]
    public void Streams_give_the_rows_of_their_source()
    {
        WriteImages();
        File.WriteAllLines("measured.txt", Enumerable.Range(0, 100).Select(i => $"{i} {i + 1} {2 * i}"));

        // <snippet data-stream>
        StreamedData digits = StreamedData.FromIdx("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz");
        StreamedData measured = StreamedData.From(
            () => File.ReadLines("measured.txt").Select(Numbers), inputs: row => row[..2], targets: row => row[2..]);
        measured.ShuffleWindow = 20_000;
        // </snippet>

        digits.Count.Should().Be(3);
        (measured.InputSize, measured.TargetSize, measured.Count).Should().Be((2, 1, null));
        var seen = new List<float>();
        using BatchReader reader = measured.Read(new BatchPlan(batchSize: 32, shuffleSeed: 1));
        while (reader.Read())
        {
            seen.AddRange(reader.Targets.Span.ToArray());
        }

        float[] all = [.. Enumerable.Range(0, 100).Select(i => 2f * i)];
        seen.Should().BeEquivalentTo(all).And.NotEqual(all);

        static float[] Numbers(string line) => [.. line.Split(' ').Select(number => float.Parse(number, CultureInfo.InvariantCulture))];
    }

    [Fact]
    public void Every_fold_measures_what_its_network_has_not_seen()
    {
        Dataset data = TestData.Classes(100, classes: ["right", "up", "down"]);

        // <snippet data-parts>
        var (rest, test) = data.Split(0.8, new Random(1), stratified: true);
        var accuracies = new List<double>();
        foreach (var (train, validation) in rest.Folds(5, new Random(2), stratified: true))
        {
            Trainer trainer = NewTrainer(train);                 // a new network for each fold
            trainer.Fit(train, epochs: 30);
            accuracies.Add(trainer.Evaluate(validation)["accuracy"]);
        }

        Console.WriteLine($"{accuracies.Average():0.0 %}, from {accuracies.Min():0.0 %} to {accuracies.Max():0.0 %}");
        // </snippet>

        (rest.Count, test.Count).Should().Be((80, 20));
        accuracies.Should().HaveCount(5);
        accuracies.Average().Should().BeGreaterThan(0.7, "guessing reaches 0.4");
    }

    [Fact]
    public void A_regression_answers_in_the_units_of_its_targets()
    {
        Dataset train = Prices();
        var random = new Random(1);

        // <snippet data-normalization>
        var prices = Standardization.Fit(train.Targets);
        var scaled = new Dataset(train.Inputs, prices.Apply(train.Targets));
        var network = new Sequential(
            Standardization.Fit(train.Inputs), new Linear(train.InputSize, 16, random), new Tanh(), new Linear(16, 1, random));
        new Trainer(network, new MeanSquaredError(), new Adam(network, learningRate: 0.01)).Fit(scaled, epochs: 50);

        var model = new Sequential(network, prices.Inverse());      // square metres in, prices out
        Matrix answer = model.Predict(new float[,] { { 75 } });
        // </snippet>

        answer[0, 0].Should().BeApproximately(1000 + (4000 * 75), 10_000, "a square metre costs 4000");
    }

    [Fact]
    public void Augmentation_changes_batches_and_never_the_data()
    {
        var inputs = new Matrix(40, 28 * 28);
        inputs.Span[..400].Fill(1);
        var train = new Dataset(inputs, OneHot.Encode([.. Enumerable.Range(0, 40).Select(row => row % 3)], classes: 3));
        float[] before = inputs.Span.ToArray();
        Trainer trainer = NewTrainer(train);

        // <snippet data-augmentation>
        trainer.Augmentation = new ImageShift(28, 28, pixels: 2).Then(new AddNoise(0.05)).Then(new HalfTurn());
        // </snippet>

        trainer.Augmentation.ToString().Should().Be("ImageShift(width 28, height 28, pixels 2, background 0), AddNoise(standard deviation 0.05), HalfTurn");
        trainer.Fit(train, epochs: 1);
        train.Inputs.Span.ToArray().Should().Equal(before);

        Matrix rows = new float[,] { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 }, { 1, 1, 2 } };
        float[] original = rows.Span.ToArray();
        new HalfTurn().Apply(rows, new Random(3));
        rows.Span.ToArray().Should().NotEqual(original).And.BeEquivalentTo(original);
    }

    // <snippet data-half-turn>
    /// <summary>Turns every other image upside down; use it where that does not change the class.</summary>
    public sealed class HalfTurn : Augmentation
    {
        public override void Apply(Matrix inputs, Random random)
        {
            for (int row = 0; row < inputs.Rows; row++)
            {
                if (random.Next(2) == 0)
                {
                    inputs.Row(row).Reverse();
                }
            }
        }
    }
    // </snippet>

    private static Trainer NewTrainer(Dataset train)
    {
        Sequential network = TestData.Network(inputs: train.InputSize, outputs: train.TargetSize);
        return new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network, 0.01)) { BatchSize = 10 };
    }

    private static Dataset Prices()
    {
        float[] sizes = [.. Enumerable.Range(40, 80).Select(size => (float)size)];
        return Dataset.From(sizes, size => [size], size => [1000 + (4000 * size)]);
    }

    // Three images of 2×2 pixels in the form of MNIST's files.
    private static void WriteImages()
    {
        File.WriteAllBytes("train-images-idx3-ubyte.gz", TemporaryFolder.Pack([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2, 10, 20, 30, 40, 50, 60, 70, 80, 1, 2, 3, 4]));
        File.WriteAllBytes("train-labels-idx1-ubyte.gz", TemporaryFolder.Pack([0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 7]));
    }

    private sealed record Flower(float Sepal, float Petal, string Sort, float Height);
}
