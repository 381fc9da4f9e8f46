using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.PeerBenchmarks;

/// <summary>
/// The arithmetic limit of one core, measured: multiply-adds on registers alone, in enough independent chains to hide their
/// latency. No product can be faster.
/// </summary>
internal static class FmaLoop
{
    private const int Chains = 12;
    private const int Length = 1_000_000;

    /// <summary>The best of many rounds at the widest registers, and at narrower ones where these are faster.</summary>
    /// <returns>Operations per second; a multiply-add counts as two.</returns>
    public static double Measure(int rounds = 30)
    {
        double best = 0;
        for (int round = 0; round < rounds; round++)
        {
            best = Math.Max(best, Rate(Run256, Vector256<float>.Count));
            if (Vector512.IsHardwareAccelerated)
            {
                best = Math.Max(best, Rate(Run512, Vector512<float>.Count));
            }
        }

        return best;
    }

    private static double Rate(Func<float, float, int, float> run, int lanes)
    {
        long start = Stopwatch.GetTimestamp();
        float sum = run(0.5f, 0.25f, Length);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (!float.IsFinite(sum))
        {
            throw new InvalidOperationException($"The multiply-add loop gave {sum}: it computes something else than intended.");
        }

        return 2.0 * Chains * lanes * Length / seconds;
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
