using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// The exponential family on lanes, written once for every width. Each function is accurate to 2 units in the last
/// place (ulp) over all floats, subnormals included; the maximum measured stands with each: with fused multiply-add, and
/// without it. Coefficients are minimax fits over the stated interval.
/// </summary>
internal static partial class VectorMath
{
    private const float Log2E = 1.442695041f;

    // ln 2 in two parts, the first with 9 trailing zero bits so that n·Ln2High is exact even without a fused product.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>eˣ: exactly 0 below −103.98, +∞ above 88.73. Within 0.93 ulp (1.21).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Exp<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        x = TLanes.AtMost(TLanes.AtLeast(x, -105f), 89f);
        TLanes n = Reduce(x, out TLanes r);
        return TLanes.ScaleByPowerOfTwo(TLanes.MultiplyAdd(TLanes.MultiplyAdd(ExpTail(r), r, 1), r, 1), n);
    }

    /// <summary>eˣ − 1, accurate near 0 where the difference would cancel. Within 1.59 ulp (1.65).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes ExpM1<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // Below −30 the result is −1 to the last bit.
        TLanes clamped = TLanes.AtMost(TLanes.AtLeast(x, -30f), 89f);
        TLanes n = Reduce(clamped, out TLanes r);
        TLanes p = TLanes.MultiplyAdd(r * r, ExpTail(r), r);

        // eˣ − 1 = 2ⁿ(1 + p) − 1 = 2·(p·2ⁿ⁻¹ + (2ⁿ⁻¹ − ½)); halved because 2¹²⁸ is out of range while the result need not be.
        TLanes half = TLanes.ScaleByPowerOfTwo(0.5f, n);
        TLanes scaled = TLanes.MultiplyAdd(p, half, half - 0.5f);
        TLanes result = TLanes.Select(TLanes.AreEqual(n, TLanes.Zero), p, scaled + scaled);

        // The sign is that of x anyway, but for −0.
        return TLanes.CopySign(result, x);
    }

    /// <summary>1 / (1 + e⁻ˣ), down to subnormal results for very negative x. Within 1.50 ulp (1.98).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Sigmoid<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // With x = n·ln 2 + r: σ(x) = 2ⁿ/(2ⁿ + e⁻ʳ), where nothing overflows and a subnormal 2ⁿ is exact. From 20 on the
        // result is 1 to the last bit.
        TLanes n = Reduce(TLanes.AtMost(TLanes.AtLeast(x, -105f), 20f), out TLanes r);
        TLanes power = TLanes.ScaleByPowerOfTwo(1, n);
        TLanes minusR = -r;
        TLanes minusExp = TLanes.MultiplyAdd(TLanes.MultiplyAdd(ExpTail(minusR), minusR, 1), r, -1);

        // A Newton step from the estimate. What the rounding of the denominator lost is made good by it, as the two
        // terms enter the error one by one.
        TLanes estimate = TLanes.ReciprocalEstimate(power - minusExp);
        TLanes quotient = power * estimate;
        TLanes error = TLanes.MultiplyAdd(minusExp, estimate, 1) - quotient;
        return TLanes.MultiplyAdd(quotient, error, quotient);
    }

    /// <summary>Hyperbolic tangent. Within 1.31 ulp by table (AVX-512), else 1.83 ulp (1.73).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Tanh<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        if (LanesSupport.HasTables)
        {
            return TanhTable.Tanh(x);
        }

        // tanh|x| = m/(m + 2) with m = e^2|x| − 1; from 10 on it is 1 to the last bit.
        TLanes n = Reduce(TLanes.AtMost(TLanes.Abs(x) * 2f, 20f), out TLanes r);
        TLanes p = TLanes.MultiplyAdd(r * r, ExpTail(r), r);
        TLanes power = TLanes.ScaleByPowerOfTwo(1, n);
        TLanes m = TLanes.MultiplyAdd(p, power, power - 1);

        // A Newton step from the estimate, by the remainder −m − q·(m + 2) with the denominator in its two terms. All is
        // negative, which spares a change of sign: that of x comes at the end anyway.
        TLanes estimate = TLanes.ReciprocalEstimate(-2 - m);
        TLanes quotient = m * estimate;
        TLanes remainder = TLanes.MultiplyAdd(quotient, m, TLanes.MultiplyAdd(quotient, 2, m));
        if (!LanesSupport.IsFused)
        {
            // The product is rounded by itself: where it is large, m·(1 − q) − 2·q loses less.
            remainder = TLanes.Select(m < 2, remainder, TLanes.MultiplyAdd(m, 1 + quotient, quotient + quotient));
        }

        return TLanes.CopySign(TLanes.MultiplyAdd(remainder, estimate, quotient), x);
    }

    /// <summary>x = n·ln 2 + r with |r| ≤ ½·ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Reduce<TLanes>(TLanes x, out TLanes r)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // Adding 1.5·2²³ rounds to an integer, the one step of the fused product.
        TLanes n = TLanes.MultiplyAdd(x, Log2E, 12582912f) - 12582912f;
        r = TLanes.MultiplyAdd(n, -Ln2High, x);
        r = TLanes.MultiplyAdd(n, -Ln2Low, r);
        return n;
    }

    /// <summary>Q(r) of eʳ = 1 + r + r²·Q(r) for |r| ≤ ½·ln 2; relative error of the fit in eʳ − 1 is 2⁻²⁶·².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes ExpTail<TLanes>(TLanes r)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes square = r * r;
        TLanes q23 = TLanes.MultiplyAdd(r, 0.1666654279f, 0.5f);
        TLanes q45 = TLanes.MultiplyAdd(r, 0.00836661062f, 0.04166628143f);
        TLanes q46 = TLanes.MultiplyAdd(square, 0.001394649595f, q45);
        return TLanes.MultiplyAdd(q46, square, q23);
    }
}
