using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain.Samples;

/// <summary>The loss of both starts over the iterations, and what a network with biases answers between the four cases.</summary>
internal static class Pictures
{
    /// <summary>How many iterations lie between two points of a curve.</summary>
    public const int Interval = 50;

    public static void Save(SampleRun sample, double[] losses, double[] lossesFromZeros)
    {
        Plot plot = Picture.New("XOR: the same network from two starts", "iteration", "loss ½Σ(y − q)²");
        string start = sample.GivenSeed is int seed ? $"random, seed {seed}" : "published weights";
        foreach ((string name, double[] curve) in new[] { (start, losses), ("all zeros", lossesFromZeros) })
        {
            Scatter line = plot.Add.ScatterLine(
                curve.Select((_, i) => (double)i * Interval).ToArray(), curve.Select(Math.Log10).ToArray());
            (line.LegendText, line.LineWidth) = (name, 2);
        }

        Picture.ShowPowersOfTen(plot.Axes.Left);
        Picture.ShowLegend(plot);
        sample.Save(plot, "xor-loss.png");
        sample.Save("xor-surface.png", path => BiasedXor.Train(sample.Seed).SaveDecisionBoundary(
            BiasedXor.Data, OutputKind.Values, path, "XOR as 2-4-1 with biases learnt it: white is 0.5", width: 640));
    }
}
