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

    /// <summary>eˣ: exactly 0 below −103.98, +∞ above 88.73. Within 0.86 ulp (1.12).</summary>
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

    /// <summary>1 / (1 + e⁻ˣ), down to subnormal results for very negative x. Within 1.61 ulp (1.81).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Sigmoid<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // With e = e^−|x| ≤ 1 nothing overflows: σ(x) = 1/(1 + e) for x ≥ 0, e/(1 + e) for x < 0.
        TLanes e = Exp(-TLanes.Abs(x));
        TLanes sum = 1 + e;
        TLanes quotient = TLanes.Select(x < TLanes.Zero, e, TLanes.One) / sum;

        // What the rounding of 1 + e lost, to first order: it keeps the result within 2 ulp.
        TLanes lost = e - (sum - 1);
        return quotient - (quotient * lost);
    }

    /// <summary>Hyperbolic tangent. Within 1.50 ulp (1.50).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Tanh<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes magnitude = TLanes.Abs(x);

        // |x| ≥ 0.55: (1 − e)/(1 + e) with e = e^−2|x|.
        TLanes e = Exp(magnitude * -2f);
        TLanes large = (1 - e) / (1 + e);

        // |x| < 0.55: |x| + |x|³·P(x²).
        TLanes square = x * x;
        TLanes fourth = square * square;
        TLanes p01 = TLanes.MultiplyAdd(square, 0.1333260169f, -0.3333331805f);
        TLanes p23 = TLanes.MultiplyAdd(square, 0.02107775876f, -0.05385385805f);
        TLanes p24 = TLanes.MultiplyAdd(fourth, -0.006282473818f, p23);
        TLanes p = TLanes.MultiplyAdd(p24, fourth, p01);
        TLanes small = TLanes.MultiplyAdd(magnitude * square, p, magnitude);

        return TLanes.CopySign(TLanes.Select(magnitude < 0.55f, small, large), x);
    }

    /// <summary>x = n·ln 2 + r with |r| ≤ ½·ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Reduce<TLanes>(TLanes x, out TLanes r)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes n = TLanes.Round(x * Log2E);
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
