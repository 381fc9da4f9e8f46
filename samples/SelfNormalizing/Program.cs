// Lecture L6.5: Klambauer et al. 2017, "Self-Normalizing Neural Networks", figure 1 (left): training error of deep SELU networks and
// batch-normalised ones on MNIST, with 8, 16 and 32 layers and a learning rate of 10⁻⁵. Its caption: batch normalisation shows a high variance,
// SELU does not, and learns faster. Variance is taken here literally, as that of the training error from mini-batch to mini-batch around its
// trend, and also as the figure's logarithmic axis shows it, relative to the error. The optimizer, which is not named there, is Adam.

const string Description = "Self-normalising networks: SELU and batch normalisation with 8, 16 and 32 layers (lecture L6.5).";
return SampleCommand.Run(args, Description, full: "4 min", quick: "6 s", takesData: true, run: sample =>
{
    (Dataset train, _) = Digits.Load(sample, sample.Quick ? 2_000 : 20_000, test: 100);
    int[] depths = sample.Quick ? [8, 16] : [8, 16, 32];
    int starts = sample.Quick ? 2 : 3;
    SampleRun.Say($"256 units in each layer, batches of 128; figures are mean ± standard deviation of {starts} random starts.");
    Plot plot = Picture.New("Training error at a learning rate of 10⁻⁵", "step", "cross-entropy of each mini-batch");
    var rows = new List<string[]>();
    (string What, Func<DeepNetwork, double> Figure, bool NeedsFullRun)[] lower =
    [
        ("SELU networks learn faster: their last training error is lower at every depth", run => run.Last, false),
        ("SELU networks do not have batch normalisation's variance: their error varies less from batch to batch at every depth", run => run.Variation, true),
        ("And also less relative to itself, as on the figure's logarithmic axis", run => run.RelativeVariation, true),
    ];
    string[][] verdicts = [.. lower.Select(_ => new string[depths.Length])];
    foreach ((int i, int depth) in depths.Index())
    {
        DeepNetwork[] selu = Train(depth, isSELU: true), batchNorm = Train(depth, isSELU: false);
        AddLosses(batchNorm[0], $"batch norm, {depth} layers", i, LinePattern.Dotted);
        AddLosses(selu[0], $"SELU, {depth} layers", i, LinePattern.Solid);
        rows.Add([$"{depth}", "SELU", .. Cells(selu)]);
        rows.Add(["", "ReLU, batch norm", .. Cells(batchNorm)]);
        foreach ((int claim, (_, Func<DeepNetwork, double> figure, _)) in lower.Index())
        {
            (Spread ofSELU, Spread ofBatchNorm) = (Of(selu, figure), Of(batchNorm, figure));
            verdicts[claim][i] = ofBatchNorm.IsAbove(ofSELU) ? "yes" : ofSELU.IsAbove(ofBatchNorm) ? "no" : "not distinguishable";
        }

        sample.Claim($"SELU drives {depth} layers to mean 0 and standard deviation 1 by itself: " +
            "the last has a mean within 0.2 and a standard deviation of 0.7 to 1.3 in every start",
            selu.All(run => Math.Abs(run.Mean) < 0.2 && run.Deviation is > 0.7 and < 1.3),
            $"{Of(selu, run => run.Mean).Text(2)} and {Of(selu, run => run.Deviation).Text(2)}");
    }

    SampleRun.Print(["layers", "network", "mean of last layer", "its deviation", "last error", "from batch to batch", "relative to the error"], rows);
    Picture.ShowPowersOfTen(plot.Axes.Left);
    sample.Save(plot, "self-normalizing.png");
    foreach ((string[] verdict, (string what, _, bool needsFullRun)) in verdicts.Zip(lower))
    {
        sample.Claim(what, verdict.All(one => one == "yes"), string.Join(", ", depths.Zip(verdict, (depth, one) => $"{depth} layers: {one}")), needsFullRun);
    }

    void AddLosses(DeepNetwork run, string name, int color, LinePattern pattern) =>
        plot.AddLine(run.Losses.Select((_, step) => step + 1.0), run.Losses.Select(Math.Log10), name, color, pattern).LineWidth = 1;
    DeepNetwork[] Train(int depth, bool isSELU) => [.. Enumerable.Range(0, starts).Select(start => DeepNetwork.Train(sample, train, depth, isSELU, start))];
    Spread Of(DeepNetwork[] runs, Func<DeepNetwork, double> figure) => Spread.Of(runs.Select(figure));
    string[] Cells(DeepNetwork[] runs) =>
    [
        Of(runs, run => run.Mean).Text(2), Of(runs, run => run.Deviation).Text(2), Of(runs, run => run.Last).Text(3),
        Of(runs, run => run.Variation).Text(4), Of(runs, run => run.RelativeVariation).Percent,
    ];
});
