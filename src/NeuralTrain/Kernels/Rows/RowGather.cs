using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>Copies rows that lie anywhere in a large block to one behind the other.</summary>
internal static unsafe class RowGather
{
    private const int LineBytes = 64;

    // While a row is copied the one after the next is on its way from memory: rows drawn at random are in no cache.
    private const int Ahead = 2;

    /// <summary>destination[i] = source[rows[i]], row by row.</summary>
    internal static void Gather(ReadOnlySpan<float> source, ReadOnlySpan<int> rows, Span<float> destination, int columns)
    {
        KernelGuard.Length(destination, KernelGuard.Block(rows.Length, columns));
        int sourceRows = columns == 0 ? 0 : source.Length / columns;
        for (int i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] >= (uint)sourceRows)
            {
                throw new ArgumentOutOfRangeException(nameof(rows), rows[i], $"The rows must lie in 0 to {sourceRows - 1}, received {rows[i]}.");
            }
        }

        fixed (float* from = source)
        {
            for (int i = 0; i < Math.Min(Ahead, rows.Length); i++)
            {
                Fetch(from, rows[i], columns);
            }

            for (int i = 0; i < rows.Length; i++)
            {
                if (i + Ahead < rows.Length)
                {
                    Fetch(from, rows[i + Ahead], columns);
                }

                source.Slice(rows[i] * columns, columns).CopyTo(destination[(i * columns)..]);
            }
        }
    }

    private static void Fetch(float* source, int row, int columns)
    {
        if (Sse.IsSupported)
        {
            byte* start = (byte*)(source + ((nint)row * columns));
            for (nint offset = 0; offset < (nint)columns * sizeof(float); offset += LineBytes)
            {
                Sse.Prefetch0(start + offset);
            }
        }
    }
}
