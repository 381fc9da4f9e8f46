using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuralTrain.Kernels;

/// <summary>
/// A product of few rows, or columns, with a transposed matrix, computed as dot products: transposing would cost more than the
/// product. A tile of up to four rows of A and four columns of B is read along the inner index on both sides, so nothing is packed.
/// Each value is summed in the lanes of one register and over the lanes at the end, in an order that depends on the length alone.
/// </summary>
internal static unsafe class DotProduct<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    private const int TileRows = 4;
    private const int TileColumns = 4;

    /// <summary>Computes the rows and columns given (from, below) of the product.</summary>
    [MethodImpl(Jit.Full)]
    public static void Run(in ProductOperands product, int rowStart, int rowEnd, int columnStart, int columnEnd)
    {
        // The smaller operand is passed over again and again and stays in the first-level cache; the other passes by once.
        if (rowEnd - rowStart <= columnEnd - columnStart)
        {
            for (int column = columnStart; column < columnEnd; column += TileColumns)
            {
                for (int row = rowStart; row < rowEnd; row += TileRows) RunTile(product, row, rowEnd, column, columnEnd);
            }
        }
        else
        {
            for (int row = rowStart; row < rowEnd; row += TileRows)
            {
                for (int column = columnStart; column < columnEnd; column += TileColumns) RunTile(product, row, rowEnd, column, columnEnd);
            }
        }
    }

    [MethodImpl(Jit.Full)]
    private static void RunTile(in ProductOperands product, int row, int rowEnd, int column, int columnEnd)
    {
        switch (columnEnd - column)
        {
            case 1: RunTile<Counts.One>(product, row, column, rowEnd - row); break;
            case 2: RunTile<Counts.Two>(product, row, column, rowEnd - row); break;
            case 3: RunTile<Counts.Three>(product, row, column, rowEnd - row); break;
            default: RunTile<Counts.Four>(product, row, column, rowEnd - row); break;
        }
    }

    [MethodImpl(Jit.Full)]
    private static void RunTile<TColumns>(in ProductOperands product, int row, int column, int rows)
        where TColumns : unmanaged
    {
        switch (rows)
        {
            case 1: RunTile<Counts.One, TColumns>(product, row, column); break;
            case 2: RunTile<Counts.Two, TColumns>(product, row, column); break;
            case 3: RunTile<Counts.Three, TColumns>(product, row, column); break;
            default: RunTile<Counts.Four, TColumns>(product, row, column); break;
        }
    }

    [MethodImpl(Jit.Full)]
    private static void RunTile<TRows, TColumns>(in ProductOperands product, int row, int column)
        where TRows : unmanaged
        where TColumns : unmanaged
    {
        TVector sum00 = default, sum01 = default, sum02 = default, sum03 = default;
        TVector sum10 = default, sum11 = default, sum12 = default, sum13 = default;
        TVector sum20 = default, sum21 = default, sum22 = default, sum23 = default;
        TVector sum30 = default, sum31 = default, sum32 = default, sum33 = default;

        nint aRow = product.ARow, bColumn = product.BColumn;
        float* a0 = product.A + (row * aRow);
        float* a1 = a0 + aRow;
        float* a2 = a1 + aRow;
        float* a3 = a2 + aRow;
        float* b0 = product.B + (column * bColumn);
        float* b1 = b0 + bColumn;
        float* b2 = b1 + bColumn;
        float* b3 = b2 + bColumn;
        float* c = product.C + (row * product.CRow) + column;
        float* origin = product.Origin is null ? null : product.Origin + (row * product.OriginRow) + column;
        nint p = 0;
        for (; p <= product.Inner - TRegister.Count; p += TRegister.Count)
        {
            TVector y0 = TRegister.Load(b0 + p);
            TVector y1 = sizeof(TColumns) > 1 ? TRegister.Load(b1 + p) : default;
            TVector y2 = sizeof(TColumns) > 2 ? TRegister.Load(b2 + p) : default;
            TVector y3 = sizeof(TColumns) > 3 ? TRegister.Load(b3 + p) : default;
            Add(0, a0 + p, 0, y0, y1, y2, y3, ref sum00, ref sum01, ref sum02, ref sum03);
            Add(1, a1 + p, 0, y0, y1, y2, y3, ref sum10, ref sum11, ref sum12, ref sum13);
            Add(2, a2 + p, 0, y0, y1, y2, y3, ref sum20, ref sum21, ref sum22, ref sum23);
            Add(3, a3 + p, 0, y0, y1, y2, y3, ref sum30, ref sum31, ref sum32, ref sum33);
        }

        int rest = (int)(product.Inner - p);
        if (rest > 0)
        {
            // The lanes beyond the rest are zeros on both sides and add nothing.
            TVector y0 = TRegister.LoadFirst(b0 + p, rest);
            TVector y1 = sizeof(TColumns) > 1 ? TRegister.LoadFirst(b1 + p, rest) : default;
            TVector y2 = sizeof(TColumns) > 2 ? TRegister.LoadFirst(b2 + p, rest) : default;
            TVector y3 = sizeof(TColumns) > 3 ? TRegister.LoadFirst(b3 + p, rest) : default;
            Add(0, a0 + p, rest, y0, y1, y2, y3, ref sum00, ref sum01, ref sum02, ref sum03);
            Add(1, a1 + p, rest, y0, y1, y2, y3, ref sum10, ref sum11, ref sum12, ref sum13);
            Add(2, a2 + p, rest, y0, y1, y2, y3, ref sum20, ref sum21, ref sum22, ref sum23);
            Add(3, a3 + p, rest, y0, y1, y2, y3, ref sum30, ref sum31, ref sum32, ref sum33);
        }

        Write(0, c, product.CRow, origin, product.OriginRow, sum00, sum01, sum02, sum03);
        Write(1, c, product.CRow, origin, product.OriginRow, sum10, sum11, sum12, sum13);
        Write(2, c, product.CRow, origin, product.OriginRow, sum20, sum21, sum22, sum23);
        Write(3, c, product.CRow, origin, product.OriginRow, sum30, sum31, sum32, sum33);

        // Row i in one step: a whole register of A where rest is 0, else so many floats, times those of the columns.
        [MethodImpl(Jit.Inline)]
        static void Add(
            int i, float* a, int rest, TVector y0, TVector y1, TVector y2, TVector y3, ref TVector sum0, ref TVector sum1, ref TVector sum2, ref TVector sum3)
        {
            if (i >= sizeof(TRows)) return;
            TVector x = rest == 0 ? TRegister.Load(a) : TRegister.LoadFirst(a, rest);
            sum0 = TRegister.MultiplyAdd(x, y0, sum0);
            if (sizeof(TColumns) > 1) sum1 = TRegister.MultiplyAdd(x, y1, sum1);
            if (sizeof(TColumns) > 2) sum2 = TRegister.MultiplyAdd(x, y2, sum2);
            if (sizeof(TColumns) > 3) sum3 = TRegister.MultiplyAdd(x, y3, sum3);
        }

        // The end of row i: its origin plus its sums, to the result.
        [MethodImpl(Jit.Inline)]
        static void Write(int i, float* c, nint cRow, float* origin, nint originRow, TVector sum0, TVector sum1, TVector sum2, TVector sum3)
        {
            if (i >= sizeof(TRows)) return;
            Vector128<float> sums = TRegister.Sums(sum0, sum1, sum2, sum3);
            if (origin is not null) sums = Register128.LoadFirst(origin + (i * originRow), sizeof(TColumns)) + sums;
            Register128.StoreFirst(c + (i * cRow), sums, sizeof(TColumns));
        }
    }
}
