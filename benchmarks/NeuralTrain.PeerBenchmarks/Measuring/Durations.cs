namespace NeuralTrain.PeerBenchmarks;

/// <summary>The seconds that one contender took for one run of its work, round by round.</summary>
internal sealed class Durations(int rounds)
{
    private readonly List<double> _seconds = new(rounds);

    /// <summary>The middle one: what a user sees.</summary>
    public double Median
    {
        get
        {
            double[] sorted = [.. _seconds.Order()];
            int middle = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    /// <summary>The shortest one: what remains when nothing else disturbs.</summary>
    public double Least => _seconds.Min();

    /// <summary>Adds a round.</summary>
    public void Add(double seconds) => _seconds.Add(seconds);
}
