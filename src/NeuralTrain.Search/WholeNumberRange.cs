namespace NeuralTrain;

/// <summary>Any whole number from one to another, both included, each equally likely.</summary>
internal sealed class WholeNumberRange(int low, int high) : SearchRange
{
    private readonly long _count = (long)high - low + 1;

    /// <inheritdoc/>
    public override object Draw(double uniform) => (int)(low + Math.Min((long)(uniform * _count), _count - 1));

    /// <inheritdoc/>
    public override IReadOnlyList<object> Grid(int points) => _count <= points
        ? [.. Enumerable.Range(low, (int)_count).Select(value => (object)value)]
        : [.. Fractions(points).Select(fraction => (object)(int)Math.Round(low + (fraction * (_count - 1))))];

    /// <inheritdoc/>
    public override string ToString() => $"{low} to {high}, whole";
}
