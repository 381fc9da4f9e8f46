using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>One row of a tile in one step: its value of A times the step's one or two registers of B, added to its sums.</summary>
internal static unsafe class TileRow<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    /// <summary>
    /// Whether to read a value twice, where a multiply-add can broadcast its own operand: that saves an instruction. For
    /// every other row only, or two reads a cycle would not suffice.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Twice<TLayout>()
        where TLayout : struct, ITileLayout => TLayout.IsAdjacent && TRegister.EmbedsBroadcasts;

    /// <summary>Broadcasts the value once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TColumns>(float* value, TVector bLeft, TVector bRight, ref TVector left, ref TVector right)
        where TColumns : struct, ITileColumns
    {
        TVector a = TRegister.Broadcast(*value);
        left = TRegister.MultiplyAdd(a, bLeft, left);
        if (TColumns.IsDouble)
        {
            right = TRegister.MultiplyAdd(a, bRight, right);
        }
    }

    /// <summary>
    /// Reads the value twice, the second time from a pointer of its own: from one the compiler would make one broadcast.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTwice<TColumns>(
        float* value, float* again, TVector bLeft, TVector bRight, ref TVector left, ref TVector right)
        where TColumns : struct, ITileColumns
    {
        left = TRegister.MultiplyAdd(TRegister.Broadcast(*value), bLeft, left);
        if (TColumns.IsDouble)
        {
            right = TRegister.MultiplyAdd(TRegister.Broadcast(*again), bRight, right);
        }
    }
}
