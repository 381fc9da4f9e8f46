using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Logarithms, and what is built on them.</summary>
internal static partial class VectorMath
{
    /// <summary>Natural logarithm: −∞ at 0, NaN below. Within 0.81 ulp (0.82).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Log<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes n = TLanes.SplitExponent(x, out TLanes mantissa);
        return AtTheEnds(LogReduced(n, mantissa - 1), x);
    }

    /// <summary>ln(1 + x), accurate near 0. Within 0.81 ulp (0.87).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Log1P<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes onePlus = 1 + x;
        TLanes n = TLanes.SplitExponent(onePlus, out _);

        // (1 + x)·2⁻ⁿ − 1 = x·2⁻ⁿ + (2⁻ⁿ − 1): the rounding of 1 + x does not enter, and no division is needed.
        TLanes scale = TLanes.ScaleByPowerOfTwo(TLanes.One, -n);
        TLanes f = TLanes.MultiplyAdd(x, scale, scale - 1);
        TLanes result = AtTheEnds(LogReduced(n, f), onePlus);

        // The sign is that of x anyway, but for −0.
        return TLanes.CopySign(result, x);
    }

    /// <summary>ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|), without overflow. Within 1.49 ulp (1.64).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Softplus<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.AtLeast(x, TLanes.Zero) + Log1PToOne(Exp(-TLanes.Abs(x)));

    /// <summary>ln(1 + x) for 0 ≤ x ≤ 1, where none of the special cases of <see cref="Log1P"/> arises.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Log1PToOne<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // 1 + x ≥ 1½ is halved: f = ½x − ½.
        TLanes isHalved = x >= 0.5f;
        TLanes f = TLanes.Select(isHalved, TLanes.MultiplyAdd(x, 0.5f, -0.5f), x);
        return LogReduced(isHalved & TLanes.One, f);
    }

    /// <summary>n·ln 2 + ln(1 + f) with 1 + f in [¾, 1½): ln(1 + f) = f − ½f² + f³·P(f), relative error of the fit 2⁻³⁰.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes AtTheEnds<TLanes>(TLanes value, TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes isOrdinary = (x > TLanes.Zero) & (x < float.PositiveInfinity);
        TLanes infinite = TLanes.Select(x > TLanes.Zero, float.PositiveInfinity, float.NaN);
        TLanes end = TLanes.Select(TLanes.AreEqual(x, TLanes.Zero), float.NegativeInfinity, infinite);
        return TLanes.Select(isOrdinary, value, end);
    }
}
