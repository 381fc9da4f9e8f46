namespace NeuralTrain.Kernels;

/// <summary>
/// One matrix product C[Rows × Columns] = origin + A[Rows × Inner] · B[Inner × Columns], whatever way the operands lie in
/// memory: element (i, p) of A stands at A[i·ARow + p·AInner] and element (p, j) of B at B[p·BInner + j·BColumn].
/// One of each pair of strides is 1. The three products of a layer differ only in these strides and in the origin.
/// </summary>
internal unsafe struct ProductOperands
{
    public int Rows;
    public int Columns;
    public int Inner;
    public float* A;
    public nint ARow;
    public nint AInner;
    public float* B;
    public nint BInner;
    public nint BColumn;
    public float* C;
    public nint CRow;

    /// <summary>What the product is added to: null for nothing, C itself to accumulate, or one row of biases.</summary>
    public float* Origin;

    /// <summary>Zero when every row has the same origin (biases).</summary>
    public nint OriginRow;

    /// <summary>y[m×n] = x[m×k]·w[n×k]ᵀ + bias[n] on each row; a null bias adds nothing.</summary>
    public static ProductOperands TimesTransposed(float* x, float* w, float* bias, float* y, int m, int n, int k) => new()
    {
        Rows = m,
        Columns = n,
        Inner = k,
        A = x,
        ARow = k,
        AInner = 1,
        B = w,
        BInner = 1,
        BColumn = k,
        C = y,
        CRow = n,
        Origin = bias,
        OriginRow = 0,
    };

    /// <summary>dx[m×k] = dy[m×n]·w[n×k].</summary>
    public static ProductOperands Times(float* dy, float* w, float* dx, int m, int n, int k) => new()
    {
        Rows = m,
        Columns = k,
        Inner = n,
        A = dy,
        ARow = n,
        AInner = 1,
        B = w,
        BInner = k,
        BColumn = 1,
        C = dx,
        CRow = k,
    };

    /// <summary>dw[n×k] += dy[m×n]ᵀ·x[m×k].</summary>
    public static ProductOperands AddTransposedTimes(float* dy, float* x, float* dw, int m, int n, int k) => new()
    {
        Rows = n,
        Columns = k,
        Inner = m,
        A = dy,
        ARow = 1,
        AInner = n,
        B = x,
        BInner = k,
        BColumn = 1,
        C = dw,
        CRow = k,
        Origin = dw,
        OriginRow = k,
    };
}
