namespace NeuralTrain;

/// <summary>Rows of a source that said beforehand how many there are: refused where there are more or fewer, since order and schedules relied on it.</summary>
internal sealed class CountedRows(RowReader rows, int count) : RowReader
{
    private int _read;

    public override bool Read(Span<float> inputs, Span<float> targets)
    {
        bool isThere = rows.Read(inputs, targets);
        if (isThere && _read == count)
        {
            throw new InvalidDataException($"The stream has more items than the {count} its count says. Give the right count, or none if nobody knows.");
        }

        if (!isThere && _read < count)
        {
            throw new InvalidDataException(
                $"The stream ended after {_read} items, but its count says {count}. Give the right count, or none if nobody knows; the stream must begin anew each time it is opened.");
        }

        _read += isThere ? 1 : 0;
        return isThere;
    }

    public override void Dispose() => rows.Dispose();
}
