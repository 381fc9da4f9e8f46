namespace NeuralTrain;

/// <summary>How far a layer's stream of random numbers has been used.</summary>
/// <param name="Path">The layer's place in the network, as <c>2</c>.</param>
/// <param name="Seed">What tells the stream from others.</param>
/// <param name="Position">The place of the next number.</param>
internal sealed record MaskState(string Path, ulong Seed, ulong Position);
