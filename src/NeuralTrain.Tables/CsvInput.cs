namespace NeuralTrain;

/// <summary>A column that becomes one input or, if it is categorical, one for each category.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Index">Its place in the training file.</param>
/// <param name="Categories">The categories by place; null if the column is one of numbers.</param>
/// <param name="Fill">What a missing value becomes: a number, or the place of a category.</param>
internal sealed record CsvInput(string Name, int Index, Dictionary<string, int>? Categories, float Fill)
{
    public int Width => Categories?.Count ?? 1;

    public IEnumerable<string> InputNames => Categories is null ? [Name] : Categories.OrderBy(pair => pair.Value).Select(pair => $"{Name}={pair.Key}");
}
