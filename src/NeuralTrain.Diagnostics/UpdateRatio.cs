namespace NeuralTrain;

/// <summary>How large a change is relative to what it changes: ‖w′ − w‖ / ‖w‖.</summary>
internal static class UpdateRatio
{
    /// <summary>The ratio; NaN if all values were 0 before.</summary>
    public static double Of(ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        double change = 0, size = 0;
        for (int i = 0; i < before.Length; i++)
        {
            double step = (double)after[i] - before[i];
            change += step * step;
            size += (double)before[i] * before[i];
        }

        return size > 0 ? Math.Sqrt(change / size) : double.NaN;
    }
}
