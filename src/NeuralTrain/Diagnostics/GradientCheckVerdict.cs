namespace NeuralTrain;

/// <summary>What a <see cref="GradientCheck"/> found.</summary>
public enum GradientCheckVerdict
{
    /// <summary>Every value that could be checked agrees, and there was at least one.</summary>
    Passed,

    /// <summary>At least one gradient is wrong, or the layer breaks a rule that training relies on.</summary>
    Wrong,

    /// <summary>Nothing was shown either way: the layer is random, its output is not finite, or all values lie on kinks or drown in rounding.</summary>
    NotCheckable,
}
