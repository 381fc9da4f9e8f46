using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// Sums over the rows of a matrix, one for each column, the columns divided between the threads of the team. Four sums are kept
/// for a column, for every fourth row, so that an addition need not wait for the one before it; which row goes into which
/// depends on nothing else.
/// </summary>
internal static unsafe class ColumnSums<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    // Parts begin at a cache line, so that no two threads write to one.
    private const int LineFloats = 16;

    /// <summary>sums[j] += the sum of values[i·columns + j] over the rows i, in the given number of parts.</summary>
    [MethodImpl(Jit.Inline)]
    public static void Run(float* values, float* sums, int rows, int columns, int parts)
    {
        if (parts <= 1)
        {
            Add(values, sums, rows, columns, columns);
            return;
        }

        Split split = new() { Values = values, Sums = sums, Rows = rows, Columns = columns, Parts = parts };
        Team.Run(parts, &RunPart, &split);
    }

    [MethodImpl(Jit.Full)]
    private static void RunPart(void* context, int part)
    {
        Split* split = (Split*)context;
        long lines = (split->Columns + LineFloats - 1) / LineFloats;
        int start = (int)(lines * part / split->Parts) * LineFloats;
        int end = (int)Math.Min(lines * (part + 1) / split->Parts * LineFloats, split->Columns);
        Add(split->Values + start, split->Sums + start, split->Rows, end - start, split->Columns);
    }

    [MethodImpl(Jit.Full)]
    private static void Add(float* values, float* sums, int rows, int width, nint columns)
    {
        int j = 0;
        for (; j <= width - TRegister.Count; j += TRegister.Count)
        {
            TVector sum = Sum(values + j, rows, columns, 0);
            TRegister.Store(sums + j, TRegister.Add(TRegister.Load(sums + j), sum));
        }

        int rest = width - j;
        if (rest > 0)
        {
            TVector sum = Sum(values + j, rows, columns, rest);
            TRegister.StoreFirst(sums + j, TRegister.Add(TRegister.LoadFirst(sums + j, rest), sum), rest);
        }
    }

    // Of a whole register of columns where rest is 0, else of so many.
    [MethodImpl(Jit.Inline)]
    private static TVector Sum(float* v, int rows, nint columns, int rest)
    {
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        int i = 0;
        for (; i <= rows - 4; i += 4)
        {
            sum0 = TRegister.Add(sum0, Load(v, rest));
            sum1 = TRegister.Add(sum1, Load(v + columns, rest));
            sum2 = TRegister.Add(sum2, Load(v + (2 * columns), rest));
            sum3 = TRegister.Add(sum3, Load(v + (3 * columns), rest));
            v += 4 * columns;
        }

        for (; i < rows; i++)
        {
            sum0 = TRegister.Add(sum0, Load(v, rest));
            v += columns;
        }

        return TRegister.Add(TRegister.Add(sum0, sum1), TRegister.Add(sum2, sum3));
    }

    [MethodImpl(Jit.Inline)]
    private static TVector Load(float* source, int rest) => rest == 0 ? TRegister.Load(source) : TRegister.LoadFirst(source, rest);

    private struct Split
    {
        public float* Values, Sums;
        public int Rows, Columns, Parts;
    }
}
