namespace NeuralTrain;

/// <summary>What a value that is not finite belongs to.</summary>
public enum NonFiniteKind
{
    /// <summary>The inputs of the batch.</summary>
    Input,

    /// <summary>The targets of the batch.</summary>
    Target,

    /// <summary>The values of a parameter or a statistic.</summary>
    Parameter,

    /// <summary>The output of a layer.</summary>
    Output,

    /// <summary>The gradient of a parameter.</summary>
    Gradient,

    /// <summary>The loss itself: predictions and targets are finite, but too large for its formula.</summary>
    Loss,
}
