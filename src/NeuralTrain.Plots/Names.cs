namespace NeuralTrain;

/// <summary>Names of layers and classes, shortened to the room in a picture.</summary>
internal static class Names
{
    /// <summary>The name, or its beginning and end if it is too long: names often differ in one of the two.</summary>
    public static string Cut(string name, int most)
    {
        int end = most / 3;
        return name.Length <= most ? name : $"{name[..(most - 1 - end)].TrimEnd()}…{name[^end..].TrimStart()}";
    }

    /// <summary>The names, or shorter ones; if two of them would be the same, each with its number in front.</summary>
    public static string[] Cut(IReadOnlyList<string> names, int most)
    {
        string[] cut = [.. names.Select(name => Cut(name, most))];
        return cut.Distinct().Count() == names.Distinct().Count() ? cut : [.. names.Select((name, i) => Cut($"{i} {name}", most))];
    }
}
