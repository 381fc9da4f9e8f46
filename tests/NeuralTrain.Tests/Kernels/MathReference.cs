namespace NeuralTrain.Tests.Kernels;

/// <summary>Functions in double that System.Math lacks, written from their definitions and series.</summary>
internal static class MathReference
{
    internal static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    internal static double Softplus(double x) => Math.Max(x, 0) + Log1P(Math.Exp(-Math.Abs(x)));

    /// <summary>eˣ − 1: the series near 0, where the difference would cancel.</summary>
    internal static double ExpM1(double x)
    {
        if (!(Math.Abs(x) < 0.5))
        {
            return Math.Exp(x) - 1;
        }

        double term = x;
        double sum = x;
        for (int k = 2; k < 30; k++)
        {
            term *= x / k;
            sum += term;
        }

        return sum;
    }

    /// <summary>ln(1 + x) = 2·artanh(x/(2 + x)): the series near 0.</summary>
    internal static double Log1P(double x)
    {
        if (!(Math.Abs(x) < 0.5))
        {
            return Math.Log(1 + x);
        }

        double z = x / (2 + x);
        double square = z * z;
        double power = z;
        double sum = 0;
        for (int k = 1; k < 60; k += 2)
        {
            sum += power / k;
            power *= square;
        }

        return 2 * sum;
    }

    /// <summary>erf by its Taylor series where it converges without loss, by the continued fraction of erfc beyond.</summary>
    internal static double Erf(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        double a = Math.Abs(x);
        if (a < 2)
        {
            // erf(x) = 2/√π·e^−x²·Σ 2ᵏx²ᵏ⁺¹/(1·3·…·(2k+1)): all terms of one sign.
            double term = x;
            double sum = x;
            for (int k = 1; k < 80; k++)
            {
                term *= 2 * x * x / ((2 * k) + 1);
                sum += term;
            }

            return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
        }

        return a > 6 ? Math.Sign(x) : Math.Sign(x) * (1 - Erfc(a));
    }

    /// <summary>erfc for x ≥ 2: e^−x²/√π·1/(x + ½/(x + 1/(x + 3/2/(x + …)))).</summary>
    internal static double Erfc(double x)
    {
        double fraction = x;
        for (int k = 200; k > 0; k--)
        {
            fraction = x + (k / 2.0 / fraction);
        }

        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
    }
}
