using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>What losses do with the weights of the rows.</summary>
internal static class SampleWeights
{
    /// <summary>Σ wᵢ, or the number of rows if there are no weights.</summary>
    public static double Sum(ReadOnlySpan<float> sampleWeights) => Reduce.Sum(sampleWeights, default(Itself));
}
