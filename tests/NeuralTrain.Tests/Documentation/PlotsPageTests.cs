using NeuralTrain.Tests.Plots;
using NeuralTrain.Tests.Training;
using ScottPlot;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The code of docs/plots.md, in a folder of its own.</summary>
[Collection(nameof(CurrentFolderTestGroup))]
public sealed class PlotsPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Directory.GetCurrentDirectory();

    public PlotsPageTests() => Directory.SetCurrentDirectory(_folder.FullName);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _folder.Dispose();
    }

    [Fact]
    public void Every_line_of_the_page_draws_its_picture()
    {
        var random = new Random(1);
        var (train, validation) = Plane(random).Split(0.7, random);
        var network = new Sequential(new Linear(2, 8, random), new Tanh(), new Linear(8, 2, random));
        var (loss, optimizer) = (new SoftmaxCrossEntropy(), new Adam(network, 0.01));
        var trainer = new Trainer(network, loss, optimizer);

        // <snippet plots>
        new OneCycle().SavePng("schedule.png", steps: 100, learningRate: 0.01);                     // before training
        LearningRateFinder.Run(network, loss, optimizer, train).SavePng("finder.png");
        History history = trainer.Fit(train, validation, epochs: 20);
        history.SavePng("loss.png");                                                                // after it
        history.SavePng("accuracy.svg", metric: "accuracy");
        ConfusionMatrix.Of(network, validation).SavePng("confusion.png");
        network.SaveDecisionBoundary(validation, loss.OutputKind, "boundary.png");                  // of two inputs
        // </snippet>

        _folder.Files.Should().Equal("accuracy.svg", "boundary.png", "confusion.png", "finder.png", "loss.png", "schedule.png");
        PictureHeader.SizeOf("loss.png").Should().Be((800, 500));
        File.ReadAllText("accuracy.svg").Should().Contain("<svg");
    }

    [Fact]
    public void A_chart_is_ScottPlots_to_change_and_to_put_beside_others()
    {
        Trainer trainer = TestData.Classifier();
        History history = trainer.Fit(TestData.Classes(60), TestData.Classes(30, seed: 2), epochs: 5);

        // <snippet plots-own>
        Plot loss = history.ToPlot();
        loss.Title("Sorts of flowers");
        loss.Add.HorizontalLine(0.1);
        Picture.SaveGrid([loss, history.ToPlot("accuracy")], columns: 2, "both.png", width: 1200, height: 400);
        // </snippet>

        PictureHeader.SizeOf("both.png").Should().Be((1200, 400));
    }

    private static Dataset Plane(Random random)
    {
        var inputs = new Matrix(120, 2);
        var labels = new int[120];
        for (int row = 0; row < 120; row++)
        {
            (inputs[row, 0], inputs[row, 1]) = (random.NextSingle(), random.NextSingle());
            labels[row] = inputs[row, 0] * inputs[row, 1] > 0.25f ? 1 : 0;
        }

        return new Dataset(inputs, OneHot.Encode(labels, 2), inputNames: ["length", "width"]);
    }
}
