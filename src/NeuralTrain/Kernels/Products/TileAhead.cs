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

    /// <summary>
    /// Asks for the share of one turn of sixteen steps, and moves on to the next. The last turns may ask beyond the tile: that
    /// costs nothing and can go wrong nowhere.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ask(in Tile tile, ref float* c, ref float* b)
    {
        float* nextC = c;
        for (int i = tile.AheadC; i > 0; i--)
        {
            Sse.Prefetch0(nextC);
            Sse.Prefetch0(nextC + LineFloats);
            Sse.Prefetch0(nextC + Piece - 1);
            nextC += tile.CRow;
        }

        c = nextC;

        // Into the second-level cache only: the first is full of the present panel.
        float* nextB = b;
        for (int i = tile.AheadB; i > 0; i--)
        {
            Sse.Prefetch1(nextB);
            Sse.Prefetch1(nextB + LineFloats);
            Sse.Prefetch1(nextB + Piece - 1);
            nextB += tile.NextBRow;
        }

        b = nextB;
    }
}
