namespace NeuralTrain.Samples;

/// <summary>Hyper-parameters come last (L7.5): a grid and random draws on the same budget, rates and strengths on a logarithmic scale.</summary>
internal static class Searches
{
    private const int PointsOfGrid = 4, Trials = PointsOfGrid * PointsOfGrid;

    public static void Run(SampleRun sample)
    {
        Dataset train = PlaneData.Spiral(300, sample.NewRandom(), noise: 0.05, turns: 1.25);
        Dataset validation = PlaneData.Spiral(1_000, sample.NewRandom(1), noise: 0.05, turns: 1.25);
        SearchSpace space = new SearchSpace().LogUniform("rate", 1e-4, 1).LogUniform("L2", 1e-6, 1e-1);
        var options = new SearchOptions { Progress = SampleRun.Counter<TrialResult>("trials", 2 * Trials) };
        double Score(Trial trial) => Train(trial.Number("rate"), trial.Number("L2"), trial.Random);
        SearchResults grid = GridSearch.Run(space, PointsOfGrid, sample.Seed, Score, options, sample.Stop);
        SearchResults random = RandomSearch.Run(space, Trials, sample.Seed, Score, options, sample.Stop);
        double baseline = Train(3e-4, strength: 0, sample.NewRandom()), best = Math.Min(grid.Best.Score!.Value, random.Best.Score!.Value);
        SampleRun.Say($"L7.5, 2-32-32-2 on {train} (spirals), the loss on {validation.Count} others; rate 10⁻⁴ to 1, λ 10⁻⁶ to 10⁻¹:");
        SampleRun.Print(["search", "trials", "rates tried", "best rate", "best λ", "best loss"],
            [Row("grid", grid), Row("random", random), ["baseline", "1", "1", "0.0003", "0", $"{baseline:0.000}"]]);

        Plot plot = Picture.New("Grid and random search on the same budget (size: how low the loss)", "learning rate", "strength of L2, λ");
        foreach ((int i, TrialResult trial) in grid.Trials.Concat(random.Trials).Index())
        {
            var place = new Coordinates(Math.Log10((double)trial.Values["rate"]), Math.Log10((double)trial.Values["L2"]));
            (MarkerShape shape, int color) = i < grid.Trials.Count ? (MarkerShape.FilledSquare, 0) : (MarkerShape.FilledCircle, 1);
            float size = (float)(6 + (18 * Math.Max(0, 1 - (trial.Score!.Value / Math.Log(2)))));
            plot.Add.Marker(place, shape, size, Picture.Color(color)).LegendText = trial == grid.Best
                ? $"grid, best {trial.Score:0.000}" : trial == random.Best ? $"random, best {trial.Score:0.000}" : "";
        }

        Picture.ShowPowersOfTen(plot.Axes.Bottom);
        Picture.ShowPowersOfTen(plot.Axes.Left);
        sample.Save(plot, "practice-search.png");
        sample.Claim("On the same budget random draws try as many rates as there are trials, the grid a fourth",
            Rates(random) == Trials && Rates(grid) == PointsOfGrid, $"{Rates(random)} and {Rates(grid)} of {Trials}");
        sample.Claim("The search improves on the baseline of L7.1 in the same number of epochs",
            best < baseline, $"loss {best:0.000} against {baseline:0.000}");

        double Train(double rate, double strength, Random random)
        {
            Sequential network = Perceptron.New(random, [2, 32, 32, 2]);
            Trainer trainer = sample.NewTrainer(network, new Adam(network, rate) { L2 = strength });
            return sample.Fit(trainer, train, validation, epochs: sample.Quick ? 40 : 100).Best.Validation!.Loss;
        }
    }

    private static int Rates(SearchResults results) => results.Trials.Select(trial => trial.Values["rate"]).Distinct().Count();

    private static string[] Row(string name, SearchResults results) => [name, $"{results.Trials.Count}", $"{Rates(results)}",
        $"{results.Best.Values["rate"]:g3}", $"{results.Best.Values["L2"]:g3}", $"{results.Best.Score:0.000}"];
}
