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

    public string Name => IsSELU ? "SELU" : "ReLU, batch norm";
}

/// <summary>The picture of this sample.</summary>
internal static class Figures
{
    public static void Save(string path, List<Curve> curves)
    {
        Plot plot = Picture.New("Training error at a learning rate of 10⁻⁵", "epoch", "cross-entropy over all training data");
        foreach ((int i, Curve curve) in curves.Index())
        {
            plot.AddLine(curve.Errors.Select((_, epoch) => epoch + 1.0), curve.Errors.Select(Math.Log10), $"{curve.Name}, {curve.Depth} layers", i / 2,
                curve.IsSELU ? LinePattern.Solid : LinePattern.Dotted).LineWidth = 1.5f;
        }

        Picture.ShowPowersOfTen(plot.Axes.Left);
        Picture.ShowLegend(plot);
        Picture.Save(plot, path);
    }
}
