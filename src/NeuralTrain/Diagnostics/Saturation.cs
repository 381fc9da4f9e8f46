namespace NeuralTrain;

/// <summary>Where an activation is so near to an end of its range that hardly any gradient passes.</summary>
internal static class Saturation
{
    /// <summary>The part of the range, at each end, that counts as saturated: 0.01 or 0.99 of a sigmoid, whose slope there is 4 % of the greatest.</summary>
    private const double Part = 0.01;

    /// <summary>Whether a layer has ends that can be reached gradually.</summary>
    public static bool IsPossible(Layer layer) => layer is Sigmoid or Tanh or ELU or SELU;

    /// <summary>The values below the first or above the second bound are saturated.</summary>
    public static (float Low, float High) Bounds(Layer layer)
    {
        OutputRange range = OutputRange.Of(layer) ?? new OutputRange(double.NegativeInfinity, double.PositiveInfinity);
        return double.IsInfinity(range.High)
            ? ((float)(range.Low * (1 - Part)), float.PositiveInfinity)
            : ((float)(range.Low + (Part * (range.High - range.Low))), (float)(range.High - (Part * (range.High - range.Low))));
    }

    /// <summary>The ratio of values that are saturated.</summary>
    public static double Ratio(Layer layer, Matrix output)
    {
        (float low, float high) = Bounds(layer);
        int count = 0;
        foreach (float value in output.Span)
        {
            count += value < low || value > high ? 1 : 0;
        }

        return (double)count / output.Span.Length;
    }
}
