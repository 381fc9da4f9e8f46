namespace NeuralTrain.PeerBenchmarks;

/// <summary>The three products of a fully connected layer.</summary>
internal enum Orientation
{
    /// <summary>y = x·Wᵀ, the forward pass.</summary>
    Forward,

    /// <summary>W̄ += ȳᵀ·x, the gradient of the weights.</summary>
    WeightGradient,

    /// <summary>x̄ = ȳ·W, the gradient of the input.</summary>
    InputGradient,
}
