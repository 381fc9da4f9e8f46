using NeuralTrain.Tests.Training;
using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain.Tests.Plots;

public sealed class LayerWatchPictureTests
{
    [Fact]
    public void The_ratio_of_each_layers_weights_is_drawn_by_epoch_on_a_logarithmic_axis()
    {
        LayerWatch watch = Watch(hidden: 2, epochs: 4);
        Plot plot = watch.ToPlot();
        Scatter[] lines = [.. plot.GetPlottables<Scatter>()];
        lines.Select(line => line.LegendText).Should().Equal("0.weight", "2.weight", "4.weight");
        foreach (Scatter line in lines)
        {
            line.Data.GetScatterPoints().Should().Equal(
                watch.Rows.Where(row => row.Path == line.LegendText).Select(row => new Coordinates(row.Epoch, Math.Log10(row.UpdateRatio!.Value))));
            line.Data.GetScatterPoints().Select(point => point.X).Should().Equal(1, 2, 3, 4);
        }

        HorizontalLine usual = plot.GetPlottables<HorizontalLine>().Single();
        (usual.Y, usual.LegendText).Should().Be((-3, "0.001, usual"));
        plot.Axes.Left.TickGenerator.Should().BeOfType<PowersOfTen>();
        ChartText.Of(plot).Should().Be(("Size of the steps by epoch", "epoch", "update / weights (norms)"));
        ChartText.LegendEdges(plot).Should().Equal(Edge.Right);
        lines.Select(line => line.Color).Should().Equal(Picture.Color(0), Picture.Color(1), Picture.Color(2));
    }

    [Fact]
    public void The_norm_of_the_gradients_is_another_picture_without_a_usual_value()
    {
        LayerWatch watch = Watch(hidden: 2, epochs: 4);
        Plot plot = watch.ToGradientPlot();
        foreach (Scatter line in plot.GetPlottables<Scatter>())
        {
            line.Data.GetScatterPoints().Should().Equal(
                watch.Rows.Where(row => row.Path == line.LegendText).Select(row => new Coordinates(row.Epoch, Math.Log10(row.GradientNorm))));
        }

        plot.GetPlottables<HorizontalLine>().Should().BeEmpty();
        ChartText.Of(plot).Should().Be(("Gradients by epoch", "epoch", "norm of the gradients"));
    }

    [Fact]
    public void Of_many_layers_some_are_named_and_the_colour_goes_with_the_depth()
    {
        Plot plot = Watch(hidden: 19, epochs: 1).ToPlot();
        Scatter[] lines = [.. plot.GetPlottables<Scatter>()];
        lines.Should().HaveCount(20).And.OnlyContain(line => line.MarkerSize > 0, "one epoch is no line");
        lines.Select(line => line.Color).Should().OnlyHaveUniqueItems();
        string[] names = [.. lines.Select(line => line.LegendText).Where(name => name.Length > 0)];
        names.Should().HaveCountLessThan(17).And.StartWith("0.weight").And.EndWith("38.weight");
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused_with_what_to_do()
    {
        FluentActions.Invoking(() => new LayerWatch().ToPlot()).Should().Throw<ArgumentException>().WithMessage("*no epoch*Observers.Add*");
        FluentActions.Invoking(() => Watch(hidden: 1, epochs: 1, learningRate: 1e-30).ToPlot()).Should().Throw<ArgumentException>().WithMessage("*no weight moved*learning rate*");
    }

    [Fact]
    public void The_file_is_a_picture_of_the_usual_size()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.FullName, "updates.png");
        Watch(hidden: 1, epochs: 3).SavePng(path);
        PictureHeader.SizeOf(path).Should().Be((800, 500));
        PictureHeader.Holds(path, Picture.Color(0)).Should().BeTrue();
    }

    private static LayerWatch Watch(int hidden, int epochs, double learningRate = 0.05)
    {
        Dataset data = TestData.Classes(60);
        var random = new Random(1);
        var layers = new List<Layer>();
        for (int i = 0; i < hidden; i++)
        {
            layers.AddRange([new Linear(i == 0 ? data.InputSize : 6, 6, random), new Tanh()]);
        }

        var network = new Sequential([.. layers, new Linear(6, data.TargetSize, random)]);
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new SGD(network, learningRate));
        var watch = new LayerWatch();
        trainer.Observers.Add(watch);
        trainer.Fit(data, epochs: epochs);
        return watch;
    }
}
