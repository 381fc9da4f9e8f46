namespace NeuralTrain;

/// <summary>Decides whether to end an unpromising trial early.</summary>
/// <remarks>Any such rule ends training runs that start slowly and would finish well.</remarks>
public abstract class Pruner
{
    /// <summary>Whether the trial is to end, after it has reported.</summary>
    /// <param name="trial">The trial; what it reported last comes last.</param>
    /// <param name="others">The trials to compare it with, by rising number. Unless the study is asynchronous, all of them have ended.</param>
    /// <param name="direction">Whether low or high scores are better.</param>
    /// <returns>Why it should end; null if it continues.</returns>
    protected internal abstract string? Reason(TrialResult trial, IReadOnlyList<TrialResult> others, Direction direction);

    /// <summary>The pruner's name with every setting that decides. A study file stores it and refuses to continue with another.</summary>
    protected internal abstract string Describe();

    /// <summary>Name and settings.</summary>
    public override string ToString() => Describe();

    /// <summary>A score turned so that greater is better, and NaN is worst.</summary>
    internal static double Worth(double score, Direction direction) => double.IsNaN(score) ? double.NegativeInfinity : direction == Direction.Maximize ? score : -score;
}
