using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>Copies chosen rows, which usually lie far apart in memory, into a block.</summary>
internal static unsafe class RowGather
{
    // The processor sees only the row that is being copied coming. While one is copied, its counterpart two further is fetched, cache line by cache line.
    private const int Ahead = 2;

    /// <summary>target[i, :] = source[rows[i], :]</summary>
    [MethodImpl(Jit.Full)]
    internal static void Run(ReadOnlySpan<float> source, ReadOnlySpan<int> rows, Span<float> target, int columns)
    {
        KernelGuard.Length<float>(target, KernelGuard.Block(rows.Length, columns));
        int sourceRows = KernelGuard.Rows(source, columns);
        fixed (float* pSource = source, pTarget = target)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                if ((uint)rows[i] >= (uint)sourceRows) throw new ArgumentOutOfRangeException(nameof(rows), rows[i], $"The rows must lie in 0 to {sourceRows - 1}, received {rows[i]}.");
                float* from = pSource + ((nint)rows[i] * columns), to = pTarget + ((nint)i * columns);
                float* next = pSource + ((nint)rows[Math.Min(i + Ahead, rows.Length - 1)] * columns);
                nint column = 0;
                for (; Vector256.IsHardwareAccelerated && column + 16 <= columns; column += 16)
                {
                    if (Sse.IsSupported) Sse.Prefetch0(next + column);
                    Vector256.Store(Vector256.Load(from + column), to + column);
                    Vector256.Store(Vector256.Load(from + column + 8), to + column + 8);
                }

                if (Sse.IsSupported) Sse.Prefetch0(next + column);
                new ReadOnlySpan<float>(from + column, columns - (int)column).CopyTo(new Span<float>(to + column, columns - (int)column));
            }
        }
    }
}
