using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain.Samples;

/// <summary>Hyper-parameters last (L7.5): a grid and random draws on the same budget, rates and strengths on a logarithmic scale.</summary>
internal static class Searches
{
    private const int PointsOfGrid = 4;

    public static void Run(SampleRun sample)
    {
        Dataset train = PlaneData.Spiral(300, noise: 0.05, sample.NewRandom(), turns: 1.25);
        Dataset validation = PlaneData.Spiral(1_000, noise: 0.05, new Random(sample.Seed + 1), turns: 1.25);
        SearchSpace space = new SearchSpace().LogUniform("rate", 1e-4, 1).LogUniform("L2", 1e-6, 1e-1);
        double Score(Trial trial) => Train(sample, train, validation, trial.Number("rate"), trial.Number("L2"), trial.Random);
        var options = new SearchOptions { Progress = SampleRun.Counter<TrialResult>("trials", 2 * PointsOfGrid * PointsOfGrid) };
        SearchResults grid = GridSearch.Run(space, PointsOfGrid, sample.Seed, Score, options, sample.Stop);
        SearchResults random = RandomSearch.Run(space, PointsOfGrid * PointsOfGrid, sample.Seed, Score, options, sample.Stop);
        sample.Stop.ThrowIfCancellationRequested();
        double baseline = Train(sample, train, validation, rate: 3e-4, strength: 0, sample.NewRandom());

        SampleRun.Say($"L7.5, 2-32-32-2 on {train} (spirals), the loss on {validation.Inputs.Rows} others; rate 10⁻⁴ to 1, λ 10⁻⁶ to 10⁻¹:");
        SampleRun.Print(["search", "trials", "rates tried", "best rate", "best λ", "best loss"], new[] { ("grid", grid), ("random", random) }.Select(one => new[]
        {
            one.Item1, $"{one.Item2.Trials.Count}", $"{Rates(one.Item2)}", $"{one.Item2.Best.Values["rate"]:g3}", $"{one.Item2.Best.Values["L2"]:g3}", $"{one.Item2.Best.Score:0.000}",
        }).Append(["baseline", "1", "1", "0.0003", "0", $"{baseline:0.000}"]));
        Draw(sample, grid, random);
        double best = Math.Min(grid.Best.Score!.Value, random.Best.Score!.Value);
        sample.Claim("On the same budget random draws try as many rates as there are trials, the grid a fourth",
            Rates(random) == random.Trials.Count && Rates(grid) == PointsOfGrid, $"{Rates(random)} and {Rates(grid)} of {random.Trials.Count}");
        sample.Claim("The search improves on the baseline of L7.1 in the same number of epochs", best < baseline, $"loss {best:0.000} against {baseline:0.000}");
    }

    private static double Train(SampleRun sample, Dataset train, Dataset validation, double rate, double strength, Random random)
    {
        var network = new Sequential(new Linear(2, 32, random), new ReLU(), new Linear(32, 32, random), new ReLU(), new Linear(32, 2, random));
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network, rate) { L2 = strength }) { Seed = (ulong)sample.Seed };
        return sample.Fit(trainer, train, validation, epochs: sample.Quick ? 40 : 100).Best.Validation!.Loss;
    }

    private static int Rates(SearchResults results) => results.Trials.Select(trial => trial.Values["rate"]).Distinct().Count();

    // Where each looked; the greater the mark, the lower the loss.
    private static void Draw(SampleRun sample, SearchResults grid, SearchResults random)
    {
        Plot plot = Picture.New("Grid and random search on the same budget (size: how low the loss)", "learning rate", "strength of L2, λ");
        foreach (TrialResult trial in grid.Trials.Concat(random.Trials))
        {
            (bool isGrid, float size) = (grid.Trials.Contains(trial), (float)(6 + (18 * Math.Max(0, 1 - (trial.Score!.Value / Math.Log(2))))));
            Marker mark = plot.Add.Marker(
                Math.Log10((double)trial.Values["rate"]), Math.Log10((double)trial.Values["L2"]), isGrid ? MarkerShape.FilledSquare : MarkerShape.FilledCircle, size, Picture.Color(isGrid ? 0 : 1));
            mark.LegendText = trial == grid.Best ? $"grid, best {trial.Score:0.000}" : trial == random.Best ? $"random, best {trial.Score:0.000}" : "";
        }

        Picture.ShowPowersOfTen(plot.Axes.Bottom);
        Picture.ShowPowersOfTen(plot.Axes.Left);
        Picture.ShowLegend(plot);
        sample.Save(plot, "practice-search.png");
    }
}
