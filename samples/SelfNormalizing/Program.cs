// Lecture L6.5: Klambauer et al. 2017, "Self-Normalizing Neural Networks", figure 1 (left): training error of deep SELU networks beside
// batch-normalised ones on MNIST, with 8, 16 and 32 layers and a learning rate of 10⁻⁵.
using ScottPlot;

return SampleCommand.Run(args, "Self-normalising networks: SELU beside batch normalisation with 8, 16 and 32 layers (lecture L6.5).", "2 min", sample =>
{
    (Dataset train, _) = Digits.Load(sample, sample.Quick ? 2_000 : 20_000, test: 100);
    int[] depths = sample.Quick ? [8, 16] : [8, 16, 32];
    Plot plot = Picture.New("Training loss at a learning rate of 10⁻⁵", "step", "loss (mean of 20 batches)");
    var rows = new List<string[]>();
    (int lower, int calmer) = (0, 0);
    foreach ((int i, int depth) in depths.Index())
    {
        var selu = DeepNetwork.Train(sample, train, depth, isSELU: true);
        var batchNorm = DeepNetwork.Train(sample, train, depth, isSELU: false);
        selu.Draw(plot, $"SELU, {depth} layers", Picture.Color(i), LinePattern.Solid);
        batchNorm.Draw(plot, $"batch norm, {depth} layers", Picture.Color(i), LinePattern.Dotted);
        rows.Add([$"{depth}", "SELU", .. selu.Cells]);
        rows.Add(["", "ReLU, batch norm", .. batchNorm.Cells]);
        lower += selu.LastLoss < batchNorm.LastLoss ? 1 : 0;
        calmer += selu.Rises < batchNorm.Rises ? 1 : 0;
        sample.Claim($"SELU drives {depth} layers to mean 0 and deviation 1 by itself: the last hidden one has a mean within 0.2 and a deviation of 0.7 to 1.3",
            Math.Abs(selu.StartMean) < 0.2 && selu.StartDeviation is > 0.7 and < 1.3, $"{SampleRun.Fixed(selu.StartMean, 2)} and {selu.StartDeviation:0.00}");
    }

    SampleRun.Print(["layers", "network", "mean of last layer", "deviation", "loss after 100 steps", "last loss", "mean rise between windows"], rows);
    Picture.ShowPowersOfTen(plot.Axes.Left);
    Picture.ShowLegend(plot);
    sample.Save(plot, "self-normalizing.png");
    sample.Claim("SELU networks learn faster: their last training loss is lower at every depth", lower == depths.Length, $"at {lower} of {depths.Length}");
    sample.Claim("SELU networks do not have batch normalisation's variance: their loss rises less from window to window at every depth",
        calmer == depths.Length, $"at {calmer} of {depths.Length}", needsFullRun: true);
}, takesData: true);
