using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain.Tests.Plots;

/// <summary>Curves, reliability, predicted numbers and importance.</summary>
public sealed class JudgingPicturesTests : IDisposable
{
    // Two rows share a score.
    private static readonly Matrix Scores = new float[,] { { 0.9f }, { 0.8f }, { 0.7f }, { 0.7f }, { 0.3f } };
    private static readonly Matrix Truths = new float[,] { { 1 }, { 0 }, { 1 }, { 0 }, { 1 } };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_ROC_curve_has_a_point_for_each_distinct_score_and_the_area_of_the_metric()
    {
        Plot plot = Scores.ToRocCurve(Truths);
        Points(plot.GetPlottables<Scatter>().First()).Should().Equal((0, 0), (0, 1 / 3.0), (0.5, 1 / 3.0), (1, 2 / 3.0), (1, 1));
        Legend(plot).Should().Equal(FormattableString.Invariant($"area {Area(new RocAuc(), Scores, Truths):0.000}"));
        ChartText.Of(plot).Should().Be(("ROC curve", "false positive rate", "true positive rate"));
    }

    [Fact]
    public void Precision_is_drawn_in_steps_and_its_area_is_that_of_the_metric()
    {
        Plot plot = Scores.ToPrecisionCurve(Truths);
        Scatter line = plot.GetPlottables<Scatter>().Single();
        Points(line).Should().Equal((0, 1), (1 / 3.0, 1), (1 / 3.0, 0.5), (2 / 3.0, 0.5), (1, 0.6));
        line.ConnectStyle.Should().Be(ConnectStyle.StepVertical, "the precision of a recall holds to the left of it");
        Legend(plot).Should().Equal(FormattableString.Invariant($"average precision {Area(new AveragePrecision(), Scores, Truths):0.000}"));
    }

    [Fact]
    public void Each_class_has_a_curve_but_for_one_that_does_not_occur()
    {
        Matrix scores = new float[,] { { 0.6f, 0.3f, 0.1f }, { 0.2f, 0.7f, 0.1f }, { 0.5f, 0.4f, 0.1f } }, truths = new float[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 1, 0 } };
        Legend(scores.ToRocCurve(truths, ["ash", "beech", "cedar"])).Should().Equal("ash: area 1.000", "beech: area 1.000");
        Legend(scores.ToPrecisionCurve(truths)).Should().Equal("0: average precision 1.000", "1: average precision 1.000");
    }

    [Fact]
    public void Reliability_compares_each_bin_with_how_often_it_came_true()
    {
        Matrix probabilities = new float[,] { { 0.1f }, { 0.15f }, { 0.62f }, { 0.68f }, { 1 } };
        Plot plot = probabilities.ToReliability(new float[,] { { 0 }, { 1 }, { 1 }, { 0 }, { 1 } }, bins: 5);
        (double X, double Y)[] expected = [((0.1 + 0.15) / 2, 0.5), ((0.62 + 0.68) / 2, 0.5), (1, 1)];
        Points(plot.GetPlottables<Scatter>().Last()).Zip(expected).Should().AllSatisfy(pair =>
        {
            pair.First.X.Should().BeApproximately(pair.Second.X, 1e-6);
            pair.First.Y.Should().BeApproximately(pair.Second.Y, 1e-6);
        });
        double error = ((2 * Math.Abs(0.125 - 0.5)) + (2 * Math.Abs(0.65 - 0.5))) / 5;
        ChartText.Of(plot).Should().Be((FormattableString.Invariant($"Reliability: calibration error {100 * error:0.0} %"), "predicted probability (bars: rows, up to 2)", "observed frequency"));
        plot.GetPlottables<BarPlot>().Single().Bars.Select(bar => bar.Value).Should().Equal(0.25, 0.25, 0.125);
    }

    [Fact]
    public void Of_several_classes_the_probability_of_the_predicted_one_counts()
    {
        Matrix probabilities = new float[,] { { 0.75f, 0.15f, 0.1f }, { 0.1f, 0.3f, 0.625f } };
        Points(probabilities.ToReliability(new float[,] { { 1, 0, 0 }, { 0, 1, 0 } }).GetPlottables<Scatter>().Last()).Should().Equal((0.625, 0), (0.75, 1));

        // Two separate questions: all four answers count.
        Matrix questions = new float[,] { { 0.75f, 0.25f }, { 0.15f, 0.625f } };
        Points(questions.ToReliability(new float[,] { { 1, 1 }, { 0, 1 } }).GetPlottables<Scatter>().Last()).Should().HaveCount(4);
    }

    [Fact]
    public void Predicted_numbers_stand_above_the_true_ones_with_their_error()
    {
        Matrix predicted = new float[,] { { 1, 10 }, { 2, 20 }, { 4, 30 } }, truths = new float[,] { { 1, 11 }, { 3, 22 }, { 4, 33 } };
        Plot plot = predicted.ToPredictions(truths, column: 1, name: "load, kW");
        plot.GetPlottables<Markers>().Single().Data.GetScatterPoints().Select(point => (point.X, point.Y)).Should().Equal((11, 10), (22, 20), (33, 30));
        double rootMeanSquare = Math.Sqrt((1 + 4 + 9) / 3.0), explained = 1 - ((1 + 4 + 9) / (121.0 + 0 + 121));
        ChartText.Of(plot).Should().Be((FormattableString.Invariant($"Predicted and true: R² {explained:0.000}, RMSE {rootMeanSquare:g3}"), "true load, kW", "predicted load, kW"));
        AxisLimits limits = plot.Axes.GetLimits();
        (limits.Left, limits.Right).Should().Be((limits.Bottom, limits.Top));
        ((Matrix)new float[,] { { 1 } }).ToPredictions(new float[,] { { 2 } }).Axes.Title.Label.Text.Should().Be("Predicted and true: RMSE 1");
    }

    [Fact]
    public void The_most_important_column_is_on_top_with_its_spread()
    {
        Plot plot = new[] { ("noise", -0.01, 0.02), ("age", 0.3, 0.05), ("city", 0.1, 0.01) }.ToImportance("rise");
        plot.GetPlottables<BarPlot>().Single().Bars.Select(bar => (bar.Position, bar.Value)).Should().Equal((2, 0.3), (1, 0.1), (0, -0.01));
        plot.GetPlottables<ErrorBar>().Single().GetAxisLimits().Left.Should().BeApproximately(-0.03, 1e-9);
        plot.GetPlottables<ErrorBar>().Single().GetAxisLimits().Right.Should().BeApproximately(0.35, 1e-9);
        ChartText.Ticks(plot.Axes.Left, -0.5, 2.5).Select(tick => (tick.Position, tick.Label)).Should().Equal((2, "age"), (1, "city"), (0, "noise"));
        Plot many = Enumerable.Range(0, 30).Select(i => ($"column {i}", (double)i, 0.0)).ToImportance();
        many.GetPlottables<BarPlot>().Single().Bars.Should().HaveCount(20);
        many.Axes.Title.Label.Text.Should().Be("Importance, of 20 of 30 columns");
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused_with_the_reason()
    {
        Refused(() => Scores.ToRocCurve(Truths.SliceRows(0, 3)), "*[5 × 1] and [3 × 1]*");
        Refused(() => Scores.ToRocCurve(Truths, ["no", "yes"]), "*each of 1 columns, received 2*positive one*");
        Refused(() => Scores.ToPrecisionCurve(new float[,] { { 1 }, { 2 }, { 0 }, { 1 }, { 0 } }), "*Row 1, column 0 has the prediction 0.8 and the truth 2*1 for positive or 0 for negative*");
        Refused(() => Scores.ToRocCurve(new float[,] { { 1 }, { 1 }, { 1 }, { 1 }, { 1 } }), "*a positive row and a negative one*");
        Refused(() => ((Matrix)new float[,] { { 3 } }).ToReliability(new float[,] { { 1 } }), "*0 … 1, received 3*Predictor*");
        Refused(() => ((Matrix)new float[,] { { float.NaN } }).ToPredictions(new float[,] { { 1 } }), "*finite numbers*");
        Refused(() => Array.Empty<(string, double, double)>().ToImportance(), "*at least one column*");
        Refused(() => new[] { ("a", 1.0, -1.0) }.ToImportance(), "*deviation of 0 or more*");
        ((Action)(() => Scores.ToReliability(Truths, bins: 0))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => Scores.ToPredictions(Truths, column: 1))).Should().Throw<ArgumentOutOfRangeException>();

        static void Refused(Action draw, string message) => draw.Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public void All_of_them_become_files()
    {
        Scores.SaveRocCurve(Truths, _folder["roc.png"]);
        Scores.SavePrecisionCurve(Truths, _folder["precision.svg"]);
        Scores.SaveReliability(Truths, _folder["reliability.png"], width: 400, height: 300);
        Scores.SavePredictions(Truths, _folder["predicted.png"]);
        new[] { ("age", 0.3, 0.05) }.SaveImportance(_folder["importance.png"]);
        PictureHeader.SizeOf(_folder["roc.png"]).Should().Be((700, 560));
        PictureHeader.SizeOf(_folder["reliability.png"]).Should().Be((400, 300));
        _folder.Files.Should().HaveCount(5);
    }

    private static double Area(Metric metric, Matrix scores, Matrix truths)
    {
        metric.Begin(OutputKind.BinaryScores, 1);
        metric.Add(scores, truths, default);
        return metric.Value;
    }

    private static IEnumerable<(double X, double Y)> Points(Scatter line) => line.Data.GetScatterPoints().Select(point => (point.X, point.Y));

    private static IEnumerable<string> Legend(Plot plot) => plot.GetPlottables<Scatter>().Select(line => line.LegendText).Where(text => text.Length > 0);
}
