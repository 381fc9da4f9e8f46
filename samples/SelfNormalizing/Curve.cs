namespace NeuralTrain.Samples;

/// <summary>One training: the values of its last hidden layer before the first step, the error after each epoch, and of each mini-batch.</summary>
internal sealed record Curve(int Depth, bool IsSELU, Spread Last, double[] Errors, double[] OfBatches)
{
    /// <summary>How much the curve jitters on its logarithmic axis: the root mean square of the second difference of ln(error) over the second half.</summary>
    public double Jitter
    {
        get
        {
            double[] logarithms = [.. Errors.Skip(Errors.Length / 2).Select(error => Math.Log(error))];
            return Math.Sqrt(Enumerable.Range(0, logarithms.Length - 2).Average(i => Math.Pow(logarithms[i + 2] - (2 * logarithms[i + 1]) + logarithms[i], 2)));
        }
    }

    private string Name => IsSELU ? "SELU" : "ReLU, batch norm";

    public static void Print(List<Curve> curves)
    {
        SampleRun.Print(["layers", "network", "last layer at the start", "last error", "jitter of ln(error)"], curves.Select(curve => (string[])
            [$"{curve.Depth}", curve.Name, curve.Last.Text(2), $"{curve.Errors[^1]:0.0000}", $"{curve.Jitter:0.0e+0}"]));

        // A remark only: single mini-batches vary with what is in them, in both kinds of network.
        SampleRun.Say("Standard deviation of the error of single mini-batches in the last epochs, for comparison: " + string.Join("; ", curves.Select(curve =>
            $"{curve.Depth} layers, {curve.Name}: {Spread.Of(curve.OfBatches.TakeLast(curve.OfBatches.Length / 10)).Deviation:0.000}")));
    }

    public static void Save(SampleRun sample, List<Curve> curves, string picture)
    {
        Plot plot = Picture.New("Training error at a learning rate of 10⁻⁵", "epoch", "cross-entropy over all training data");
        foreach ((int i, Curve curve) in curves.Index())
        {
            plot.AddLine(curve.Errors.Select((_, epoch) => epoch + 1.0), curve.Errors.Select(Math.Log10), $"{curve.Name}, {curve.Depth} layers", i / 2,
                curve.IsSELU ? LinePattern.Solid : LinePattern.Dotted).LineWidth = 1.5f;
        }

        Picture.ShowPowersOfTen(plot.Axes.Left);
        sample.Save(plot, picture);
    }
}
