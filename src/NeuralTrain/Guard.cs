namespace NeuralTrain;

/// <summary>Checks of hyper-parameters, so that every refusal reads the same: name, what is allowed, what came, why.</summary>
internal static class Guard
{
    /// <summary>Refuses numbers below a least one.</summary>
    public static int AtLeast(int value, int least, string name, string why) => value >= least
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be {least} or more, received {value}: {why}.");

    /// <summary>Refuses what is not a finite number greater than 0.</summary>
    public static double Positive(double value, string name, string remedy)
    {
        if (!double.IsFinite(value) || value <= 0)
        {
            throw new ArgumentOutOfRangeException(
                name, value, $"{name} must be a finite number greater than 0, received {value}. {remedy}");
        }

        return value;
    }

    /// <summary>Refuses what is not a finite number of 0 or more.</summary>
    public static double NotNegative(double value, string name, string remedy)
    {
        if (!double.IsFinite(value) || value < 0)
        {
            throw new ArgumentOutOfRangeException(
                name, value, $"{name} must be a finite number of 0 or more, received {value}. {remedy}");
        }

        return value;
    }

    /// <summary>Refuses what is not a finite number.</summary>
    public static double Finite(double value, string name, string remedy)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number, received {value}. {remedy}");
        }

        return value;
    }

    /// <summary>Refuses what is not a finite number greater than 0 as float32, in which it enters the computation: neither infinite there nor 0.</summary>
    public static double PositiveFloat(double value, string name, string remedy)
    {
        Positive(value, name, remedy);
        if ((float)value == 0)
        {
            throw new ArgumentOutOfRangeException(
                name, value, $"{name} must be greater than 0 as float32, in which it enters the computation, received {value}, which is 0 there. {remedy}");
        }

        return AtMostFloat(value, float.MaxValue, name, remedy);
    }

    /// <summary>Refuses what is not a finite number of 0 or more as float32, in which it, or so many times it, enters the computation.</summary>
    public static double NotNegativeFloat(double value, string name, string remedy, int times = 1) =>
        AtMostFloat(NotNegative(value, name, remedy), (double)float.MaxValue / times, name, remedy);

    /// <summary>Refuses what does not lie in [0, 1), or is 1 as float32, in which it enters the computation.</summary>
    public static double FractionFloat(double value, string name, string remedy)
    {
        InHalfOpen(value, 0, 1, name, remedy);
        return (float)value < 1
            ? value
            : throw new ArgumentOutOfRangeException(
                name, value, $"{name} must lie in [0, 1) as float32, in which it enters the computation, received {value}, which is 1 there. {remedy}");
    }

    /// <summary>Refuses what does not lie in [low, high).</summary>
    public static double InHalfOpen(double value, double low, double high, string name, string remedy)
    {
        if (!(value >= low && value < high))
        {
            throw new ArgumentOutOfRangeException(
                name, value, $"{name} must lie in [{low}, {high}), received {value}. {remedy}");
        }

        return value;
    }

    /// <summary>Refuses what does not lie in (low, high).</summary>
    public static double InOpen(double value, double low, double high, string name, string remedy) => value > low && value < high
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must lie in ({low}, {high}), received {value}. {remedy}");

    /// <summary>Refuses what does not lie in (low, high].</summary>
    public static double InOpenClosed(double value, double low, double high, string name, string remedy) => value > low && value <= high
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must lie in ({low}, {high}], received {value}. {remedy}");

    private static double AtMostFloat(double value, double most, string name, string remedy) => value <= most
        ? value
        : throw new ArgumentOutOfRangeException(
            name, value, $"{name} must be {most} or less, received {value}: beyond, it is infinite in float32, in which it enters the computation. {remedy}");
}
