using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>What a study knows about one trial.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class TrialResult
{
    internal TrialResult()
    {
    }

    /// <summary>Which trial it is, from 0.</summary>
    public int Number { get; internal init; }

    /// <summary>Which attempt the last one was, from 1: more than 1 if the process or machine that ran it was lost.</summary>
    public int Attempt { get; internal init; }

    /// <summary>How it ended, if it has.</summary>
    public TrialStatus Status { get; internal init; }

    /// <summary>The values it tried, by name, in the order it asked for them: numbers, or the texts of choices.</summary>
    public IReadOnlyDictionary<string, object> Values { get; internal init; } = new Dictionary<string, object>();

    /// <summary>The values as samplers see them: a choice by its place in the list.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, double> Coordinates { get; internal init; } = new Dictionary<string, double>();

    /// <summary>The score; null while it runs, or if it failed.</summary>
    public double? Score { get; internal init; }

    /// <summary>What it reported, by epoch, in rising order.</summary>
    public IReadOnlyList<TrialReport> Reports { get; internal init; } = [];

    /// <summary>Why it failed or was stopped; empty otherwise.</summary>
    public string Message { get; internal init; } = "";

    /// <summary>How long the attempt that ended took; zero while it runs.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>Whether it has ended, in whatever way.</summary>
    [JsonIgnore]
    internal bool HasEnded => Status != TrialStatus.Running;

    /// <summary>What it reported at an epoch; null if it did not.</summary>
    internal double? At(int epoch)
    {
        for (int i = Reports.Count - 1; i >= 0 && Reports[i].Epoch >= epoch; i--)
        {
            if (Reports[i].Epoch == epoch) return Reports[i].Value;
        }

        return null;
    }

    /// <summary>Values and score, as <c>trial 7: rate 0.003, units 32: 0.0412</c>.</summary>
    public override string ToString() =>
        $"trial {Number}: {string.Join(", ", Values.Select(value => $"{value.Key} {SearchText.Of(value.Value)}"))}: " +
        (Score is double score ? $"{SearchText.Of(score)}{(Status == TrialStatus.Stopped ? " (stopped)" : "")}" : Message.Length > 0 ? $"{Status}, {Message}" : $"{Status}");
}

/// <summary>What a trial reported after an epoch.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Value">The score so far.</param>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public readonly record struct TrialReport(int Epoch, double Value);
