namespace NeuralTrain;

/// <summary>How many values the layers of a description may ask memory for: no more than a file brings, so that a few bytes cannot ask for gigabytes.</summary>
internal sealed class ValueBudget(double left)
{
    private double _left = left;

    /// <summary>For descriptions of a network that is in memory already.</summary>
    public static ValueBudget Unlimited => new(double.PositiveInfinity);

    /// <summary>Takes from the budget.</summary>
    /// <exception cref="InvalidDataException">Not so many are left.</exception>
    public void Claim(double values, LayerSettings settings)
    {
        if (values > _left)
        {
            throw new InvalidDataException(
                $"The description asks for a {settings.Kind} of {values:0} values where the file has at most {_left:0} left. The file is damaged.");
        }

        _left -= values;
    }
}
