using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>Copies chosen rows, which usually lie far apart in memory, into a block.</summary>
internal static unsafe class RowGather
{
    // The processor sees only the row that is being copied coming. While one is copied, the second after it is fetched, cache line by cache line, into the second-level
    // cache: into the first it takes 1.2 times as long, as fewer lines can be on their way there.
    private const int Ahead = 2, CacheLine = 16;

    /// <summary>target[i, :] = source[rows[i], :]</summary>
    [MethodImpl(Jit.Full)]
    internal static void Run(ReadOnlySpan<float> source, ReadOnlySpan<int> rows, Span<float> target, int columns)
    {
        KernelGuard.Length<float>(target, KernelGuard.Block(rows.Length, columns));
        int sourceRows = KernelGuard.Rows(source, columns);
        foreach (int row in rows)
        {
            if ((uint)row >= (uint)sourceRows) throw new ArgumentOutOfRangeException(nameof(rows), row, $"The rows must lie in 0 to {sourceRows - 1}, received {row}.");
        }

        fixed (float* pSource = source, pTarget = target)
        fixed (int* pRows = rows)
        {
            RowLoop.Run(new Body(pSource, pRows, pTarget, rows.Length - 1, columns), rows.Length, columns);
        }
    }

    private readonly struct Body(float* source, int* rows, float* target, int last, nint columns) : IRowBody
    {
        [MethodImpl(Jit.Inline)]
        public double Run<TLanes>(int row)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            float* from = source + (rows[row] * columns), next = source + (rows[Math.Min(row + Ahead, last)] * columns), to = target + (row * columns);
            for (nint column = 0; column < columns; column += TLanes.Count)
            {
                if (Sse.IsSupported && column % CacheLine == 0) Sse.Prefetch1(next + column);
                TLanes.Load(from + column, columns - column).Store(to + column, columns - column);
            }

            return 0;
        }
    }
}
