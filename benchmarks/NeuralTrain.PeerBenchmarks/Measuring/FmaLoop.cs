using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.PeerBenchmarks;

/// <summary>
/// The arithmetic limit of one core, measured: multiply-adds on registers alone, in enough independent chains to hide their
/// latency. No product can be faster. It takes its turns beside the cases, for on a shared machine the limit moves too.
/// </summary>
internal static class FmaLoop
{
    private const int Chains = 12;
    private const int Length = 2_000_000;

    /// <summary>One run on so many threads at once: at the widest registers, or at narrower ones where these are faster.</summary>
    /// <returns>Seconds for one operation, all threads together; a multiply-add counts as two.</returns>
    public static double SecondsPerOperation(int threads)
    {
        double narrow = Seconds(Run256, threads) / Vector256<float>.Count;
        double wide = Vector512.IsHardwareAccelerated ? Seconds(Run512, threads) / Vector512<float>.Count : narrow;
        return Math.Min(narrow, wide) / (2.0 * Chains * Length * threads);
    }

    private static double Seconds(Func<float, float, int, float> run, int threads)
    {
        var sums = new float[threads];
        long start = Stopwatch.GetTimestamp();
        if (threads == 1)
        {
            sums[0] = run(0.5f, 0.25f, Length);
        }
        else
        {
            var others = new Thread[threads - 1];
            for (int i = 0; i < others.Length; i++)
            {
                int place = i;
                others[i] = new Thread(() => sums[place] = run(0.5f, 0.25f, Length));
                others[i].Start();
            }

            sums[^1] = run(0.5f, 0.25f, Length);
            Array.ForEach(others, other => other.Join());
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return sums.All(float.IsFinite)
            ? seconds
            : throw new InvalidOperationException($"The multiply-add loop gave {string.Join(", ", sums)}: it computes something else than intended.");
    }

    // The chains stay near 0.5·s + 0.25 → 0.5: no overflow, no number below the normal range.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run512(float factor, float addend, int length)
    {
        var f = Vector512.Create(factor);
        var a = Vector512.Create(addend);
        Vector512<float> s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a, s6 = a, s7 = a, s8 = a, s9 = a, s10 = a, s11 = a;
        for (int i = 0; i < length; i++)
        {
            s0 = Vector512.FusedMultiplyAdd(s0, f, a);
            s1 = Vector512.FusedMultiplyAdd(s1, f, a);
            s2 = Vector512.FusedMultiplyAdd(s2, f, a);
            s3 = Vector512.FusedMultiplyAdd(s3, f, a);
            s4 = Vector512.FusedMultiplyAdd(s4, f, a);
            s5 = Vector512.FusedMultiplyAdd(s5, f, a);
            s6 = Vector512.FusedMultiplyAdd(s6, f, a);
            s7 = Vector512.FusedMultiplyAdd(s7, f, a);
            s8 = Vector512.FusedMultiplyAdd(s8, f, a);
            s9 = Vector512.FusedMultiplyAdd(s9, f, a);
            s10 = Vector512.FusedMultiplyAdd(s10, f, a);
            s11 = Vector512.FusedMultiplyAdd(s11, f, a);
        }

        return Vector512.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run256(float factor, float addend, int length)
    {
        var f = Vector256.Create(factor);
        var a = Vector256.Create(addend);
        Vector256<float> s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a, s6 = a, s7 = a, s8 = a, s9 = a, s10 = a, s11 = a;
        for (int i = 0; i < length; i++)
        {
            s0 = Vector256.FusedMultiplyAdd(s0, f, a);
            s1 = Vector256.FusedMultiplyAdd(s1, f, a);
            s2 = Vector256.FusedMultiplyAdd(s2, f, a);
            s3 = Vector256.FusedMultiplyAdd(s3, f, a);
            s4 = Vector256.FusedMultiplyAdd(s4, f, a);
            s5 = Vector256.FusedMultiplyAdd(s5, f, a);
            s6 = Vector256.FusedMultiplyAdd(s6, f, a);
            s7 = Vector256.FusedMultiplyAdd(s7, f, a);
            s8 = Vector256.FusedMultiplyAdd(s8, f, a);
            s9 = Vector256.FusedMultiplyAdd(s9, f, a);
            s10 = Vector256.FusedMultiplyAdd(s10, f, a);
            s11 = Vector256.FusedMultiplyAdd(s11, f, a);
        }

        return Vector256.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
    }
}
