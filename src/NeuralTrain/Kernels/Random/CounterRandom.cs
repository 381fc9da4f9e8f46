namespace NeuralTrain.Kernels;

/// <summary>
/// Random values as a pure function of a seed and a position: element i of a span gets the value of position
/// offset + i of the stream of that seed, whatever the length, the width of the registers or the number of threads.
/// Drawing again from the same place gives the same values; a caller advances the offset by what it has used.
/// </summary>
internal static unsafe class CounterRandom
{
    /// <summary>Uniform in [0, 1), multiples of 2⁻²⁴.</summary>
    internal static void FillUniform(Span<float> destination, ulong seed, ulong offset) =>
        FillUniform(destination, seed, offset, 0, 1);

    /// <summary>low + (high − low)·u with u uniform in [0, 1); the rounding of the sum may reach high.</summary>
    internal static void FillUniform(Span<float> destination, ulong seed, ulong offset, float low, float high)
    {
        fixed (float* pDestination = destination)
        {
            RandomLoop.Run(new RandomUniformBody(pDestination, high - low, low), destination.Length, seed, offset);
        }
    }

    /// <summary>Normal with the given mean and deviation, by Box and Muller.</summary>
    internal static void FillNormal(Span<float> destination, ulong seed, ulong offset, float mean, float deviation)
    {
        fixed (float* pDestination = destination)
        {
            RandomLoop.Run(new RandomNormalBody(pDestination, deviation, mean), destination.Length, seed, offset);
        }
    }

    /// <summary>0 with the given probability (in steps of 2⁻²⁴), else <paramref name="scale"/>.</summary>
    internal static void FillDropoutMask(Span<float> mask, ulong seed, ulong offset, float probability, float scale)
    {
        fixed (float* pMask = mask)
        {
            RandomLoop.Run(new RandomMaskBody(pMask, probability, scale), mask.Length, seed, offset);
        }
    }

    /// <summary>Draws the mask as <see cref="FillDropoutMask"/> does and writes y = x·mask in the same sweep; y may be x.</summary>
    internal static void Dropout(
        ReadOnlySpan<float> x,
        Span<float> mask,
        Span<float> y,
        ulong seed,
        ulong offset,
        float probability,
        float scale)
    {
        KernelGuard.Length<float>(mask, x.Length);
        KernelGuard.Length<float>(y, x.Length);
        fixed (float* px = x, pMask = mask, py = y)
        {
            RandomLoop.Run(new DropoutBody(px, pMask, py, probability, scale), x.Length, seed, offset);
        }
    }
}
