using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>The error function, which the exact GELU needs.</summary>
internal static partial class VectorMath
{
    /// <summary>erf(x) = 2/√π·∫₀ˣ e^−t² dt. Within 1.29 ulp (1.57).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

    /// <summary>
    /// Φ(x) = ½(1 + erf(x/√2)), the standard normal distribution, to an absolute 2⁻²³: exact GELU is x·Φ(x), with the
    /// derivative Φ(x) + x·e^(−x²/2)/√(2π).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes NormalDistribution<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes> => TLanes.MultiplyAdd(Erf(x * 0.707106781f), 0.5f, 0.5f);
}
