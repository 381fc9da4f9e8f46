namespace NeuralTrain;

/// <summary>How far a backward pass comes at a layer.</summary>
internal enum BackwardReach
{
    /// <summary>It ends behind the layer: nothing at or before it learns.</summary>
    None,

    /// <summary>It gives the gradients of the layer's parameters, and nobody needs that of its input.</summary>
    Parameters,

    /// <summary>It gives the gradient of the layer's input too.</summary>
    Input,
}
