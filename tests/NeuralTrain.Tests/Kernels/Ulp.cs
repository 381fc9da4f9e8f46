namespace NeuralTrain.Tests.Kernels;

/// <summary>Distance of a float from an exact value, in units in the last place.</summary>
internal static class Ulp
{
    /// <summary>
    /// |actual − exact| in units of the spacing of floats at the exact value (of subnormals below the normal range);
    /// 0 where both are NaN or the same infinity. An exact value that rounds to infinity asks for infinity, or counts
    /// the distance as if the range went on.
    /// </summary>
    internal static double Error(float actual, double exact)
    {
        if (double.IsNaN(exact))
        {
            return float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        }

        if (float.IsNaN(actual))
        {
            return double.PositiveInfinity;
        }

        if ((float)exact == actual)
        {
            return Math.Abs(exact) > float.MaxValue ? 0 : Math.Abs(actual - exact) / Spacing(exact);
        }

        double continued = float.IsInfinity(actual) ? Math.CopySign(Math.ScaleB(1, 128), actual) : actual;
        return double.IsInfinity(exact) ? double.PositiveInfinity : Math.Abs(continued - exact) / Spacing(exact);
    }

    private static double Spacing(double value)
    {
        int exponent = value == 0 ? -126 : Math.Max(Math.ILogB(value), -126);
        return Math.ScaleB(1, exponent - 23);
    }
}
