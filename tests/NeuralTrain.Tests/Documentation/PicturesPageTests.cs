using NeuralTrain.Tests.Plots;
using NeuralTrain.Tests.Training;
using ScottPlot;
using Spectre.Console;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The code of docs/pictures.md, in a folder of its own.</summary>
[Collection(nameof(CurrentFolderTestGroup))]
public sealed class PicturesPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Directory.GetCurrentDirectory();

    public PicturesPageTests() => Directory.SetCurrentDirectory(_folder.FullName);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _folder.Dispose();
    }

    [Fact]
    public void Each_line_draws_a_picture()
    {
        var (train, test, random) = (TestData.Classes(120), TestData.Classes(60, seed: 2), new Random(1));
        var network = new Sequential(new Linear(3, 8, random), new ReLU(), new Linear(8, 3, random));
        var (loss, optimizer, watch) = (new SoftmaxCrossEntropy(), new Adam(network), new LayerWatch());
        var trainer = new Trainer(network, loss, optimizer);
        trainer.Observers.Add(watch);
        History history = trainer.Fit(train, test, epochs: 5);
        var plane = new Sequential(new Linear(2, 3, random));
        var points = new Dataset(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 1 } }, OneHot.Encode([0, 1, 2], 3));

        // <snippet pictures>
        history.SavePng("loss.png");
        history.SavePng("accuracy.png", metric: "accuracy");
        ConfusionMatrix.Of(network, test).SavePng("confusion.png");
        LearningRateFinder.Run(network, train, loss, optimizer).SavePng("finder.png");
        new CosineDecay().SavePng("schedule.svg", steps: 100, learningRate: 0.01);
        ActivationStatistics.Measure(network, train).SavePng("activations.png");
        watch.SavePng("updates.png");                       // a LayerWatch that was among trainer.Observers
        plane.SaveDecisionBoundary(points, loss.OutputKind, "boundary.png");
        // </snippet>

        _folder.Files.Should().Equal(
            "accuracy.png", "activations.png", "boundary.png", "confusion.png", "finder.png", "loss.png", "schedule.svg", "updates.png");
        PictureHeader.SizeOf(_folder["loss.png"]).Should().Be((Picture.DefaultWidth, Picture.DefaultHeight));
        File.ReadAllText(Repository.PathOf("docs", "pictures.md")).Should().Contain($"Most pictures are {Picture.DefaultWidth} × {Picture.DefaultHeight} pixels");
    }

    [Fact]
    public void Predictions_are_judged_by_pictures()
    {
        var (test, random) = (TestData.Classes(60, seed: 2), new Random(1));
        var network = new Sequential(new Linear(3, 3, random));
        var loss = new SoftmaxCrossEntropy();
        Table rows = Table.From(Enumerable.Range(0, 60).Select(i => new { Size = (double)(i % 20), Price = 3.0 * (i % 20) }));
        TableModel prices = TableModel.Fit(rows, rows.InferSchema("Price"), random, new TableFitOptions { Epochs = 3 });

        // <snippet pictures-judged>
        Matrix probabilities = new Predictor(network, loss.OutputKind).Predict(test.Inputs);
        probabilities.SaveRocCurve(test.Targets, "roc.png", test.Classes);
        probabilities.SavePrecisionCurve(test.Targets, "precision.png", test.Classes);
        probabilities.SaveReliability(test.Targets, "reliability.png");

        var (predicted, actual) = prices.Compare(rows);     // of a TableModel
        predicted.SavePredictions(actual, "prices.png", name: "price, €");
        prices.PermutationImportance(rows).Columns.Select(column => (column.Name, column.Rise, column.Deviation)).SaveImportance("importance.png");
        // </snippet>

        _folder.Files.Should().Equal("importance.png", "precision.png", "prices.png", "reliability.png", "roc.png");
    }

    [Fact]
    public void Charts_are_changed_and_stand_side_by_side()
    {
        (History first, History second) = (TestData.Classifier().Fit(TestData.Classes(60), epochs: 2), TestData.Classifier().Fit(TestData.Classes(60), epochs: 3));

        // <snippet pictures-own>
        Plot before = first.ToPlot(), after = second.ToPlot();
        before.Axes.Title.Label.Text = "Adam";
        after.Axes.Title.Label.Text = "SGD";
        Picture.HideLegend(before);
        Picture.ShowLegend(after, Edge.Bottom);
        Picture.SaveGrid([before, after], columns: 2, "both.png", width: 1200);
        // </snippet>

        PictureHeader.SizeOf(_folder["both.png"]).Should().Be((1200, 500));
    }

    [Fact]
    public void The_line_of_the_console_is_that_of_the_page()
    {
        Trainer trainer = TestData.Classifier();

        // <snippet pictures-console>
        trainer.Progress = new ConsoleProgress();
        // </snippet>

        var writer = new StringWriter();
        var progress = new ConsoleProgress(AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) }));
        var epoch = new Epoch(
            3, new Evaluation(0.5, [new MetricValue("accuracy", 0.9, isRatio: true)]), learningRate: 0.01,
            new Evaluation(0.6, [new MetricValue("accuracy", 0.8, isRatio: true)]), samplesPerSecond: 12_345);
        progress.Report(new TrainingProgress { Epoch = 3, Epochs = 3, Step = 5, Loss = 0.5, LearningRate = 0.01, Elapsed = TimeSpan.FromSeconds(3), Finished = epoch, IsLast = true });
        writer.ToString().Should().Be($"{MarkdownPages.Output("pictures-console")}\n");
    }

    [Fact]
    public void A_study_shows_its_progress_and_its_picture()
    {
        // <snippet pictures-study>
        var options = new StudyOptions { Progress = new StudyProgress(Direction.Minimize) };
        Study study = new(Direction.Minimize, new TpeSampler(seed: 1), options: options);
        study.Run(trials: 4, parallel: 1, trial => Math.Abs(trial.Suggest("x", 0, 4) - 1));
        study.SavePng("study.png");
        // </snippet>

        PictureHeader.SizeOf(_folder["study.png"]).Should().Be((840, 340));
    }
}
