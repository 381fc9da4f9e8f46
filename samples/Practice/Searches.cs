namespace NeuralTrain.Samples;

/// <summary>Hyper-parameters come last (L7.5): a grid and random draws on the same budget, rates and strengths on a logarithmic scale.</summary>
internal static class Searches
{
    private const int PointsOfGrid = 4, Trials = PointsOfGrid * PointsOfGrid;

    public static void Run(SampleRun sample)
    {
        Dataset train = PlaneData.Spiral(300, sample.NewRandom(), noise: 0.05, turns: 1.25);
        Dataset validation = PlaneData.Spiral(1_000, sample.NewRandom(1), noise: 0.05, turns: 1.25);
        IProgress<TrialResult> count = SampleRun.Counter<TrialResult>("trials", 2 * Trials);
        Study grid = Search(new GridSampler(PointsOfGrid, sample.Seed)), random = Search(new RandomSampler(sample.Seed));
        double baseline = Train(3e-4, strength: 0, sample.NewRandom()), best = Math.Min(grid.Best.Score!.Value, random.Best.Score!.Value);
        SampleRun.Say($"L7.5, 2-32-32-2 on {train} (spirals), the loss on {validation.Count} others; rate 10⁻⁴ to 1, λ 10⁻⁶ to 10⁻¹:");
        SampleRun.Print(["search", "trials", "rates tried", "best rate", "best λ", "best loss"],
            [Row("grid", grid), Row("random", random), ["baseline", "1", "1", "0.0003", "0", $"{baseline:0.000}"]]);

        Plot plot = Picture.New("Grid and random search on the same budget (size: how low the loss)", "learning rate", "strength of L2, λ");
        foreach ((int i, TrialResult trial) in grid.Trials.Concat(random.Trials).Index())
        {
            var place = new Coordinates(Math.Log10(trial.Coordinates["rate"]), Math.Log10(trial.Coordinates["L2"]));
            (MarkerShape shape, int color) = i < grid.Trials.Count ? (MarkerShape.FilledSquare, 0) : (MarkerShape.FilledCircle, 1);
            float size = (float)(6 + (18 * Math.Max(0, 1 - (trial.Score!.Value / Math.Log(2)))));
            plot.Add.Marker(place, shape, size, Picture.Color(color)).LegendText = i == grid.Best.Number
                ? $"grid, best {trial.Score:0.000}" : i == grid.Trials.Count + random.Best.Number ? $"random, best {trial.Score:0.000}" : "";
        }

        Picture.ShowPowersOfTen(plot.Axes.Bottom);
        Picture.ShowPowersOfTen(plot.Axes.Left);
        sample.Save(plot, "practice-search.png");
        sample.Claim("On the same budget random draws try as many rates as there are trials, the grid a fourth",
            Rates(random) == Trials && Rates(grid) == PointsOfGrid, $"{Rates(random)} and {Rates(grid)} of {Trials}");
        sample.Claim("The search improves on the baseline of L7.1 in the same number of epochs",
            best < baseline, $"loss {best:0.000} against {baseline:0.000}");

        Study Search(Sampler sampler)
        {
            Study study = new(Direction.Minimize, sampler, options: new StudyOptions { Window = Trials, Progress = new Ended(count) });
            study.Run(Trials, Math.Min(Compute.MaxThreads, Trials), trial => Train(trial.Suggest("rate", 1e-4, 1, log: true), trial.Suggest("L2", 1e-6, 1e-1, log: true), trial.Random), sample.Stop);
            return study;
        }

        double Train(double rate, double strength, Random random)
        {
            Sequential network = Perceptron.New(random, [2, 32, 32, 2]);
            Trainer trainer = sample.NewTrainer(network, new Adam(network, rate) { L2 = strength });
            return sample.Fit(trainer, train, validation, epochs: sample.Quick ? 40 : 100).Best!.Validation!.Loss;
        }
    }

    private static int Rates(Study results) => results.Trials.Select(trial => trial.Coordinates["rate"]).Distinct().Count();

    private static string[] Row(string name, Study results) => [name, $"{results.Trials.Count}", $"{Rates(results)}",
        $"{results.Best.Coordinates["rate"]:g3}", $"{results.Best.Coordinates["L2"]:g3}", $"{results.Best.Score:0.000}"];

    private sealed class Ended(IProgress<TrialResult> count) : IProgress<TrialResult>
    {
        public void Report(TrialResult value)
        {
            if (value.Status != TrialStatus.Running) count.Report(value);
        }
    }
}
