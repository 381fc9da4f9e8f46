using System.Collections;
using System.Runtime.CompilerServices;

namespace NeuralTrain;

/// <summary>One or several columns of a CSV file, by name or position: <c>"class"</c>, <c>^1</c>, <c>["Y1", "Y2"]</c>.</summary>
[CollectionBuilder(typeof(CsvColumns), nameof(Create))]
public sealed class CsvColumns : IReadOnlyList<CsvColumn>
{
    private readonly CsvColumn[] _columns;

    private CsvColumns(ReadOnlySpan<CsvColumn> columns) => _columns = columns.ToArray();

    /// <inheritdoc/>
    public int Count => _columns.Length;

    /// <inheritdoc/>
    public CsvColumn this[int index] => _columns[index];

    /// <summary>These columns, in this order.</summary>
    /// <param name="columns">The columns.</param>
    public static CsvColumns Create(ReadOnlySpan<CsvColumn> columns) => new(columns);

    /// <summary>One column, by its name.</summary>
    public static implicit operator CsvColumns(string name) => new([name]);

    /// <summary>One column, by its position, from 0.</summary>
    public static implicit operator CsvColumns(int index) => new([index]);

    /// <summary>One column, by its position.</summary>
    public static implicit operator CsvColumns(Index index) => new([index]);

    /// <inheritdoc/>
    public IEnumerator<CsvColumn> GetEnumerator() => _columns.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The columns one after the other.</summary>
    public override string ToString() => string.Join(", ", _columns);
}
