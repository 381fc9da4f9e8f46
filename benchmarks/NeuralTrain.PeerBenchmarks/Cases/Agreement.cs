namespace NeuralTrain.PeerBenchmarks;

/// <summary>The largest difference between what both libraries computed, and where it was found.</summary>
/// <param name="Largest">|ours − theirs| / max(1, |theirs|), the largest of all; NaN if a number is not finite.</param>
/// <param name="Where">The name of what differed most.</param>
internal readonly record struct Agreement(double Largest, string Where)
{
    /// <summary>Above this, a case is not timed: its figures would say nothing.</summary>
    public const double Bound = 1e-4;

    /// <summary>Whether both computed the same.</summary>
    public bool Holds => Largest <= Bound;

    /// <summary>Nothing compared yet.</summary>
    public static Agreement None => new(0, "nothing compared");

    /// <summary>This one or, if it is worse, that of two arrays.</summary>
    public Agreement And(string name, ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        if (ours.Length != theirs.Length)
        {
            throw new ArgumentException(
                $"{name} has {ours.Length} values in NeuralTrain and {theirs.Length} in libtorch: the two networks differ.", nameof(theirs));
        }

        Agreement worst = this;
        for (int i = 0; i < ours.Length; i++)
        {
            worst = worst.And(name, ours[i], theirs[i]);
        }

        return worst;
    }

    /// <summary>This one or, if it is worse, that of two numbers.</summary>
    public Agreement And(string name, double ours, double theirs)
    {
        double difference = Math.Abs(ours - theirs) / Math.Max(1, Math.Abs(theirs));

        // Written so that a NaN is never taken for an agreement, and never forgotten again.
        return difference <= Largest || double.IsNaN(Largest) ? this : new Agreement(difference, name);
    }
}
