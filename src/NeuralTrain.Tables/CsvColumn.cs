namespace NeuralTrain;

/// <summary>Which column of a CSV file is meant: by its name, <c>"class"</c>, or by its place, <c>0</c> for the first, <c>^1</c> for the last.</summary>
public readonly record struct CsvColumn
{
    private readonly string? _name;
    private readonly Index _index;

    /// <summary>By its name.</summary>
    /// <param name="name">As the header has it.</param>
    public CsvColumn(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _name = name;
    }

    /// <summary>By its place.</summary>
    /// <param name="index">From the first, 0, or from the last, <c>^1</c>.</param>
    public CsvColumn(Index index) => _index = index;

    /// <summary>Whether it is meant by name.</summary>
    internal bool IsNamed => _name is not null;

    /// <summary>By its name.</summary>
    public static implicit operator CsvColumn(string name) => new(name);

    /// <summary>By its place from the first, 0.</summary>
    public static implicit operator CsvColumn(int index) => new(new Index(index));

    /// <summary>By its place.</summary>
    public static implicit operator CsvColumn(Index index) => new(index);

    /// <summary>The name in quotes, or the place.</summary>
    public override string ToString() => _name is not null ? $"'{_name}'" : _index.ToString();

    /// <summary>The place among these columns; −1 if there is none.</summary>
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
