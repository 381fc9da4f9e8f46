using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Sine and cosine of a part of a turn, which normal deviates need.</summary>
internal static partial class VectorMath
{
    /// <summary>sin 2πu, and cos 2πu in <paramref name="cosine"/>, for u in [0, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
