namespace NeuralTrain;

/// <summary>Checks of hyper-parameters, so that every refusal reads the same: name, what is allowed, what came, why.</summary>
internal static class Guard
{
    /// <summary>Refuses numbers below a least one.</summary>
    public static void AtLeast(int value, int least, string name, string why)
    {
        if (value < least)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {least} or more, received {value}: {why}.");
        }
    }

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
}
