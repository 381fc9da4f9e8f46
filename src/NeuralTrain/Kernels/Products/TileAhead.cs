using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NeuralTrain.Kernels;

/// <summary>
/// Asks for memory a tile, or the tiles after it, will need, a little every sixteen steps: so the waiting is spread under
/// the multiply-adds, instead of standing at the end of every tile and at the beginning of every panel.
/// </summary>
internal static unsafe class TileAhead
{
    /// <summary>Steps between two turns of asking.</summary>
    public const int Turn = 16;

    /// <summary>Floats asked for of a row of the next panel in one turn.</summary>
    public const int Piece = 2 * LineFloats;

    // Rows begin anywhere in a line, so that two lines of floats may lie in three.
    private const int LineFloats = 16;

    /// <summary>Asks for the share of one turn of sixteen steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ask(in Tile tile, int rows, nint turn)
    {
        nint row = turn * tile.AheadC;
        float* c = tile.C + (row * tile.CRow);
        for (nint end = Math.Min(row + tile.AheadC, rows); row < end; row++)
        {
            Sse.Prefetch0(c);
            Sse.Prefetch0(c + LineFloats);
            Sse.Prefetch0(c + Piece - 1);
            c += tile.CRow;
        }

        // Into the second-level cache only: the first is full of the present panel.
        float* b = tile.NextB + (turn * tile.AheadB * tile.NextBRow);
        for (int i = 0; i < tile.AheadB; i++)
        {
            Sse.Prefetch1(b);
            Sse.Prefetch1(b + LineFloats);
            Sse.Prefetch1(b + Piece - 1);
            b += tile.NextBRow;
        }
    }
}
