namespace NeuralTrain.PeerBenchmarks;

/// <summary>The optimizers of the step cases.</summary>
internal enum Rule
{
    SGD,
    Momentum,
    Adam,
}
