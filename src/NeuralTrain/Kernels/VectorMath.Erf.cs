using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>The error function, which the exact GELU needs.</summary>
internal static partial class VectorMath
{
    /// <summary>erf(x) = 2/√π·∫₀ˣ e^−t² dt.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Erf<TLanes>(TLanes x)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes magnitude = TLanes.Abs(x);

        // |x| < 0.9: x + x·P(x²).
        TLanes square = x * x;
        TLanes p = TLanes.MultiplyAdd(square, 8.538837767e-5f, -0.0008181927015f);
        p = TLanes.MultiplyAdd(p, square, 0.005204436009f);
        p = TLanes.MultiplyAdd(p, square, -0.02686075281f);
        p = TLanes.MultiplyAdd(p, square, 0.1128371972f);
        p = TLanes.MultiplyAdd(p, square, -0.3761263531f);
        p = TLanes.MultiplyAdd(p, square, 0.128379167f);
        TLanes small = TLanes.MultiplyAdd(x, p, x);

        // |x| ≥ 0.9: 1 − e^−Q(|x|) with Q the fit of −ln erfc; from 4 on the result is 1 to the last bit.
        TLanes t = TLanes.AtMost(magnitude, 4.1f);
        TLanes q = TLanes.MultiplyAdd(t, 2.082865381e-5f, -0.0004313939577f);
        q = TLanes.MultiplyAdd(q, t, 0.004156256724f);
        q = TLanes.MultiplyAdd(q, t, -0.025080621f);
        q = TLanes.MultiplyAdd(q, t, 0.1082203906f);
        q = TLanes.MultiplyAdd(q, t, 0.6334008453f);
        q = TLanes.MultiplyAdd(q, t, 1.129488409f);
        q = TLanes.MultiplyAdd(q, t, -0.0001692056239f);
        TLanes large = TLanes.CopySign(1 - Exp(-q), x);

        return TLanes.Select(magnitude < 0.9f, small, large);
    }
}
