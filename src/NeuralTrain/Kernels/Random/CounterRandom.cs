using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// Random values as a pure function of a seed and a position: element i of a span gets the value of position
/// offset + i of the stream of that seed, whatever the length, the width of the registers or the number of threads.
/// Drawing again from the same place gives the same values; a caller advances the offset by what it has used.
/// </summary>
internal static unsafe class CounterRandom
{
    /// <summary>low + (high − low)·u with u uniform in [0, 1), in multiples of 2⁻²⁴; the rounding of the sum may reach high.</summary>
    [MethodImpl(Jit.Full)]
    internal static void FillUniform(Span<float> destination, ulong seed, ulong offset, float low = 0, float high = 1)
    {
        fixed (float* pDestination = destination)
        {
            RandomLoop.Run(new UniformBody(pDestination, high - low, low), destination.Length, seed, offset);
        }
    }

    /// <summary>Normal with the given mean and standard deviation, by Box and Muller.</summary>
    [MethodImpl(Jit.Full)]
    internal static void FillNormal(Span<float> destination, ulong seed, ulong offset, float mean, float standardDeviation)
    {
        fixed (float* pDestination = destination)
        {
            RandomLoop.Run(new NormalBody(pDestination, standardDeviation, mean), destination.Length, seed, offset);
        }
    }

    /// <summary>0 with the given probability (in steps of 2⁻²⁴), else <paramref name="scale"/>.</summary>
    [MethodImpl(Jit.Full)]
    internal static void FillDropoutMask(Span<float> mask, ulong seed, ulong offset, float probability, float scale)
    {
        fixed (float* pMask = mask)
        {
            RandomLoop.Run(new MaskBody(pMask, probability, scale), mask.Length, seed, offset);
        }
    }

    /// <summary>Draws the mask as <see cref="FillDropoutMask"/> does and writes y = x·mask in the same sweep; y may be x.</summary>
    [MethodImpl(Jit.Full)]
    internal static void Dropout(
        ReadOnlySpan<float> x, Span<float> mask, Span<float> y, ulong seed, ulong offset, float probability, float scale)
    {
        KernelGuard.Length<float>(mask, x.Length);
        KernelGuard.Length<float>(y, x.Length);
        fixed (float* px = x, pMask = mask, py = y)
        {
            RandomLoop.Run(new DropoutBody(px, py, new(pMask, probability, scale)), x.Length, seed, offset);
        }
    }

    /// <summary>Writes scale·random + shift, of uniform values.</summary>
    private readonly struct UniformBody(float* destination, float scale, float shift) : IRandomBody
    {
        public static bool IsNormal => false;

        [MethodImpl(Jit.Inline)]
        public void Run<TLanes>(TLanes random, nint index, nint count) where TLanes : unmanaged, ILanes<TLanes> =>
            ((random * scale) + shift).Store(destination + index, count);
    }

    /// <summary>Writes scale·random + shift, of standard normal values.</summary>
    internal readonly struct NormalBody(float* destination, float scale, float shift) : IRandomBody
    {
        public static bool IsNormal => true;

        [MethodImpl(Jit.Inline)]
        public void Run<TLanes>(TLanes random, nint index, nint count) where TLanes : unmanaged, ILanes<TLanes> =>
            ((random * scale) + shift).Store(destination + index, count);
    }

    /// <summary>Writes a mask: 0 with the given probability, else the scale.</summary>
    private readonly struct MaskBody(float* mask, float probability, float scale) : IRandomBody
    {
        public static bool IsNormal => false;

        [MethodImpl(Jit.Inline)]
        public void Run<TLanes>(TLanes random, nint index, nint count) where TLanes : unmanaged, ILanes<TLanes> =>
            Draw(random, index, count);

        [MethodImpl(Jit.Inline)]
        internal TLanes Draw<TLanes>(TLanes random, nint index, nint count) where TLanes : unmanaged, ILanes<TLanes>
        {
            TLanes value = (random >= probability) & scale;
            value.Store(mask + index, count);
            return value;
        }
    }

    /// <summary>Draws a dropout mask, keeps it and applies it in one sweep.</summary>
    private readonly struct DropoutBody(float* x, float* y, MaskBody mask) : IRandomBody
    {
        public static bool IsNormal => false;

        [MethodImpl(Jit.Inline)]
        public void Run<TLanes>(TLanes random, nint index, nint count) where TLanes : unmanaged, ILanes<TLanes> =>
            (TLanes.Load(x + index, count) * mask.Draw(random, index, count)).Store(y + index, count);
    }
}
