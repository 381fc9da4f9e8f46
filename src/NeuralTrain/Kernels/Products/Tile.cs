namespace NeuralTrain.Kernels;

/// <summary>
/// One tile of a product for a micro-kernel: where its operands begin and how far apart their elements are.
/// Element (i, p) of a stands at A[i·ARow + p·AInner], row p of b at B + p·BInner, row i of the result at C + i·CRow.
/// </summary>
internal unsafe struct Tile
{
    public float* A;
    public nint ARow;
    public nint AInner;

    /// <summary>Whether rows of A along the inner index come from beyond the first-level cache and are worth asking for ahead.</summary>
    public bool PrefetchesA;

    public float* B;
    public nint BInner;

    /// <summary>Where a packing tile writes its rows of B, one after the other.</summary>
    public float* Panel;

    public float* C;
    public nint CRow;

    /// <summary>What the product is added to: null for nothing, the result itself to accumulate, or one row of biases.</summary>
    public float* Origin;

    /// <summary>Zero when every row of the tile has the same origin (biases).</summary>
    public nint OriginRow;

    /// <summary>Length of the sum.</summary>
    public nint Inner;

    /// <summary>Rows of the result to ask for every sixteen steps; zero when it is in the first-level cache anyway.</summary>
    public int AheadC;

    /// <summary>Rows of the next panel of B to ask for every sixteen steps; zero when there is none to ask for.</summary>
    public int AheadB;

    /// <summary>Where the part of the next panel this tile asks for begins.</summary>
    public float* NextB;

    /// <summary>The distance between the rows of the next panel.</summary>
    public nint NextBRow;

    /// <summary>Columns used of the last register; only read by partial tiles.</summary>
    public int Tail;
}
