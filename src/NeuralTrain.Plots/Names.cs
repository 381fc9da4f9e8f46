namespace NeuralTrain;

/// <summary>Names of layers and classes, as far as a picture has room for them.</summary>
internal static class Names
{
    /// <summary>The name, or its beginning and its end where it is longer: names often differ at one of them.</summary>
    public static string Cut(string name, int most)
    {
        int end = most / 3;
        return name.Length <= most ? name : $"{name[..(most - 1 - end)].TrimEnd()}…{name[^end..].TrimStart()}";
    }

    /// <summary>The names, or shorter ones; where these would be the same for two, each with its number before it.</summary>
    public static string[] Cut(IReadOnlyList<string> names, int most)
    {
        string[] cut = [.. names.Select(name => Cut(name, most))];
        return cut.Distinct().Count() == names.Distinct().Count() ? cut : [.. names.Select((name, i) => Cut($"{i} {name}", most))];
    }
}
