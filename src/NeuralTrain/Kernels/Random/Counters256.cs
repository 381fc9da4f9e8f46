using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>Four counters at once.</summary>
internal readonly unsafe struct Counters256 : ICounters<Counters256>
{
    private readonly Vector256<ulong> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Counters256(Vector256<ulong> value) => _value = value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters256 Broadcast(ulong value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters256 Sequence(ulong first) => new(Vector256.Create(first) + Vector256<ulong>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters256 MultiplyLow(Counters256 left, Counters256 right)
    {
        if (Avx2.IsSupported)
        {
            return new(Avx2.Multiply(left._value.AsUInt32(), right._value.AsUInt32()));
        }

        Vector256<ulong> low = Vector256.Create((ulong)uint.MaxValue);
        return new((left._value & low) * (right._value & low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters256 operator ^(Counters256 left, Counters256 right) => new(left._value ^ right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Counters256 HighWord(Counters256 value) => new(Vector256.ShiftRightLogical(value._value, 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Counters256 first, Counters256 second, uint* words)
    {
        Vector256<ulong> low = first._value & Vector256.Create((ulong)uint.MaxValue);
        (low | Vector256.ShiftLeft(second._value, 32)).AsUInt32().Store(words);
    }
}
