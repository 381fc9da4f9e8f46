using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Checks targets that must be probabilities or classes: one cheap pass, and a search only if it found something.</summary>
internal static class TargetValidation
{
    /// <summary>How far the sum of a row of probabilities may be from 1: no more than the rounding of float32.</summary>
    private const double SumTolerance = 1e-3;

    /// <summary>Refuses targets outside [0, 1].</summary>
    public static void CheckProbabilities(Loss loss, Matrix target) =>
        Check(loss, target, default(IsNoProbability), value => !(value >= 0 && value <= 1), "a probability in [0, 1]");

    /// <summary>Refuses rates below 0 among targets or predictions; what is not finite is reported later.</summary>
    public static void CheckRates(Loss loss, Matrix rates, string what, string remedy)
    {
        if (Reduce.Sum(rates.Span, default(IsNegative)) == 0) return;
        int index = rates.Span.IndexOfAnyInRange(float.NegativeInfinity, -float.Epsilon);
        throw new ArgumentException(
            $"{loss} expects each {what} to be 0 or more, received {rates.At(index)}. {remedy}", what);
    }

    /// <summary>Names the first target that is not what the loss takes.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="target">The targets.</param>
    /// <param name="marks">1 for a wrong value, else 0.</param>
    /// <param name="isWrong">The same of one value.</param>
    /// <param name="expected">What a target must be.</param>
    [MethodImpl(Jit.Full)]
    public static void Check<TMarks>(Loss loss, Matrix target, TMarks marks, Predicate<float> isWrong, string expected)
        where TMarks : unmanaged, IMap1
    {
        if (Reduce.Sum(target.Span, marks) != 0) ThrowFirst(loss, target, isWrong, expected);
    }

    /// <summary>Refuses targets that are not distributions: outside [0, 1], or with a row that does not add up to 1.</summary>
    [MethodImpl(Jit.Full)]
    public static void CheckDistributions(Loss loss, Matrix target)
    {
        CheckProbabilities(loss, target);
        for (int row = 0; row < target.Rows; row++)
        {
            double sum = Reduce.Sum(target.Row(row), default(Itself));
            if (Math.Abs(sum - 1) > SumTolerance) ThrowSum(loss, target, row, sum);
        }
    }

    [DoesNotReturn]
    private static void ThrowFirst(Loss loss, Matrix target, Predicate<float> isWrong, string expected)
    {
        int index = 0;
        while (!isWrong(target.Span[index])) index++;
        throw new ArgumentException(
            $"{loss} expects each target to be {expected}, received {target.At(index)}. OneHot.Encode makes targets from class numbers.", nameof(target));
    }

    [DoesNotReturn]
    private static void ThrowSum(Loss loss, Matrix target, int row, double sum) => throw new ArgumentException(
        $"{loss} expects each row of the targets to be probabilities that add up to 1, but row {row} of the {target.Shape} matrix adds up to {sum:g6}. " +
        "Divide each row by its sum, or make one-hot rows by OneHot.Encode; if several classes may be true at once, use BinaryCrossEntropy.", nameof(target));

    // 1 for values outside [0, 1], including NaN.
    private readonly struct IsNoProbability : IMap1
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap1.Apply<TLanes>(TLanes target) =>
            TLanes.Select((target >= TLanes.Zero) & (target <= TLanes.One), TLanes.Zero, TLanes.One);
    }

    private readonly struct IsNegative : IMap1
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap1.Apply<TLanes>(TLanes value) => TLanes.Select(value < TLanes.Zero, TLanes.One, TLanes.Zero);
    }
}
