namespace NeuralTrain;

/// <summary>What one hyper-parameter may be.</summary>
internal abstract class SearchRange
{
    /// <summary>A value at random, from a number of [0, 1).</summary>
    public abstract object Draw(double uniform);

    /// <summary>The values a grid tries, in order: all there are, or so many spread evenly from end to end.</summary>
    public abstract IReadOnlyList<object> Grid(int points);

    /// <summary>Fractions of the way from end to end: 0, …, 1; half of it for a single one.</summary>
    protected static IEnumerable<double> Fractions(int points) =>
        points == 1 ? [0.5] : Enumerable.Range(0, points).Select(i => (double)i / (points - 1));
}
