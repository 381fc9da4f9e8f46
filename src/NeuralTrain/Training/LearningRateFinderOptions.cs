namespace NeuralTrain;

/// <summary>From where to where <see cref="LearningRateFinder"/> raises the rate, and how it reads the losses.</summary>
public sealed record LearningRateFinderOptions
{
    private const string RateRemedy = "The rates run from 1e-7 to 10 by default.";

    /// <summary>The rate of the first batch, greater than 0. Default 1e-7, as in fastai (the lecture: 1e-8).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is not finite and greater than 0.</exception>
    public double Lowest
    {
        get;
        init => field = Guard.Positive(value, nameof(Lowest), RateRemedy);
    } = 1e-7;

    /// <summary>The rate of the last batch, greater than <see cref="Lowest"/>. Default 10, as in fastai (the lecture: 1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is not finite and greater than 0.</exception>
    public double Highest
    {
        get;
        init => field = Guard.Positive(value, nameof(Highest), RateRemedy);
    } = 10;

    /// <summary>Batches, one step each, 2 or more. Default 100, as in fastai (the lecture: 200).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 2.</exception>
    public int Batches
    {
        get;
        init
        {
            Guard.AtLeast(value, 2, nameof(Batches), "each batch has a rate of its own, and a curve has two ends");
            field = value;
        }
    } = 100;

    /// <summary>Rows of a batch, 1 or more: the batch size of the training the rate is for. Default 32.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public int BatchSize
    {
        get;
        init
        {
            Guard.AtLeast(value, 1, nameof(BatchSize), "a batch has at least one row");
            field = value;
        }
    } = 32;

    /// <summary>β in [0, 1), how much of the average loss stays with each batch; 0 does not smooth. Default 0.98, as in fastai.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a value outside [0, 1).</exception>
    public double Smoothing
    {
        get;
        init => field = Guard.InHalfOpen(value, 0, 1, nameof(Smoothing), "0 does not smooth; 0.98 is usual.");
    } = 0.98;

    /// <summary>
    /// How many times its best value the smoothed loss may reach before the run ends, greater than 1. Default 4, as in fastai.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is not finite and greater than 1.</exception>
    public double StopFactor
    {
        get;
        init
        {
            Guard.Positive(value - 1, nameof(StopFactor) + " - 1", "4 is usual; at 1 the first batch would end the run.");
            field = value;
        }
    } = 4;

    /// <summary>Draws the order of the rows, as a trainer's seed does. Default 0.</summary>
    public ulong Seed { get; init; }
}
