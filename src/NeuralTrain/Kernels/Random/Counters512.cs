using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>Eight counters at once.</summary>
internal readonly unsafe struct Counters512 : ICounters<Counters512>
{
    private readonly Vector512<ulong> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Counters512(Vector512<ulong> value) => _value = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters512 Broadcast(ulong value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters512 Sequence(ulong first) => new(Vector512.Create(first) + Vector512<ulong>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters512 MultiplyLow(Counters512 left, Counters512 right)
    {
        if (Avx512F.IsSupported)
        {
            return new(Avx512F.Multiply(left._value.AsUInt32(), right._value.AsUInt32()));
        }

        Vector512<ulong> low = Vector512.Create((ulong)uint.MaxValue);
        return new((left._value & low) * (right._value & low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters512 operator ^(Counters512 left, Counters512 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters512 HighWord(Counters512 value) => new(Vector512.ShiftRightLogical(value._value, 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Counters512 first, Counters512 second, uint* words)
    {
        Vector512<ulong> low = first._value & Vector512.Create((ulong)uint.MaxValue);
        (low | Vector512.ShiftLeft(second._value, 32)).AsUInt32().Store(words);
    }
}
