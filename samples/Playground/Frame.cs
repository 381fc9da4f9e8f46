using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace NeuralTrain.Samples;

/// <summary>How one layer is doing: what its units give, and the gradient of its weights, over a sample of the training data.</summary>
internal sealed record LayerFrame(
    string Name, string Path, int Units, double Mean, double Deviation, double Low, double High, long[] Values, int Dead, double? Saturated,
    double WeightNorm, double? GradientNorm, int[] Gradients);

/// <summary>A picture of an experiment for the page: numbers as JSON, then the maps as bytes and the weights as floats.</summary>
/// <remarks>The layers are null where they were not asked for: their histograms cost more than the rest, and need not be new in every frame.</remarks>
internal sealed record Frame(
    long Steps, int Epoch, double Rate, double Seconds, double? TrainLoss, double? TestLoss, double? TrainAccuracy, double? TestAccuracy,
    double Penalty, string? Stopped, LayerFrame[]? Layers)
{
    /// <summary>Bars of the histogram of gradients: the decimal exponent of their size, from −10 to 2.</summary>
    public const int LowestExponent = -10, HighestExponent = 2;

    private const int SampleRows = 256, Buckets = 24;

    public static Frame Of(Experiment experiment, bool withLayers)
    {
        (double? trainLoss, double? trainAccuracy) = Score(experiment, experiment.Train);
        (double? testLoss, double? testAccuracy) = Score(experiment, experiment.Test);
        return new Frame(
            experiment.Steps, experiment.Epoch, experiment.Rate, experiment.Time.TotalSeconds, trainLoss, testLoss, trainAccuracy, testAccuracy,
            experiment.Penalty, experiment.Stopped, withLayers ? LayersOf(experiment) : null);
    }

    /// <summary>The length of the JSON in four bytes, the JSON, the map of each unit and at last the output's, and with the layers their weights.</summary>
    public byte[] Pack(Experiment experiment, JsonSerializerOptions options)
    {
        using var stream = new MemoryStream();
        byte[] numbers = JsonSerializer.SerializeToUtf8Bytes(this, options);
        stream.Write(BitConverter.GetBytes(numbers.Length));
        stream.Write(numbers);
        experiment.Maps.Write(experiment, stream);
        foreach (Block block in Layers is null ? [] : experiment.Blocks)
        {
            // Of maxout, the first piece.
            Matrix weights = ((WeightedLayer)experiment.Network.Children[block.Weights]).Weight.Value;
            stream.Write(MemoryMarshal.AsBytes(weights.SliceRows(0, block.Units).Span));
        }

        return stream.ToArray();
    }

    private static (double? Loss, double? Accuracy) Score(Experiment experiment, Dataset data)
    {
        try
        {
            Matrix outputs = experiment.Network.Predict(data.Inputs);
            double loss = experiment.Loss.Evaluate(outputs, data.Targets);
            if (experiment.Setup.IsRegression)
            {
                return (loss, null);
            }

            int right = 0;
            for (int row = 0; row < outputs.Rows; row++)
            {
                right += outputs[row, 0] > experiment.Middle == data.Targets[row, 0] > 0.5f ? 1 : 0;
            }

            return (loss, (double)right / outputs.Rows);
        }
        catch (Exception problem) when (problem is NotFiniteNumberException or ArgumentException)
        {
            return (null, null);
        }
    }

    private static LayerFrame[] LayersOf(Experiment experiment)
    {
        // A clone, since a pass of training moves running averages and random streams.
        Sequential clone = experiment.Network.Clone();
        Matrix inputs = experiment.Train.Inputs, targets = experiment.Train.Targets;
        int rows = Math.Min(SampleRows, inputs.Rows);
        bool hasGradients = HasGradients(experiment, clone, inputs.SliceRows(0, rows), targets.SliceRows(0, rows));
        var statistics = ActivationStatistics.Measure(experiment.Network, inputs.SliceRows(0, rows), Buckets);
        return [.. experiment.Blocks.Select(block =>
        {
            LayerActivations values = statistics.Layers.Single(layer => layer.Path == $"{block.Values}");
            Parameter weight = ((WeightedLayer)clone.Children[block.Weights]).Weight;
            return new LayerFrame(
                values.Layer, values.Path, block.Units, Finite(values.Mean), Finite(values.StandardDeviation), Finite(values.Histogram?.Lower ?? 0), Finite(values.Histogram?.Upper ?? 0),
                [.. values.Histogram?.Counts ?? []], values.DeadUnits, values.Saturated, Finite(TensorPrimitives.Norm<float>(weight.Value.Span)), hasGradients ? Finite(TensorPrimitives.Norm<float>(weight.Gradient.Span)) : null,
                hasGradients ? Exponents(weight.Gradient) : []);
        })];
    }

    private static bool HasGradients(Experiment experiment, Sequential clone, Matrix inputs, Matrix targets)
    {
        try
        {
            foreach ((string Path, Parameter Parameter) one in clone.NamedParameters())
            {
                one.Parameter.Gradient.Span.Clear();
            }

            var gradient = new Matrix(inputs.Rows, 1);
            experiment.Loss.Evaluate(clone.Forward(inputs), targets, gradient);
            clone.Backward(gradient);
            return true;
        }
        catch (Exception problem) when (problem is NotFiniteNumberException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static int[] Exponents(Matrix gradient)
    {
        var counts = new int[HighestExponent - LowestExponent + 1];
        foreach (float value in gradient.Span)
        {
            double exponent = value == 0 || !float.IsFinite(value) ? LowestExponent : Math.Round(Math.Log10(Math.Abs(value)));
            counts[(int)Math.Clamp(exponent, LowestExponent, HighestExponent) - LowestExponent]++;
        }

        return counts;
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : double.MaxValue;
}
