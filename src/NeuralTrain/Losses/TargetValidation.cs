using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Checks targets that must be probabilities or classes: one cheap pass, and a search only if it found something.</summary>
internal static class TargetValidation
{
    /// <summary>Refuses targets outside [0, 1].</summary>
    public static void CheckProbabilities(Loss loss, Matrix target) =>
        Check(loss, target, default(IsNoProbability), "a probability in [0, 1]");

    /// <summary>Names the first value that the loss does not accept.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="values">The targets, or the predictions.</param>
    /// <param name="marks">1 for a wrong value, else 0.</param>
    /// <param name="expected">What a value must be.</param>
    /// <param name="what">The loss's name for the values.</param>
    /// <param name="remedy">What to do about a wrong one.</param>
    [MethodImpl(Jit.Full)]
    public static void Check<TMarks>(
        Loss loss, Matrix values, TMarks marks, string expected, string what = "target", string remedy = "OneHot.Encode makes targets from class numbers.")
        where TMarks : unmanaged, IMap1
    {
        if (Reduce.Sum(values.Span, marks) != 0) ThrowFirst(loss, values, marks, expected, what, remedy);
    }

    /// <summary>Refuses targets that are not distributions: outside [0, 1], or with a row that does not add up to 1.</summary>
    [MethodImpl(Jit.Cold)]
    public static void CheckDistributions(Loss loss, Matrix target)
    {
        CheckProbabilities(loss, target);
        for (int row = 0; row < target.Rows; row++)
        {
            double sum = Reduce.Sum(target.Row(row), default(Itself));
            if (Math.Abs(sum - 1) <= SoftmaxRows.SumTolerance) continue;
            throw new ArgumentException(
                $"{loss} expects each row of the targets to be probabilities that add up to 1, but row {row} of the {target.Shape} matrix adds up to {sum:g6}. " +
                "Divide each row by its sum, or make one-hot rows by OneHot.Encode; if several classes may be true at once, use BinaryCrossEntropy.", nameof(target));
        }
    }

    [DoesNotReturn]
    private static void ThrowFirst<TMarks>(Loss loss, Matrix values, TMarks marks, string expected, string what, string remedy)
        where TMarks : unmanaged, IMap1
    {
        int index = 0;
        while (Reduce.Sum(values.Span.Slice(index, 1), marks) == 0) index++;
        throw new ArgumentException($"{loss} expects each {what} to be {expected}, received {values.At(index)}. {remedy}", what);
    }

    // 1 for values outside [0, 1], including NaN.
    private readonly struct IsNoProbability : IMap1
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap1.Apply<TLanes>(TLanes target) =>
            TLanes.Select((target >= TLanes.Zero) & (target <= TLanes.One), TLanes.Zero, TLanes.One);
    }
}
