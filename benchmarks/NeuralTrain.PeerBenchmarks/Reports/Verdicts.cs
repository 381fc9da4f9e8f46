namespace NeuralTrain.PeerBenchmarks;

/// <summary>Compares figures with their targets, and remembers every one that was not reached.</summary>
internal sealed class Verdicts
{
    private readonly List<string> _notReached = [];

    /// <summary>What was not reached, one line each.</summary>
    public IReadOnlyList<string> NotReached => _notReached;

    /// <summary>How many figures had a target.</summary>
    public int Count { get; private set; }

    /// <summary>Judges a figure that shall be at least its target.</summary>
    /// <returns>The cell of the table.</returns>
    public string AtLeast(string what, double value, double? target, Func<double, string> format) =>
        Judge(what, value, target, value >= target, format);

    /// <summary>Judges a figure that shall be at most its target.</summary>
    public string AtMost(string what, double value, double? target, Func<double, string> format) =>
        Judge(what, value, target, value <= target, format);

    /// <summary>Records a case that was not timed at all.</summary>
    public void Refuse(string what, string why)
    {
        Count++;
        _notReached.Add($"{what}: {why}");
    }

    private string Judge(string what, double value, double? target, bool isReached, Func<double, string> format)
    {
        if (target is not double aim)
        {
            return "";
        }

        Count++;
        if (!isReached)
        {
            _notReached.Add($"{what}: not reached, {format(value)} of target {format(aim)}");
        }

        return isReached ? "yes" : $"no, {format(value)} of {format(aim)}";
    }
}
