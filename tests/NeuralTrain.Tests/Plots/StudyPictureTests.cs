using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain.Tests.Plots;

public sealed class StudyPictureTests
{
    [Fact]
    [Trait("Lecture", "L7.5")]
    public void The_history_shows_each_score_and_the_best_so_far()
    {
        Study study = NewStudy([5, 3, 4, 2, 6]);
        Plot history = study.ToPlots()[0];
        ChartText.Of(history).Should().Be(("Score by trial", "trial", "score"));
        history.GetPlottables<Markers>().Single().Data.GetScatterPoints().Should().Equal(new Coordinates(0, 5), new Coordinates(1, 3), new Coordinates(2, 4), new Coordinates(3, 2), new Coordinates(4, 6));
        Scatter best = history.GetPlottables<Scatter>().Single();
        best.Data.GetScatterPoints().Should().Equal(new Coordinates(0, 5), new Coordinates(1, 3), new Coordinates(3, 2), new Coordinates(4, 2));
        best.ConnectStyle.Should().Be(ConnectStyle.StepHorizontal);
        ChartText.LegendEdges(history).Should().Equal(Edge.Bottom);
    }

    [Fact]
    public void Of_a_study_that_maximizes_the_highest_is_the_best() =>
        NewStudy([5, 3, 7, 2], Direction.Maximize).ToPlots()[0].GetPlottables<Scatter>().Single().Data.GetScatterPoints().Should().Equal(new Coordinates(0, 5), new Coordinates(2, 7), new Coordinates(3, 7));

    [Fact]
    public void A_very_bad_trial_does_not_press_the_others_together_and_the_legend_says_so()
    {
        Plot history = NewStudy([5, 3, 4, 2, 6, 1e9, double.NaN]).ToPlots()[0];
        AxisLimits limits = history.Axes.GetLimits();
        (limits.Bottom is < 2 and > 0 && limits.Top is > 6 and < 20).Should().BeTrue("it shows {0} to {1}", limits.Bottom, limits.Top);
        history.GetPlottables<Markers>().Single().LegendText.Should().Be("completed (1 not shown) (1 failed)");
        limits = NewStudy([5, 3, 4, 2, 6, -1e9], Direction.Maximize).ToPlots()[0].Axes.GetLimits();
        (limits.Bottom > -20 && limits.Top is > 6 and < 8).Should().BeTrue("it shows {0} to {1}", limits.Bottom, limits.Top);
    }

    [Fact]
    public void Each_hyper_parameter_has_a_chart_of_the_scores_by_its_values()
    {
        var study = new Study(Direction.Minimize, new RandomSampler(1), options: new StudyOptions { Window = 1 });
        study.Run(6, 1, trial => -Math.Log10(trial.Suggest("rate", 1e-4, 1, log: true)) + trial.SuggestWhole("width", 2, 9) + (trial.Suggest("kind", ["a", "b"]) == "a" ? 0 : 10));
        IReadOnlyList<Plot> plots = study.ToPlots();
        plots.Select(plot => plot.Axes.Title.Label.Text).Should().Equal("Score by trial", "rate", "width", "kind");
        TrialResult[] trials = [.. study.Trials];
        plots[1].GetPlottables<Markers>().First().Data.GetScatterPoints().Should().Equal(trials.Select(trial => new Coordinates(Math.Log10((double)trial.Values["rate"]), trial.Score!.Value)));
        plots[2].GetPlottables<Markers>().First().Data.GetScatterPoints().Should().Equal(trials.Select(trial => new Coordinates((int)trial.Values["width"], trial.Score!.Value)));
        ChartText.NamedTicks(plots[1].Axes.Bottom, -4, 0).Should().Equal("10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰");
        ChartText.NamedTicks(plots[3].Axes.Bottom, -0.5, 1.5).Should().Equal("a", "b");
        plots[1].GetPlottables<Markers>().Last().Data.GetScatterPoints().Should().Equal([new Coordinates(Math.Log10((double)study.Best.Values["rate"]), study.Best.Score!.Value)], "the best one is marked");
        plots.Skip(1).Select(plot => plot.Axes.GetLimits().VerticalRange).Distinct().Should().ContainSingle();
    }

    [Fact]
    public void With_enough_trials_the_importance_is_drawn_and_decides_the_order()
    {
        var study = new Study(Direction.Minimize, new RandomSampler(1));
        study.Run(60, 1, trial => trial.Suggest("idle", 0, 1) * 0 + trial.Suggest("all", 0, 1));
        IReadOnlyList<Plot> plots = study.ToPlots();
        plots.Select(plot => plot.Axes.Title.Label.Text).Should().Equal("Score by trial", "Importance", "all", "idle");
        plots[1].GetPlottables<BarPlot>().SelectMany(bar => bar.Bars).Select(bar => bar.Value).Should().Equal(study.Importance().Select(share => 100 * share.Share));
        ChartText.NamedTicks(plots[1].Axes.Left, -0.7, 1.7).Should().BeEquivalentTo("all", "idle");
    }

    [Fact]
    public void All_charts_fit_into_one_file_and_a_study_of_a_cluster_has_the_same()
    {
        using var folder = new TemporaryFolder();
        Study study = NewStudy([5, 3, 4, 2, 6]);
        study.SavePng(folder["study.png"]);
        PictureHeader.SizeOf(folder["study.png"]).Should().Be((840, 340), "there are two charts");
        var machine = new StudyMachine(Direction.Minimize, new RandomSampler(1));
        TrialLease lease = machine.Ask(1, default)!.Value;
        machine.Suggest(0, 1, "x", new SearchRange { High = 1 });
        machine.Invoking(one => one.ToPlots()).Should().Throw<ArgumentException>().WithMessage("None of 1 trials was completed, so there is no score to draw.*");
        machine.Finish(lease.Trial, lease.Attempt, 3, TrialStatus.Completed);
        machine.SavePng(folder["machine.png"]);
        PictureHeader.SizeOf(folder["machine.png"]).Should().Be((840, 340));
    }

    private static Study NewStudy(double[] scores, Direction direction = Direction.Minimize)
    {
        var study = new Study(direction, new RandomSampler(1));
        study.Run(scores.Length, 1, trial =>
        {
            trial.Suggest("x", 0, 1);
            return scores[trial.Number];
        });
        return study;
    }
}
