using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Lets a state that fades away, as the velocity of a weight whose gradient has become 0, come to rest at exactly 0.</summary>
/// <remarks>
/// Without it the state would end among the subnormal numbers and stay there, since 0.9 of the least one rounds to itself; processors
/// compute with those ten to fifty times slower. What is cut off moves no float32 weight: it is 1e-30, where roundings are about 1e-8.
/// </remarks>
internal static class Fading
{
    private static float Least => 1e-30f;

    /// <summary>The state, or 0 where its magnitude is below 1e-30. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes ToZero<TLanes>(TLanes state)
        where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.Select(TLanes.Abs(state) < Least, TLanes.Zero, state);
}
