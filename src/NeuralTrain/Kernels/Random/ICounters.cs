namespace NeuralTrain.Kernels;

/// <summary>
/// Several 64-bit places at once, each holding a 32-bit word of the counter-based generator in its lower half. The upper
/// half may hold anything: no operation lets it reach a lower one, except <see cref="HighWord"/>, whose purpose it is.
/// </summary>
internal unsafe interface ICounters<TSelf>
    where TSelf : unmanaged, ICounters<TSelf>
{
    /// <summary>Number of places.</summary>
    static abstract int Count { get; }

    static abstract TSelf Broadcast(ulong value);

    /// <summary>first, first + 1, first + 2, …</summary>
    static abstract TSelf Sequence(ulong first);

    /// <summary>The 64-bit products of the lower halves.</summary>
    static abstract TSelf MultiplyLow(TSelf left, TSelf right);

    static abstract TSelf operator ^(TSelf left, TSelf right);

    /// <summary>The upper half, moved to the lower.</summary>
    static abstract TSelf HighWord(TSelf value);

    /// <summary>Writes the lower halves in turn: first₀, second₀, first₁, second₁, …</summary>
    static abstract void StorePairs(TSelf first, TSelf second, uint* words);
}
