using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// One matrix product C[Rows × Columns] = origin + A[Rows × Inner] · B[Inner × Columns], whatever way the operands lie in
/// memory: element (i, p) of A is at A[i·ARow + p·AInner] and element (p, j) of B at B[p·BInner + j·BColumn].
/// One of each pair of strides is 1. The three products of a layer differ only in these strides and in the origin.
/// </summary>
internal unsafe struct ProductOperands
{
    // Shorter blocks leave a panel of B (32 KB at 256) and the rows of A beside it in the first-level cache, longer ones
    // pass over the result less often. Between 200 and 400 the speed hardly changes (3 %).
    private const int MaxInnerBlock = 400;

    public int Rows, Columns, Inner;
    public float* A;
    public nint ARow, AInner;
    public float* B;
    public nint BInner, BColumn;
    public float* C;
    public nint CRow;

    /// <summary>What the product is added to: null for nothing, C itself to accumulate, or one row of biases.</summary>
    public float* Origin;

    /// <summary>Zero when every row has the same origin (biases).</summary>
    public nint OriginRow;

    /// <summary>The inner index goes in equal blocks of this length, which depends on the length of the sum alone.</summary>
    public readonly int InnerBlock
    {
        [MethodImpl(Jit.Inline)]
        get
        {
            int blocks = Math.Max(1, (Inner + MaxInnerBlock - 1) / MaxInnerBlock);
            return Math.Max(1, (Inner + blocks - 1) / blocks);
        }
    }

    /// <summary>y[m×n] = x[m×k]·w[n×k]ᵀ + bias[n] on each row; a null bias adds nothing.</summary>
    public static ProductOperands TimesTransposed(float* x, float* w, float* bias, float* y, int m, int n, int k) => new()
    {
        Rows = m, Columns = n, Inner = k,
        A = x, ARow = k, AInner = 1,
        B = w, BInner = 1, BColumn = k,
        C = y, CRow = n,
        Origin = bias,
    };

    /// <summary>dx[m×k] = dy[m×n]·w[n×k].</summary>
    public static ProductOperands Times(float* dy, float* w, float* dx, int m, int n, int k) => new()
    {
        Rows = m, Columns = k, Inner = n,
        A = dy, ARow = n, AInner = 1,
        B = w, BInner = k, BColumn = 1,
        C = dx, CRow = k,
    };

    /// <summary>dw[n×k] += dy[m×n]ᵀ·x[m×k].</summary>
    public static ProductOperands AddTransposedTimes(float* dy, float* x, float* dw, int m, int n, int k) => new()
    {
        Rows = n, Columns = k, Inner = m,
        A = dy, ARow = 1, AInner = n,
        B = x, BInner = k, BColumn = 1,
        C = dw, CRow = k,
        Origin = dw, OriginRow = k,
    };
}
