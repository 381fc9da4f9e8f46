using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// Sums over the rows of a matrix, one for each column. Four sums are kept for a column, for every fourth row, so that an
/// addition need not wait for the one before it; which row goes into which depends on nothing else.
/// </summary>
internal static unsafe class ColumnSums<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    /// <summary>sums[j] += the sum of values[i·columns + j] over the rows i, for j below width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* values, float* sums, int rows, int width, int columns)
    {
        int j = 0;
        for (; j <= width - TRegister.Count; j += TRegister.Count)
        {
            float* v = values + j;
            TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            int i = 0;
            for (; i <= rows - 4; i += 4)
            {
                sum0 = TRegister.Add(sum0, TRegister.Load(v));
                sum1 = TRegister.Add(sum1, TRegister.Load(v + columns));
                sum2 = TRegister.Add(sum2, TRegister.Load(v + (2 * (nint)columns)));
                sum3 = TRegister.Add(sum3, TRegister.Load(v + (3 * (nint)columns)));
                v += 4 * (nint)columns;
            }

            for (; i < rows; i++)
            {
                sum0 = TRegister.Add(sum0, TRegister.Load(v));
                v += columns;
            }

            TVector sum = TRegister.Add(TRegister.Add(sum0, sum1), TRegister.Add(sum2, sum3));
            TRegister.Store(sums + j, TRegister.Add(TRegister.Load(sums + j), sum));
        }

        int rest = width - j;
        if (rest > 0)
        {
            float* v = values + j;
            TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            int i = 0;
            for (; i <= rows - 4; i += 4)
            {
                sum0 = TRegister.Add(sum0, TRegister.LoadFirst(v, rest));
                sum1 = TRegister.Add(sum1, TRegister.LoadFirst(v + columns, rest));
                sum2 = TRegister.Add(sum2, TRegister.LoadFirst(v + (2 * (nint)columns), rest));
                sum3 = TRegister.Add(sum3, TRegister.LoadFirst(v + (3 * (nint)columns), rest));
                v += 4 * (nint)columns;
            }

            for (; i < rows; i++)
            {
                sum0 = TRegister.Add(sum0, TRegister.LoadFirst(v, rest));
                v += columns;
            }

            TVector sum = TRegister.Add(TRegister.Add(sum0, sum1), TRegister.Add(sum2, sum3));
            TRegister.StoreFirst(sums + j, TRegister.Add(TRegister.LoadFirst(sums + j, rest), sum), rest);
        }
    }
}
