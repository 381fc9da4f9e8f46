namespace NeuralTrain;

/// <summary>Rows from objects of one's own, as they are enumerated.</summary>
/// <typeparam name="T">The type of the objects.</typeparam>
internal sealed class ItemRows<T> : RowReader
{
    private readonly IEnumerator<T> _items;
    private readonly Func<T, float[]> _inputs;
    private readonly Func<T, float[]> _targets;
    private long _next;

    public ItemRows(IEnumerable<T> items, Func<T, float[]> inputs, Func<T, float[]> targets)
    {
        _items = items.GetEnumerator();
        _inputs = inputs;
        _targets = targets;
    }

    public override bool Read(Span<float> inputs, Span<float> targets)
    {
        if (!_items.MoveNext())
        {
            return false;
        }

        Write(_inputs(_items.Current), inputs, "inputs");
        Write(_targets(_items.Current), targets, "targets");
        _next++;
        return true;
    }

    public override void Dispose() => _items.Dispose();

    private void Write(float[] values, Span<float> row, string what)
    {
        if (values is null || values.Length != row.Length)
        {
            throw new InvalidDataException(
                $"Item {_next} of the stream gives {(values is null ? "null" : $"{values.Length} values")} for its {what}, expected {row.Length}, as item 0 " +
                "did when the source was made. Give as many for each.");
        }

        values.CopyTo(row);
    }
}
