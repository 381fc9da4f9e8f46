using ScottPlot;

namespace NeuralTrain.Tests.Plots;

public sealed class PictureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pictures").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_schedule_is_drawn_as_a_curve_with_named_axes()
    {
        string path = Draw("schedule.png", path => new CosineDecay().SavePng(path, steps: 50, learningRate: 0.1));
        PictureHeader.SizeOf(path).Should().Be((800, 500));
        PictureHeader.Holds(path, Picture.Color(0)).Should().BeTrue("the curve has the first colour");
        PictureHeader.Ink(path, top: 0.94).Should().BeGreaterThan(20, "the name of the horizontal axis stands below");
        PictureHeader.Ink(path, right: 0.03).Should().BeGreaterThan(20, "the name of the vertical axis stands to the left");
    }

    [Fact]
    public void A_history_shows_training_validation_and_the_best_epoch()
    {
        History history = Train(out _, out _);
        Plot plot = history.ToPlot();
        ScottPlot.Plottables.Scatter[] curves = [.. plot.GetPlottables<ScottPlot.Plottables.Scatter>()];
        curves.Select(curve => curve.LegendText).Should().Equal("training", "validation");
        curves[0].Data.GetScatterPoints().Select(point => point.Y).Should().Equal(history.Epochs.Select(epoch => epoch.Training.Loss));
        curves[1].Data.GetScatterPoints().Select(point => point.Y).Should().Equal(history.Epochs.Select(epoch => epoch.Validation!.Loss));
        plot.GetPlottables<ScottPlot.Plottables.VerticalLine>().Single().X.Should().Be(history.Best!.Number);

        string path = Draw("loss.png", path => history.SavePng(path));
        PictureHeader.SizeOf(path).Should().Be((800, 500));
        PictureHeader.Holds(path, Picture.Color(0)).Should().BeTrue();
        PictureHeader.Holds(path, Picture.Color(1)).Should().BeTrue();
    }

    [Fact]
    public void A_history_shows_a_metric_on_request_and_names_those_it_has()
    {
        History history = Train(out _, out _);
        history.ToPlot("accuracy").Axes.Left.Label.Text.Should().Be("accuracy");
        FluentActions.Invoking(() => history.ToPlot("speed")).Should().Throw<ArgumentException>().WithMessage("*'speed'*'accuracy'*");
    }

    [Fact]
    public void A_confusion_matrix_shows_every_count()
    {
        Train(out Sequential network, out Dataset data);
        ConfusionMatrix matrix = ConfusionMatrix.Of(network, data, OutputKind.BinaryScores);
        string[] texts = [.. matrix.ToPlot().GetPlottables<ScottPlot.Plottables.Text>().Select(text => text.LabelText)];
        texts.Should().Equal($"{matrix[0, 0]}", $"{matrix[0, 1]}", $"{matrix[1, 0]}", $"{matrix[1, 1]}");
        PictureHeader.SizeOf(Draw("confusion.png", path => matrix.SavePng(path))).Should().Be((640, 600));
    }

    [Fact]
    public void A_finder_curve_shows_each_loss_over_the_logarithm_of_its_rate_and_marks_its_suggestions()
    {
        Train(out Sequential network, out Dataset data);
        LearningRateCurve curve = LearningRateFinder.Run(network, data, new BinaryCrossEntropy(), new SGD(network));
        Plot plot = curve.ToPlot();
        double[] rates = [.. curve.Points.Select(point => Math.Log10(point.LearningRate))];
        ScottPlot.Plottables.Markers batches = plot.GetPlottables<ScottPlot.Plottables.Markers>().Single();
        ScottPlot.Plottables.Scatter smoothed = plot.GetPlottables<ScottPlot.Plottables.Scatter>().Single();
        batches.Data.GetScatterPoints().Should().Equal(curve.Points.Select((point, i) => new Coordinates(rates[i], point.Loss)));
        smoothed.Data.GetScatterPoints().Should().Equal(curve.Points.Select((point, i) => new Coordinates(rates[i], point.SmoothedLoss)));
        (batches.LegendText, smoothed.LegendText).Should().Be(("each batch", "smoothed"));
        plot.Axes.Bottom.TickGenerator.Should().BeOfType<PowersOfTen>();
        ChartText.Of(plot).Should().Be(("Learning-rate finder", "learning rate", "loss of the batch"));
        ChartText.LegendEdges(plot).Should().Equal(Edge.Right);
        plot.GetPlottables<ScottPlot.Plottables.VerticalLine>().Select(line => line.LegendText.Split(',')[0]).Should().Equal("valley", "steepest", "minimum / 10");
        string path = Draw("finder.png", path => curve.SavePng(path));
        PictureHeader.SizeOf(path).Should().Be((800, 500));
        curve.ToPlot().GetPlottables<ScottPlot.Plottables.VerticalLine>().Select(line => line.X).Should().Equal(
            new[] { curve.Suggestion, curve.Steepest, curve.MinimumOverTen }.Where(rate => rate is not null).Select(rate => Math.Log10(rate!.Value)));
    }

    [Fact]
    public void Where_the_loss_explodes_a_finders_axis_ends_a_little_above_its_beginning()
    {
        var inputs = new Matrix(64, 2);
        new Normal(1).Fill(inputs.Span, 2, 1, new Random(1));
        var network = new Sequential(new Linear(2, 1, new Random(2)));
        LearningRateCurve curve = LearningRateFinder.Run(network, new Dataset(inputs, Sums(inputs)), new MeanSquaredError(), new SGD(network));
        double beginning = curve.Points[0].SmoothedLoss;
        curve.Points.Max(point => point.Loss).Should().BeGreaterThan(3 * beginning, "it explodes");
        curve.ToPlot().Axes.GetLimits().Top.Should().BeInRange(1.5 * beginning, 1.6 * beginning);

        static Matrix Sums(Matrix inputs)
        {
            var sums = new Matrix(inputs.Rows, 1);
            for (int row = 0; row < inputs.Rows; row++)
            {
                sums[row, 0] = inputs[row, 0] + inputs[row, 1];
            }

            return sums;
        }
    }

    [Theory]
    [InlineData("loss.svg")]
    [InlineData("LOSS.SVG")]
    public void The_ending_of_the_name_chooses_svg(string name)
    {
        string path = Draw(name, path => new CosineDecay().SavePng(path, steps: 50));
        string text = File.ReadAllText(path);
        text.Should().Contain("<svg").And.Contain("width=\"800\"").And.EndWith("</svg>\n").And.Contain("epoch");
    }

    [Theory]
    [InlineData("loss.jpg")]
    [InlineData("loss")]
    public void Another_ending_is_refused_and_nothing_written(string name)
    {
        FluentActions.Invoking(() => new CosineDecay().SavePng(Path.Combine(_folder, name), steps: 50)).Should().Throw<ArgumentException>().WithMessage("*.png or .svg*");
        Directory.EnumerateFileSystemEntries(_folder).Should().BeEmpty();
    }

    [Theory]
    [InlineData(99, 500)]
    [InlineData(800, 10_001)]
    public void A_size_out_of_range_is_refused(int width, int height) =>
        FluentActions.Invoking(() => new CosineDecay().SavePng(Path.Combine(_folder, "a.png"), 50, width: width, height: height))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("*100 to 10000*");

    [Fact]
    public void A_missing_folder_is_created_and_a_file_replaced()
    {
        string path = Path.Combine(_folder, "new", "a.png");
        new CosineDecay().SavePng(path, 50);
        new CosineDecay().SavePng(path, 50, width: 400, height: 300);
        PictureHeader.SizeOf(path).Should().Be((400, 300));
        Directory.EnumerateFiles(Path.GetDirectoryName(path)!).Should().ContainSingle("nothing unfinished is left");
    }

    [Fact]
    public void Every_chart_of_a_grid_is_drawn_in_its_place()
    {
        Plot[] plots = [.. Enumerable.Range(0, 4).Select(i => Picture.New($"chart {i}", "x", "y"))];
        string path = Draw("grid.png", path => Picture.SaveGrid(plots, 2, path));
        foreach ((double left, double top) in new[] { (0, 0), (0.5, 0), (0, 0.5), (0.5, 0.5) })
        {
            PictureHeader.Ink(path, left, top, left + 0.5, top + 0.5).Should().BeGreaterThan(1000);
        }
    }

    [Fact]
    public void Text_needs_no_font_of_the_machine()
    {
        var font = new EmbeddedFont();
        SkiaSharp.SKTypeface typeface = font.CreateTypeface(EmbeddedFont.Name, FontWeight.Normal, FontSlant.Upright, FontSpacing.Normal)!;
        typeface.FamilyName.Should().Be("DejaVu Sans");
        typeface.GetGlyphs("Loss 0123456789 λγθσμΣ ½²⁻⁰¹⁹ −·×≤≥√∞ äöüčřžß Ж").Should().NotContain((ushort)0, "each of these has a glyph");
        Picture.New("title", "x", "y").Axes.Bottom.Label.FontName.Should().Be(EmbeddedFont.Name);
        font.CreateTypeface("Arial", FontWeight.Normal, FontSlant.Upright, FontSpacing.Normal).Should().BeNull("other fonts are left to others");
    }

    [Fact]
    public void What_cannot_be_written_is_named_with_what_to_do()
    {
        Action toFolder = () => new CosineDecay().SavePng(Directory.CreateDirectory(Path.Combine(_folder, "a.png")).FullName, 5);
        toFolder.Should().Throw<ArgumentException>().WithMessage("*'*a.png' is a folder. Give it a name within.*");
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        string within = Path.Combine(_folder, "file", "b.png");
        FluentActions.Invoking(() => new CosineDecay().SavePng(within, 5)).Should().Throw<IOException>().WithMessage($"The picture '{within}' cannot be written. Give it*");
        Directory.EnumerateFiles(_folder).Should().ContainSingle("nothing unfinished is left");
    }

    [Fact]
    public void A_legend_moves_and_goes()
    {
        Plot plot = Train(out _, out _).ToPlot();
        plot.GetImage(800, 500);
        double before = plot.RenderManager.LastRender.DataRect.Width;
        Picture.ShowLegend(plot, Edge.Bottom);
        ChartText.LegendEdges(plot).Should().Equal([Edge.Bottom], "it is moved, not shown twice");
        Picture.HideLegend(plot);
        ChartText.LegendEdges(plot).Should().BeEmpty();
        plot.GetImage(800, 500);
        (plot.RenderManager.LastRender.DataRect.Width > before + 60).Should().BeTrue("the chart gets its room");
    }

    private string Draw(string name, Action<string> draw)
    {
        string path = Path.Combine(_folder, name);
        draw(path);
        new FileInfo(path).Length.Should().BeGreaterThan(2_000);
        return path;
    }

    private static History Train(out Sequential network, out Dataset data)
    {
        var random = new Random(1);
        var inputs = new Matrix(64, 2);
        var targets = new Matrix(64, 1);
        new Normal(1).Fill(inputs.Span, 2, 1, random);
        for (int row = 0; row < 64; row++)
        {
            targets[row, 0] = inputs[row, 0] > 0 ? 1 : 0;
        }

        data = new Dataset(inputs, targets);
        network = new Sequential(new Linear(2, 4, random), new Tanh(), new Linear(4, 1, random));
        var trainer = new Trainer(network, new BinaryCrossEntropy(), new SGD(network, 0.5));
        return trainer.Fit(data, validation: data, epochs: 5);
    }
}
