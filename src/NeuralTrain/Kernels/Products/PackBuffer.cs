using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// The working memory of a thread for packed operands: pinned, aligned to cache lines, made at the thread's first packed
/// product and kept until the thread ends, so that products allocate nothing afterwards.
/// </summary>
internal static unsafe class PackBuffer
{
    private const int LineBytes = 64;

    [ThreadStatic]
    private static float[]? _buffer;

    /// <summary>At least <paramref name="length"/> floats, starting on a cache line. Their content is arbitrary.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Get(int length)
    {
        float[]? buffer = _buffer;
        if (buffer is null || buffer.Length < length + (LineBytes / sizeof(float)))
        {
            buffer = Grow(length);
        }

        // The array is pinned for life, so its address may outlive the reference taken here.
        nuint address = (nuint)Unsafe.AsPointer(ref buffer[0]);
        return (float*)((address + LineBytes - 1) & ~(nuint)(LineBytes - 1));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float[] Grow(int length)
    {
        float[] buffer = GC.AllocateUninitializedArray<float>(length + (LineBytes / sizeof(float)), pinned: true);
        _buffer = buffer;
        return buffer;
    }
}
