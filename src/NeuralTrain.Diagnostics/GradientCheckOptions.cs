namespace NeuralTrain;

/// <summary>How a <see cref="GradientCheck"/> chooses its points, and how strict it is.</summary>
public sealed class GradientCheckOptions
{
    private const string UsualTolerance = "Typical values lie between 0.0005 and 0.01.";

    /// <summary>Seeds the random inputs, upstream gradients and samples: the same seed gives the same table. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    internal Random NewRandom() => new(unchecked((int)Seed));

    /// <summary>Rows of the random batch, where none is given. Default 3: more than one, so that a sum over the batch shows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int BatchSize { get; init => field = Guard.AtLeast(value, 1, nameof(BatchSize), "a batch has at least one row, and only 2 or more show a sum over the batch"); } = 3;

    /// <summary>The maximum number of values checked in each array; of longer arrays, a random sample is checked. Default 100.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int ValuesPerArray { get; init => field = Guard.AtLeast(value, 1, nameof(ValuesPerArray), "a check of no values shows nothing"); } = 100;

    /// <summary>The relative error that still passes. Default 0.002: float32 differences are good to about 0.0001, and errors of 1 % are to be found.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a value outside (0, 1).</exception>
    public double Tolerance
    {
        get;
        init => field = Guard.InHalfOpen(Guard.Positive(value, nameof(Tolerance), UsualTolerance), 0, 1, nameof(Tolerance), UsualTolerance);
    } = 0.002;
}
