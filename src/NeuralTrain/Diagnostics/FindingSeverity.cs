namespace NeuralTrain;

/// <summary>How grave a <see cref="Finding"/> is.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing; often all is well.</summary>
    Hint,

    /// <summary>The training will probably be slow or its result poor.</summary>
    Warning,

    /// <summary>The training cannot work as it is.</summary>
    Error,
}
