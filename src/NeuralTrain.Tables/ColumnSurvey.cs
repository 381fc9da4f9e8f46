namespace NeuralTrain;

/// <summary>What a pass over the training file found in one column.</summary>
internal sealed class ColumnSurvey
{
    private readonly Dictionary<string, long> _texts = new(StringComparer.Ordinal);
    private readonly int _limit;
    private double _sum;
    private long _numbers;
    private (string Text, long Line)? _firstText;

    /// <param name="limit">The most different texts to remember.</param>
    public ColumnSurvey(int limit) => _limit = limit;

    public bool HasText => _firstText is not null;

    public bool HasNumbers => _numbers > 0;

    public bool HasTooMany => _texts.Count > _limit;

    public IEnumerable<string> Texts => _texts.Keys;

    public double Mean => _sum / _numbers;

    /// <summary>The most frequent text; among several, the first by their characters.</summary>
    public string MostFrequent => _texts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First().Key;

    /// <summary>The first field that is not a number, and its line.</summary>
    public (string Text, long Line) FirstText => _firstText!.Value;

    /// <summary>The first text that might not be a category, its line, and the option that settles it.</summary>
    public (string Text, long Line, string Remedy)? Ambiguous { get; private set; }

    /// <summary>Two texts that differ only in upper and lower case.</summary>
    public string[]? SameButForCase => _texts.Keys.GroupBy(text => text, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1)?.Take(2).ToArray();

    public void Add(CsvTable table, string text)
    {
        bool isNumber = table.TryNumber(text, out float number);
        if (isNumber)
        {
            _numbers++;
            _sum += number;
        }
        else
        {
            _firstText ??= (text, table.Line);
        }

        // One beyond the limit shows that there are too many; a column of numbers does not fill memory with texts.
        if (_texts.TryGetValue(text, out long count))
        {
            _texts[text] = count + 1;
        }
        else if (_texts.Count <= _limit)
        {
            _texts.Add(text, 1);
            if (Ambiguous is null && !isNumber && CsvNumber.Ambiguity(text) is string remedy) Ambiguous = (text, table.Line, remedy);
        }
    }
}
