namespace NeuralTrain;

/// <summary>A gradient is wrong, or could not be checked; the message is the table of the <see cref="GradientCheckResult"/>.</summary>
public sealed class GradientCheckException : Exception
{
    internal GradientCheckException(GradientCheckResult result)
        : base(result.ToString()) => Result = result;

    /// <summary>What was found.</summary>
    public GradientCheckResult Result { get; }
}
