namespace NeuralTrain;

/// <summary>What happens to the swing of <see cref="Cyclical"/> from cycle to cycle.</summary>
public enum CyclicalMode
{
    /// <summary>It stays.</summary>
    Triangular,

    /// <summary>It is halved with every cycle.</summary>
    Triangular2,

    /// <summary>It is multiplied by a decay with every step, and not only with every cycle.</summary>
    ExponentialRange,
}
