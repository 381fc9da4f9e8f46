using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>Two counters at once.</summary>
internal readonly unsafe struct Counters128 : ICounters<Counters128>
{
    private readonly Vector128<ulong> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Counters128(Vector128<ulong> value) => _value = value;

    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters128 Broadcast(ulong value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters128 Sequence(ulong first) => new(Vector128.Create(first) + Vector128<ulong>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters128 MultiplyLow(Counters128 left, Counters128 right)
    {
        if (Sse2.IsSupported)
        {
            return new(Sse2.Multiply(left._value.AsUInt32(), right._value.AsUInt32()));
        }

        Vector128<ulong> low = Vector128.Create((ulong)uint.MaxValue);
        return new((left._value & low) * (right._value & low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters128 operator ^(Counters128 left, Counters128 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters128 HighWord(Counters128 value) => new(Vector128.ShiftRightLogical(value._value, 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Counters128 first, Counters128 second, uint* words)
    {
        Vector128<ulong> low = first._value & Vector128.Create((ulong)uint.MaxValue);
        (low | Vector128.ShiftLeft(second._value, 32)).AsUInt32().Store(words);
    }
}
