using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>Eight floats in a 256-bit register (AVX2 and FMA). Right on any machine, fast where the register exists.</summary>
internal readonly unsafe struct Register256 : IRegister<Vector256<float>>
{
    public static int Count => 8;

    // 16 registers: 12 accumulators, two of b, one broadcast of a.
    public static int MaxRows => 6;

    public static bool EmbedsBroadcasts => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* target, Vector256<float> value) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadFirst(float* source, int count)
    {
        if (Avx.IsSupported)
        {
            return Avx.MaskLoad(source, Mask(count));
        }

        Vector256<float> value = default;
        for (int i = 0; i < count; i++)
        {
            ((float*)&value)[i] = source[i];
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(float* target, Vector256<float> value, int count)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(target, Mask(count), value);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            target[i] = ((float*)&value)[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Vector256.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
    {
        if (Avx.IsSupported)
        {
            // As for 128 bits, in both halves at once; then the halves.
            Vector256<float> ab = Avx.UnpackLow(a, b) + Avx.UnpackHigh(a, b);
            Vector256<float> cd = Avx.UnpackLow(c, d) + Avx.UnpackHigh(c, d);
            Vector256<float> all = Avx.Shuffle(ab, cd, 0b01_00_01_00) + Avx.Shuffle(ab, cd, 0b11_10_11_10);
            return all.GetLower() + all.GetUpper();
        }

        return Vector128.Create(Vector256.Sum(a), Vector256.Sum(b), Vector256.Sum(c), Vector256.Sum(d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Mask(int count) =>
        Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();
}
