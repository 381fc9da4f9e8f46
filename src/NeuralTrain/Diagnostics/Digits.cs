using System.Globalization;

namespace NeuralTrain;

/// <summary>Measured numbers as messages and tables show them: three digits that say something.</summary>
internal static class Digits
{
    /// <summary>As <c>315</c>, <c>20300</c>, <c>0.0123</c>; with an exponent only where there would be many zeros.</summary>
    public static string Three(double value)
    {
        double size = Math.Abs(value);
        if (size is 0 or (>= 1e-4 and < 1e7))
        {
            int places = size == 0 ? 0 : 2 - (int)Math.Floor(Math.Log10(size));
            double scale = Math.Pow(10, Math.Max(-places, 0));
            double rounded = places >= 0 ? Math.Round(value, Math.Min(places, 15)) : Math.Round(value / scale) * scale;
            return rounded.ToString("0.######", CultureInfo.InvariantCulture);
        }

        return value.ToString("g3", CultureInfo.InvariantCulture);
    }
}
