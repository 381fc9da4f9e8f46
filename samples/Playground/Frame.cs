using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace NeuralTrain.Samples;

/// <summary>How one layer is doing: what its units give, and the gradient of its weights, over a sample of the training data.</summary>
internal sealed record LayerFrame(
    string Name, int Units, double Mean, double Deviation, double Low, double High, long[] Values, int Dead, double? Saturated,
    double WeightNorm, double? GradientNorm, int[] Gradients);

/// <summary>A picture of an experiment for the page: numbers as JSON, then the maps as bytes and the weights as floats.</summary>
internal sealed record Frame(
    long Steps, int Epoch, double Rate, double Seconds, double? TrainLoss, double? TestLoss, double? TrainAccuracy, double? TestAccuracy,
    double Penalty, string? Stopped, LayerFrame[] Layers)
{
    /// <summary>Cells along a side of the output's map, and of a unit's.</summary>
    public const int Side = 60, UnitSide = 30;

    /// <summary>Bars of the histogram of gradients: the decimal exponent of their size, from −10 to 2.</summary>
    public const int LowestExponent = -10, HighestExponent = 2;

    private const int SampleRows = 256, Buckets = 24;

    public static Frame Of(Experiment experiment)
    {
        (double? trainLoss, double? trainAccuracy) = Score(experiment, experiment.Train);
        (double? testLoss, double? testAccuracy) = Score(experiment, experiment.Test);
        return new Frame(
            experiment.Steps, experiment.Epoch, experiment.Rate, experiment.Time.TotalSeconds, trainLoss, testLoss, trainAccuracy, testAccuracy,
            experiment.Penalty, experiment.Stopped, LayersOf(experiment));
    }

    /// <summary>The length of the JSON in four bytes, the JSON, the map of each unit and at last the output's, and the weights, layer by layer.</summary>
    public byte[] Pack(Experiment experiment, JsonSerializerOptions options)
    {
        using var stream = new MemoryStream();
        byte[] numbers = JsonSerializer.SerializeToUtf8Bytes(this, options);
        stream.Write(BitConverter.GetBytes(numbers.Length));
        stream.Write(numbers);
        WriteMaps(experiment, stream);
        foreach (Block block in experiment.Blocks)
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

            double middle = Middle(experiment);
            int right = Enumerable.Range(0, outputs.Rows).Count(row => outputs[row, 0] > middle == data.Targets[row, 0] > 0.5f);
            return (loss, (double)right / outputs.Rows);
        }
        catch (Exception problem) when (problem is NotFiniteNumberException or ArgumentException)
        {
            return (null, null);
        }
    }

    // Where one class ends and the other begins: 0 for scores, ½ for a network that is trained to give 0 and 1.
    private static double Middle(Experiment experiment) => experiment.Loss.OutputKind == OutputKind.BinaryScores ? 0 : 0.5;

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
                values.Layer, block.Units, Finite(values.Mean), Finite(values.StandardDeviation), Finite(values.Histogram?.Lower ?? 0), Finite(values.Histogram?.Upper ?? 0),
                [.. values.Histogram?.Counts ?? []], values.DeadUnits, values.Saturated, Finite(TensorPrimitives.Norm<float>(weight.Value.Span)), hasGradients ? Finite(TensorPrimitives.Norm<float>(weight.Gradient.Span)) : null,
                hasGradients ? Exponents(weight.Gradient) : []);
        })];
    }

    private static bool HasGradients(Experiment experiment, Sequential clone, Matrix inputs, Matrix targets)
    {
        try
        {
            foreach (NamedParameter one in clone.NamedParameters())
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

    // Values as a signed byte plus 128; a unit's relative to its greatest, the output's from one class to the other.
    private static void WriteMaps(Experiment experiment, MemoryStream stream)
    {
        Matrix current = Grid(experiment.Setup.InputScale);
        int block = 0;
        for (int i = 0; i < experiment.Network.Children.Count; i++)
        {
            Layer layer = experiment.Network.Children[i];
            var next = new Matrix(current.Rows, layer.OutputSize(current.Columns));
            layer.Infer(current, next);
            current = next;
            if (i == experiment.Blocks[block].Values)
            {
                if (block < experiment.Blocks.Count - 1)
                {
                    WriteUnits(current, stream);
                }

                block++;
            }
        }

        (double middle, double scale) = experiment.Setup.IsRegression ? (0, 1) : (Middle(experiment), 0.5);
        bool isScore = experiment.Loss.OutputKind == OutputKind.BinaryScores;
        foreach (float value in current.Span)
        {
            stream.WriteByte(Shade((float)(isScore ? Math.Tanh(value / 2) : (value - middle) / scale)));
        }
    }

    private static void WriteUnits(Matrix values, MemoryStream stream)
    {
        const int Stride = Side / UnitSide, Cells = UnitSide * UnitSide;
        var scales = new float[values.Columns];
        for (int cell = 0; cell < values.Rows; cell += Stride)
        {
            TensorPrimitives.MaxMagnitude(scales, values.Row(cell), scales);
        }

        TensorPrimitives.Abs(scales, scales);
        var maps = new byte[values.Columns * Cells];
        for (int cell = 0; cell < Cells; cell++)
        {
            ReadOnlySpan<float> row = values.Row((cell / UnitSide * Stride * Side) + (cell % UnitSide * Stride));
            for (int unit = 0; unit < row.Length; unit++)
            {
                maps[(unit * Cells) + cell] = Shade(row[unit] / Math.Max(scales[unit], 1e-12f));
            }
        }

        stream.Write(maps);
    }

    private static byte Shade(float value) => (byte)(128.5f + (127 * (float.IsNaN(value) ? 0 : Math.Clamp(value, -1, 1))));

    // The middles of the cells, from the upper left.
    private static Matrix Grid(double scale)
    {
        var grid = new Matrix(Side * Side, 2);
        for (int cell = 0; cell < Side * Side; cell++)
        {
            grid[cell, 0] = (float)(scale * Setup.Reach * ((2 * ((cell % Side) + 0.5) / Side) - 1));
            grid[cell, 1] = (float)(scale * Setup.Reach * (1 - (2 * ((cell / Side) + 0.5) / Side)));
        }

        return grid;
    }
}
