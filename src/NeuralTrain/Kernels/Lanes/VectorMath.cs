using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// The transcendental functions on registers, written once for every width. Each is accurate to 2 units in the last place (ulp)
/// over all floats, subnormals included; its summary gives the largest error measured with fused multiply-add and, in
/// parentheses, without it. Coefficients are minimax fits over the stated interval.
/// </summary>
internal static class VectorMath
{
    private const float Log2E = 1.442695041f;

    // ln 2 in two parts, the first with 9 trailing zero bits so that n·Ln2High is exact even without a fused product.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>eˣ: exactly 0 below −103.98, +∞ above 88.73. Within 0.93 ulp (1.21).</summary>
    [MethodImpl(Jit.Inline)]
    internal static TLanes Exp<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        x = TLanes.AtMost(TLanes.AtLeast(x, -105f), 89f);
        TLanes n = Reduce(x, out TLanes r);
        return TLanes.ScaleByPowerOfTwo(TLanes.MultiplyAdd(TLanes.MultiplyAdd(ExpTail(r), r, 1), r, 1), n);
    }

    /// <summary>eˣ − 1, accurate near 0 where the difference would cancel. Within 1.59 ulp (1.65).</summary>
    [MethodImpl(Jit.Inline)]
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
    [MethodImpl(Jit.Inline)]
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
    [MethodImpl(Jit.Inline)]
    internal static TLanes Tanh<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        if (LanesSupport.HasTables) return TanhTable.Tanh(x);

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
    [MethodImpl(Jit.Inline)]
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
    [MethodImpl(Jit.Inline)]
    private static TLanes ExpTail<TLanes>(TLanes r)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes square = r * r;
        TLanes q23 = TLanes.MultiplyAdd(r, 0.1666654279f, 0.5f);
        TLanes q45 = TLanes.MultiplyAdd(r, 0.00836661062f, 0.04166628143f);
        TLanes q46 = TLanes.MultiplyAdd(square, 0.001394649595f, q45);
        return TLanes.MultiplyAdd(q46, square, q23);
    }

    /// <summary>Natural logarithm: −∞ at 0, NaN below. Within 0.81 ulp (0.82).</summary>
    [MethodImpl(Jit.Inline)]
    internal static TLanes Log<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes n = TLanes.SplitExponent(x, out TLanes mantissa);
        return AtTheEnds(LogReduced(n, mantissa - 1), x);
    }

    /// <summary>ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|), without overflow. Within 1.49 ulp (1.64).</summary>
    [MethodImpl(Jit.Inline)]
    internal static TLanes Softplus<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.AtLeast(x, TLanes.Zero) + Log1PToOne(Exp(-TLanes.Abs(x)));

    /// <summary>ln(1 + x) for 0 ≤ x ≤ 1, where no special case arises.</summary>
    [MethodImpl(Jit.Inline)]
    internal static TLanes Log1PToOne<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // 1 + x ≥ 1½ is halved: f = ½x − ½.
        TLanes isHalved = x >= 0.5f;
        TLanes f = TLanes.Select(isHalved, TLanes.MultiplyAdd(x, 0.5f, -0.5f), x);
        return LogReduced(isHalved & TLanes.One, f);
    }

    /// <summary>n·ln 2 + ln(1 + f) with 1 + f in [¾, 1½): ln(1 + f) = f − ½f² + f³·P(f), relative error of the fit 2⁻³⁰.</summary>
    [MethodImpl(Jit.Inline)]
    private static TLanes LogReduced<TLanes>(TLanes n, TLanes f)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // In pairs and pairs of pairs: half the waiting of a chain of single steps.
        TLanes square = f * f;
        TLanes fourth = square * square;
        TLanes p01 = TLanes.MultiplyAdd(f, -0.2500016598f, 0.3333333708f);
        TLanes p23 = TLanes.MultiplyAdd(f, -0.1665556545f, 0.1999984446f);
        TLanes p45 = TLanes.MultiplyAdd(f, -0.1271478668f, 0.1427052861f);
        TLanes p67 = TLanes.MultiplyAdd(f, -0.09252565928f, 0.1173588057f);
        TLanes p03 = TLanes.MultiplyAdd(p23, square, p01);
        TLanes p48 = TLanes.MultiplyAdd(fourth, 0.03880679477f, TLanes.MultiplyAdd(p67, square, p45));
        TLanes p = TLanes.MultiplyAdd(p48, fourth, p03);

        // From the smallest term to the largest, the exact ones last.
        TLanes tail = TLanes.MultiplyAdd(square, -0.5f, n * Ln2Low);
        tail = TLanes.MultiplyAdd(p, f * square, tail);
        return TLanes.MultiplyAdd(n, Ln2High, f + tail);
    }

    /// <summary>Replaces the value where the argument <paramref name="x"/> of the logarithm is 0, +∞, negative or NaN.</summary>
    [MethodImpl(Jit.Inline)]
    private static TLanes AtTheEnds<TLanes>(TLanes value, TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes isOrdinary = (x > TLanes.Zero) & (x < float.PositiveInfinity);
        TLanes infinite = TLanes.Select(x > TLanes.Zero, float.PositiveInfinity, float.NaN);
        TLanes end = TLanes.Select(TLanes.AreEqual(x, TLanes.Zero), float.NegativeInfinity, infinite);
        return TLanes.Select(isOrdinary, value, end);
    }

    /// <summary>erf(x) = 2/√π·∫₀ˣ e^−t² dt. Within 1.29 ulp (1.57).</summary>
    [MethodImpl(Jit.Inline)]
    internal static TLanes Erf<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes magnitude = TLanes.Abs(x);

        // |x| < 0.9: x + x·P(x²).
        TLanes square = x * x;
        TLanes fourth = square * square;
        TLanes p01 = TLanes.MultiplyAdd(square, -0.3761263531f, 0.128379167f);
        TLanes p23 = TLanes.MultiplyAdd(square, -0.02686075281f, 0.1128371972f);
        TLanes p45 = TLanes.MultiplyAdd(square, -0.0008181927015f, 0.005204436009f);
        TLanes p46 = TLanes.MultiplyAdd(fourth, 8.538837767e-5f, p45);
        TLanes p = TLanes.MultiplyAdd(TLanes.MultiplyAdd(p46, fourth, p23), fourth, p01);
        TLanes small = TLanes.MultiplyAdd(x, p, x);

        // |x| ≥ 0.9: 1 − e^−Q(|x|) with Q the fit of −ln erfc; from 4 on the result is 1 to the last bit.
        TLanes t = TLanes.AtMost(magnitude, 4.1f);
        TLanes t2 = t * t;
        TLanes t4 = t2 * t2;
        TLanes q01 = TLanes.MultiplyAdd(t, 1.129488409f, -0.0001692056239f);
        TLanes q23 = TLanes.MultiplyAdd(t, 0.1082203906f, 0.6334008453f);
        TLanes q45 = TLanes.MultiplyAdd(t, 0.004156256724f, -0.025080621f);
        TLanes q67 = TLanes.MultiplyAdd(t, 2.082865381e-5f, -0.0004313939577f);
        TLanes q03 = TLanes.MultiplyAdd(q23, t2, q01);
        TLanes q = TLanes.MultiplyAdd(TLanes.MultiplyAdd(q67, t2, q45), t4, q03);
        TLanes large = TLanes.CopySign(1 - Exp(-q), x);

        return TLanes.Select(magnitude < 0.9f, small, large);
    }

    /// <summary>sin 2πu, and cos 2πu in <paramref name="cosine"/>, for u in [0, 1].</summary>
    [MethodImpl(Jit.Inline)]
    internal static TLanes SineOfTurn<TLanes>(TLanes u, out TLanes cosine)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // u = (q + f)/4 with a whole quarter q of 0 … 4 and |f| ≤ ½; both steps are exact.
        TLanes quarters = u * 4;
        TLanes q = TLanes.Round(quarters);
        TLanes f = quarters - q;
        TLanes t = f * f;

        // Minimax fits of sin(πf/2)/f and cos(πf/2) in f².
        TLanes s = TLanes.MultiplyAdd(t, -0.004601657888f, 0.07968003277f);
        s = TLanes.MultiplyAdd(s, t, -0.6459634602f);
        s = TLanes.MultiplyAdd(s, t, 1.570796322f) * f;
        TLanes c = TLanes.MultiplyAdd(t, 0.0009036317033f, -0.02086007132f);
        c = TLanes.MultiplyAdd(c, t, 0.2536692039f);
        c = TLanes.MultiplyAdd(c, t, -1.233700541f);
        c = TLanes.MultiplyAdd(c, t, 1);

        // Quarter 1 or 3 exchanges the two; the sine is negative in 2 and 3, the cosine in 1 and 2.
        TLanes isOdd = TLanes.AreEqual(q, 1) | TLanes.AreEqual(q, 3);
        TLanes signBit = -TLanes.Zero;
        TLanes sineSign = (q >= 2) & (q <= 3) & signBit;
        TLanes cosineSign = (q >= 1) & (q <= 2) & signBit;
        cosine = TLanes.Select(isOdd, s, c) ^ cosineSign;
        return TLanes.Select(isOdd, c, s) ^ sineSign;
    }
}
