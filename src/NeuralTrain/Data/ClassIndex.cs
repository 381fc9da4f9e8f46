namespace NeuralTrain;

/// <summary>The number of each class by its name.</summary>
internal sealed class ClassIndex
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public ClassIndex(IReadOnlyList<string> names)
    {
        Names = [.. names];
        if (Names.Count < 2)
        {
            throw new ArgumentException(
                $"There must be two classes or more, received {(Names.Count == 0 ? "none" : $"only '{Names[0]}'")}: with one there is nothing to choose.",
                nameof(names));
        }

        for (int i = 0; i < Names.Count; i++)
        {
            if (Names[i] is null || !_numbers.TryAdd(Names[i], i))
            {
                throw new ArgumentException($"Each class needs a name of its own, received '{Names[i]}' again (or null) at index {i}.", nameof(names));
            }
        }
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The number of a class, or a refusal that says where the label stands.</summary>
    public int Find(string label, string place) => _numbers.TryGetValue(label, out int number)
        ? number
        : throw new ArgumentException(
            $"The label of {place} is '{label}', which is none of the classes {Listing()}. Correct it, or add it to the classes the network is trained for.",
            nameof(label));

    // Enough of them to see what is meant.
    private string Listing() => string.Join(", ", Names.Take(10).Select(name => $"'{name}'")) + (Names.Count > 10 ? ", …" : "");
}
