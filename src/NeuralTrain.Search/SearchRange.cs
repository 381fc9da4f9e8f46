namespace NeuralTrain;

/// <summary>The values one hyper-parameter can take.</summary>
internal abstract class SearchRange
{
    /// <summary>The value that a random number in [0, 1) selects.</summary>
    public abstract object Draw(double uniform);

    /// <summary>The values a grid tries, in order: all there are, or this many spread evenly from end to end.</summary>
    public abstract IReadOnlyList<object> Grid(int points);

    /// <summary>Fractions of the way from end to end: 0, …, 1; ½ for a single one.</summary>
    protected static IEnumerable<double> Fractions(int points) =>
        points == 1 ? [0.5] : Enumerable.Range(0, points).Select(i => (double)i / (points - 1));
}
