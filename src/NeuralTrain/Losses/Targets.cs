using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The checks of targets that must be probabilities or classes: one cheap pass, a search only when it found something.</summary>
internal static class Targets
{
    /// <summary>How far the sum of a row of probabilities may lie from 1: the rounding of float32, and no more.</summary>
    private const double SumTolerance = 1e-3;

    /// <summary>Refuses targets outside [0, 1].</summary>
    public static void CheckProbabilities(Loss loss, Matrix target)
    {
        if (Reduce.Sum(target.Span, default(IsNoProbability)) != 0)
        {
            ThrowFirst(loss, target, value => !(value >= 0 && value <= 1), "a probability in [0, 1]");
        }
    }

    /// <summary>Refuses targets that are no distributions: outside [0, 1], or with a row that does not add up to 1.</summary>
    public static void CheckDistributions(Loss loss, Matrix target)
    {
        CheckProbabilities(loss, target);
        for (int row = 0; row < target.Rows; row++)
        {
            double sum = Reduce.Sum(target.Row(row), default(Itself));
            if (Math.Abs(sum - 1) > SumTolerance)
            {
                ThrowSum(loss, target, row, sum);
            }
        }
    }

    /// <summary>Names the first target that is not what the loss takes.</summary>
    [DoesNotReturn]
    public static void ThrowFirst(Loss loss, Matrix target, Predicate<float> isWrong, string expected)
    {
        int index = 0;
        while (!isWrong(target.Span[index]))
        {
            index++;
        }

        throw new ArgumentException(
            $"{loss} expects each target to be {expected}, received {target.Span[index]} in row {index / target.Columns}, " +
            $"column {index % target.Columns}. Check how the targets were made; OneHot.Encode makes them from class numbers.",
            nameof(target));
    }

    [DoesNotReturn]
    private static void ThrowSum(Loss loss, Matrix target, int row, double sum) => throw new ArgumentException(
        $"{loss} expects each row of the targets to be probabilities that add up to 1, but row {row} of the {target.Shape} matrix adds up to {sum:g6}. " +
        "Divide each row by its sum, or make one-hot rows by OneHot.Encode; if several classes may be true at once, use BinaryCrossEntropy.",
        nameof(target));

    // 1 for what lies outside [0, 1], NaN included.
    private readonly struct IsNoProbability : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes target)
            where TLanes : unmanaged, ILanes<TLanes> =>
            TLanes.Select((target >= TLanes.Zero) & (target <= TLanes.One), TLanes.Zero, TLanes.One);
    }
}
