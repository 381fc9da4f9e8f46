namespace NeuralTrain.Tests.Diagnostics;

/// <summary>A stream of unknown length that repeats the rows of a data set for ever, or has none; it counts what was read.</summary>
internal sealed class EndlessSource(Dataset? data) : BatchSource(data?.InputSize ?? 4, data?.TargetSize ?? 3)
{
    public int RowsRead { get; private set; }

    public override BatchReader Read(BatchPlan plan) => new Reader(this, plan.BatchSize);

    private sealed class Reader(EndlessSource source, int rows) : BatchReader
    {
        public override bool Read()
        {
            if (source.Data is not Dataset data)
            {
                return false;
            }

            if (Inputs.IsEmpty)
            {
                (Inputs, Targets) = (new Matrix(rows, source.InputSize), new Matrix(rows, source.TargetSize));
            }

            for (int i = 0; i < rows; i++)
            {
                int row = (source.RowsRead + i) % data.Inputs.Rows;
                data.Inputs.Row(row).CopyTo(Inputs.Row(i));
                data.Targets.Row(row).CopyTo(Targets.Row(i));
            }

            source.RowsRead += rows;
            return true;
        }
    }

    private Dataset? Data { get; } = data;
}
