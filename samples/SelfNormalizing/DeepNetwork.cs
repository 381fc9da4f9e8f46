using ScottPlot;
using ScottPlot.Plottables;

namespace NeuralTrain.Samples;

/// <summary>A deep network of equal layers in training: either SELU behind LeCun's weights, or batch normalisation and ReLU behind He's.</summary>
internal sealed record DeepNetwork(double StartMean, double StartDeviation, double[] Losses)
{
    private const int Width = 256, BatchSize = 128, Window = 20;

    /// <summary>The loss of the last window.</summary>
    public double LastLoss => Windows[^1];

    /// <summary>How much the loss rises from window to window in the second half, relative to itself, on average; a fall counts as no rise.</summary>
    public double Rises => Enumerable.Range(Windows.Length / 2, Windows.Length - (Windows.Length / 2)).Average(i => Math.Max(0, Math.Log(Windows[i] / Windows[i - 1])));

    /// <summary>Its figures for the table.</summary>
    public string[] Cells =>
        [SampleRun.Fixed(StartMean, 3), $"{StartDeviation:0.000}", $"{Windows[(100 / Window) - 1]:0.000}", $"{LastLoss:0.000}", $"{Rises:0.0 %}"];

    private double[] Windows => [.. Losses.Chunk(Window).Where(window => window.Length == Window).Select(window => window.Average())];

    /// <summary>Trains a new one with Adam at 10⁻⁵.</summary>
    public static DeepNetwork Train(SampleRun sample, Dataset data, int depth, bool isSELU)
    {
        Random random = sample.NewRandom();
        var layers = new List<Layer>();
        for (int i = 0; i < depth; i++)
        {
            int inputs = i == 0 ? data.InputSize : Width;
            layers.AddRange(isSELU
                ? [new Linear(inputs, Width, random, weightInitializer: new LeCunNormal()), new SELU()]
                : [new Linear(inputs, Width, random, bias: false, weightInitializer: new HeNormal()), new BatchNorm(Width), new ReLU()]);
        }

        var hidden = new Sequential([.. layers]);
        var network = new Sequential(hidden, new Linear(Width, data.TargetSize, random));
        (double mean, double deviation) = Statistics(hidden, data.Inputs.SliceRows(0, Math.Min(1000, data.Inputs.Rows)));

        (var loss, var optimizer, var gradient) = (new SoftmaxCrossEntropy(), new Adam(network, learningRate: 1e-5), new Matrix(BatchSize, data.TargetSize));
        (int steps, int epoch) = (sample.Quick ? 120 : 1_000, 0);
        var losses = new List<double>();
        BatchReader batches = data.Read(new BatchPlan(BatchSize, ShuffleSeed: 1, epoch));
        foreach (int _ in sample.Steps($"{depth} layers, {(isSELU ? "SELU" : "batch norm")}", steps))
        {
            // A trailing smaller batch is left out: its loss varies more.
            while (!batches.Read() || batches.Inputs.Rows < BatchSize)
            {
                batches.Dispose();
                batches = data.Read(new BatchPlan(BatchSize, ShuffleSeed: 1, ++epoch));
            }

            losses.Add(loss.Evaluate(network.Forward(batches.Inputs), batches.Targets, gradient));
            network.Backward(gradient);
            optimizer.Step();
        }

        batches.Dispose();
        return new DeepNetwork(mean, deviation, [.. losses]);
    }

    /// <summary>Adds its training loss to a chart.</summary>
    public void Draw(Plot plot, string name, Color color, LinePattern pattern)
    {
        Scatter line = plot.Add.ScatterLine([.. Windows.Select((_, i) => (double)i * Window)], Windows.Select(Math.Log10).ToArray(), color);
        (line.LegendText, line.LinePattern, line.LineWidth) = (name, pattern, 2);
    }

    // Of the last hidden layer, before any training, as in a training step: batch normalisation uses its batch.
    private static (double Mean, double Deviation) Statistics(Sequential hidden, Matrix batch)
    {
        double[] values = [.. hidden.Clone().Forward(batch).Span.ToArray().Select(value => (double)value)];
        double mean = values.Average();
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }
}
