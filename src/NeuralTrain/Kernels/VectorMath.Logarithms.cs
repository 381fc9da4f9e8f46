using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Logarithms, and what is built on them.</summary>
internal static partial class VectorMath
{
    /// <summary>Natural logarithm: −∞ at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Log<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes n = TLanes.SplitExponent(x, out TLanes mantissa);
        TLanes result = LogReduced(n, mantissa - 1);
        return AtTheEnds(result, x, x);
    }

    /// <summary>ln(1 + x), accurate near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Log1P<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes onePlus = 1 + x;
        TLanes n = TLanes.SplitExponent(onePlus, out _);

        // (1 + x)·2⁻ⁿ − 1 = x·2⁻ⁿ + (2⁻ⁿ − 1): the rounding of 1 + x does not enter, and no division is needed.
        TLanes scale = TLanes.ScaleByPowerOfTwo(TLanes.One, -n);
        TLanes f = TLanes.MultiplyAdd(x, scale, scale - 1);
        TLanes result = AtTheEnds(LogReduced(n, f), onePlus, x);

        // Keeps the sign of zero.
        return TLanes.Select(TLanes.AreEqual(x, TLanes.Zero), x, result);
    }

    /// <summary>ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|), without overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Softplus<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.AtLeast(x, TLanes.Zero) + Log1PToOne(Exp(-TLanes.Abs(x)));

    /// <summary>ln(1 + x) for 0 ≤ x ≤ 1, where none of the special cases of <see cref="Log1P"/> arises.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Log1PToOne<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // 1 + x ≥ √2 is halved: f = ½x − ½.
        TLanes isHalved = x >= 0.41421356f;
        TLanes f = TLanes.Select(isHalved, TLanes.MultiplyAdd(x, 0.5f, -0.5f), x);
        return LogReduced(isHalved & TLanes.One, f);
    }

    /// <summary>n·ln 2 + ln(1 + f) with 1 + f in [√½, √2): ln(1 + f) = f − ½f² + f³·P(f), relative error of the fit 2⁻³⁰.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes LogReduced<TLanes>(TLanes n, TLanes f)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes p = TLanes.MultiplyAdd(f, 0.06915582856f, -0.1178988326f);
        p = TLanes.MultiplyAdd(p, f, 0.1187291538f);
        p = TLanes.MultiplyAdd(p, f, -0.1238433102f);
        p = TLanes.MultiplyAdd(p, f, 0.1421866485f);
        p = TLanes.MultiplyAdd(p, f, -0.1666925211f);
        p = TLanes.MultiplyAdd(p, f, 0.2000222627f);
        p = TLanes.MultiplyAdd(p, f, -0.2499998657f);
        p = TLanes.MultiplyAdd(p, f, 0.3333331045f);

        // From the smallest term to the largest, the exact ones last.
        TLanes square = f * f;
        TLanes tail = TLanes.MultiplyAdd(p, f * square, n * Ln2Low);
        tail = TLanes.MultiplyAdd(square, -0.5f, tail);
        return TLanes.MultiplyAdd(n, Ln2High, f + tail);
    }

    /// <summary>Replaces the value where the argument <paramref name="x"/> of the logarithm is 0, negative, +∞ or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes AtTheEnds<TLanes>(TLanes value, TLanes x, TLanes original)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        value = TLanes.Select(TLanes.AreEqual(x, TLanes.Zero), float.NegativeInfinity, value);
        value = TLanes.Select(TLanes.AreEqual(x, float.PositiveInfinity), x, value);
        value = TLanes.Select(x < TLanes.Zero, float.NaN, value);
        return TLanes.Select(TLanes.IsNaN(x), original, value);
    }
}
