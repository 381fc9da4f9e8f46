namespace NeuralTrain;

/// <summary>One pass over a stream: a background thread makes the next batches while the present one is trained on.</summary>
internal sealed class StreamedReader : BatchReader
{
    // One is trained on, one is ready, one is being filled.
    private const int Slots = 3;

    private readonly RowReader _rows;
    private readonly int _batchSize;
    private readonly int _ahead;
    private readonly StreamedBatch _carried;
    private readonly ReadAhead<StreamedBatch> _batches;
    private StreamedBatch? _present;

    /// <summary>Takes the rows over.</summary>
    public StreamedReader(RowReader rows, BatchPlan plan, int batchSize, int inputSize, int targetSize)
    {
        _rows = rows;
        _batchSize = batchSize;

        // Whether a single row is left over shows only two rows behind the batch: they are carried over to the next one.
        _ahead = plan.MergesLastRow ? 2 : 0;
        _carried = new StreamedBatch(_ahead, inputSize, targetSize);
        var slots = new StreamedBatch[Slots];
        for (int i = 0; i < Slots; i++)
        {
            slots[i] = new StreamedBatch(checked(batchSize + _ahead), inputSize, targetSize);
        }

        _batches = new ReadAhead<StreamedBatch>(slots, Fill, rows.Dispose);
    }

    public override Matrix Inputs => _present?.Inputs.SliceRows(0, _present.Rows) ?? default;

    public override Matrix Targets => _present?.Targets.SliceRows(0, _present.Rows) ?? default;

    public override bool Read()
    {
        StreamedBatch? next = _batches.Next();
        _present = next ?? _present;
        return next is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _batches.Dispose();
        }

        base.Dispose(disposing);
    }

    // On the background thread.
    private bool Fill(StreamedBatch batch)
    {
        int rows = _carried.Rows;
        Copy(_carried, 0, batch, rows);
        _carried.Rows = 0;
        while (rows < batch.Inputs.Rows && _rows.Read(batch.Inputs.Row(rows), batch.Targets.Row(rows)))
        {
            rows++;
        }

        if (rows == _batchSize + _ahead)
        {
            Copy(batch, _batchSize, _carried, _ahead);
            _carried.Rows = _ahead;
            rows = _batchSize;
        }

        batch.Rows = rows;
        return rows > 0;
    }

    private static void Copy(StreamedBatch from, int start, StreamedBatch to, int rows)
    {
        from.Inputs.SliceRows(start, rows).CopyTo(to.Inputs.SliceRows(0, rows));
        from.Targets.SliceRows(start, rows).CopyTo(to.Targets.SliceRows(0, rows));
    }
}
