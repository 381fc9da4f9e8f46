namespace NeuralTrain.Kernels;

/// <summary>Sums over the rows of a matrix at one register width, the columns divided between the threads of the team.</summary>
internal static unsafe class SplitColumnSums<TRegister, TVector>
    where TRegister : struct, IRegister<TVector>
    where TVector : unmanaged
{
    // Parts begin at a cache line, so that no two threads write to one.
    private const int LineFloats = 16;

    /// <summary>sums[j] += the sum of values[i·columns + j] over the rows i, in the given number of parts.</summary>
    public static void Run(float* values, float* sums, int rows, int columns, int parts)
    {
        if (parts <= 1)
        {
            ColumnSums<TRegister, TVector>.Add(values, sums, rows, columns, columns);
            return;
        }

        Split split = new() { Values = values, Sums = sums, Rows = rows, Columns = columns, Parts = parts };
        Team.Run(parts, &RunPart, &split);
    }

    private static void RunPart(void* context, int part)
    {
        Split* split = (Split*)context;
        long lines = (split->Columns + LineFloats - 1) / LineFloats;
        int start = (int)(lines * part / split->Parts) * LineFloats;
        int end = (int)Math.Min(lines * (part + 1) / split->Parts * LineFloats, split->Columns);
        ColumnSums<TRegister, TVector>.Add(split->Values + start, split->Sums + start, split->Rows, end - start, split->Columns);
    }

    private struct Split
    {
        public float* Values;
        public float* Sums;
        public int Rows;
        public int Columns;
        public int Parts;
    }
}
