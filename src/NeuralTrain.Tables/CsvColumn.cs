namespace NeuralTrain;

/// <summary>A column of a CSV file, given by its name, <c>"class"</c>, or by its position, <c>0</c> for the first, <c>^1</c> for the last.</summary>
public readonly record struct CsvColumn
{
    private readonly string? _name;
    private readonly Index _index;

    /// <summary>By its name.</summary>
    /// <param name="name">The name in the header.</param>
    public CsvColumn(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _name = name;
    }

    /// <summary>By its position.</summary>
    /// <param name="index">From the first, 0, or from the last, <c>^1</c>.</param>
    public CsvColumn(Index index) => _index = index;

    /// <summary>Whether it is given by name.</summary>
    internal bool IsNamed => _name is not null;

    /// <summary>By its name.</summary>
    public static implicit operator CsvColumn(string name) => new(name);

    /// <summary>By its position, from 0.</summary>
    public static implicit operator CsvColumn(int index) => new(new Index(index));

    /// <summary>By its position.</summary>
    public static implicit operator CsvColumn(Index index) => new(index);

    /// <summary>The name in quotes, or the position.</summary>
    public override string ToString() => _name is not null ? $"'{_name}'" : _index.ToString();

    /// <summary>The position among these columns; −1 if it is not among them.</summary>
    internal int FindIn(IReadOnlyList<string> names)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (_name is null ? _index.GetOffset(names.Count) == i : names[i] == _name)
            {
                return i;
            }
        }

        return -1;
    }
}
