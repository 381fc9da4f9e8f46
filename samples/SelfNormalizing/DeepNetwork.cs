namespace NeuralTrain.Samples;

/// <summary>A deep network of equal layers in training: either SELU after LeCun's weights, or batch normalisation and ReLU after He's.</summary>
/// <param name="Mean">Of the values of the last hidden layer before training.</param>
/// <param name="Deviation">Of these values.</param>
/// <param name="Losses">The training error, that is the cross-entropy, of each mini-batch before its step.</param>
internal sealed record DeepNetwork(double Mean, double Deviation, double[] Losses)
{
    /// <summary>Steps whose mean is the trend around which the error varies.</summary>
    public const int Window = 20;

    private const int Width = 256, BatchSize = 128;

    /// <summary>The mean error of the last window.</summary>
    public double Last => Losses[^Window..].Average();

    /// <summary>How far the error of a mini-batch lies from the mean of its window: the standard deviation over the second half of the steps.</summary>
    public double Variation => DeviationFromTrend(Losses);

    /// <summary>The same of the error's logarithm, as a logarithmic axis shows it: relative to the error itself.</summary>
    public double RelativeVariation => DeviationFromTrend([.. Losses.Select(loss => Math.Log(loss))]);

    /// <summary>Trains a new one with Adam at 10⁻⁵.</summary>
    public static DeepNetwork Train(SampleRun sample, Dataset data, int depth, bool isSELU, int start)
    {
        var random = new Random(sample.Seed + start);
        IEnumerable<Layer> layers = Enumerable.Range(0, depth).Select(i => i == 0 ? data.InputSize : Width).SelectMany(inputs => isSELU
            ? new Layer[] { new Linear(inputs, Width, random, weightInitializer: new LeCunNormal()), new SELU() }
            : [new Linear(inputs, Width, random, bias: false, weightInitializer: new HeNormal()), new BatchNorm(Width), new ReLU()]);
        var hidden = new Sequential([.. layers]);
        var network = new Sequential(hidden, new Linear(Width, data.TargetSize, random));

        // As in a training step: batch normalisation uses the batch's own statistics.
        double[] values = hidden.Clone().Forward(data.Inputs.SliceRows(0, 1000)).Doubles();
        double mean = values.Average(), deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        string name = $"{depth} layers, {(isSELU ? "SELU" : "batch norm")}, start {start + 1}";
        double[] losses = TrainingLoop.Losses(
            sample, name, network, new Adam(network, learningRate: 1e-5), data, BatchSize, steps: sample.Quick ? 80 : 1_000);
        return new DeepNetwork(mean, deviation, losses);
    }

    private static double DeviationFromTrend(double[] values) => Math.Sqrt(values.Skip(values.Length / 2).Chunk(Window)
        .Where(window => window.Length == Window).Average(window => window.Sum(value => Math.Pow(value - window.Average(), 2)) / (Window - 1)));
}
