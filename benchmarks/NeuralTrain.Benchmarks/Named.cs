namespace NeuralTrain.Benchmarks;

/// <summary>A value of a benchmark's parameter with the name the table shows.</summary>
/// <param name="Name">The name.</param>
/// <param name="Create">Makes the thing itself; each run gets its own.</param>
public sealed record Named<T>(string Name, Func<T> Create)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
