using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The result of one trial of a search.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class TrialResult
{
    private readonly double[] _reports;

    internal TrialResult(Trial trial, TrialStatus status, double? score, Exception? failure, string message, TimeSpan duration)
    {
        Index = trial.Index;
        Values = trial.Values;
        _reports = trial.Reports;
        Status = status;
        Score = score;
        Failure = failure;
        Message = message;
        Duration = duration;
    }

    /// <summary>Which trial it was, from 0.</summary>
    public int Index { get; }

    /// <summary>The values it tried, by name, in the order of the search space.</summary>
    public IReadOnlyDictionary<string, object> Values { get; }

    /// <summary>How it ended.</summary>
    public TrialStatus Status { get; }

    /// <summary>The score it returned; null if it failed or was cancelled.</summary>
    public double? Score { get; }

    /// <summary>The scores it reported, epoch by epoch.</summary>
    public IReadOnlyList<double> Reports => _reports;

    /// <summary>The exception it threw; null if it did not.</summary>
    [JsonIgnore]
    public Exception? Failure { get; }

    /// <summary>Why it failed or was stopped; empty if it was completed.</summary>
    public string Message { get; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Values and score, as <c>trial 7: rate 0.003, units 32: 0.0412</c>.</summary>
    public override string ToString() =>
        $"trial {Index}: {string.Join(", ", Values.Select(value => $"{value.Key} {SearchText.Of(value.Value)}"))}: " +
        (Score is double score ? $"{SearchText.Of(score)}{(Status == TrialStatus.Stopped ? " (stopped)" : "")}" : $"{Status}, {Message}");
}
