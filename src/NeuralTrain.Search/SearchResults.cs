using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>The trials of a search, best first.</summary>
public sealed class SearchResults
{
    private readonly IReadOnlyList<string> _names;

    internal SearchResults(IReadOnlyList<string> names, IEnumerable<TrialResult> trials, int requested, bool maximize)
    {
        _names = names;
        Trials =
        [
            .. trials.OrderBy(trial => trial.Status).ThenBy(trial => maximize ? -trial.Score : trial.Score).ThenBy(trial => trial.Index),
        ];
        Requested = requested;
    }

    /// <summary>All trials that began: the completed ones from best to worst, then the stopped ones, then those that failed or were cancelled.</summary>
    public IReadOnlyList<TrialResult> Trials { get; }

    /// <summary>How many trials were asked for; more than in <see cref="Trials"/> if the search was cancelled.</summary>
    public int Requested { get; }

    /// <summary>The best trial that ran to its end.</summary>
    /// <exception cref="InvalidOperationException">No trial did; the message says why the first one did not.</exception>
    [JsonIgnore]
    public TrialResult Best => Trials.Count > 0 && Trials[0].Status == TrialStatus.Completed
        ? Trials[0]
        : throw new InvalidOperationException(
            Trials.Count == 0
                ? "No trial began: the search was cancelled before. Run it again."
                : $"None of {Trials.Count} trials ran to its end. {Trials[0]}", Trials.Count == 0 ? null : Trials[0].Failure);

    /// <summary>The trials as a table.</summary>
    public override string ToString()
    {
        var table = new TextTable([">trial", .. _names.Select(name => ">" + name), ">score", ">epochs", ">seconds", "ended"]);
        foreach (TrialResult trial in Trials)
        {
            table.Add(
                [
                    $"{trial.Index}", .. _names.Select(name => SearchText.Of(trial.Values[name])), trial.Score is double score ? SearchText.Of(score) : "",
                    trial.Reports.Count > 0 ? $"{trial.Reports.Count}" : "", SearchText.Of(Math.Round(trial.Duration.TotalSeconds, 2)),
                    trial.Message.Length == 0 ? $"{trial.Status}" : $"{trial.Status}: {SearchText.OneLine(trial.Message)}",
                ]);
        }

        return table.ToString();
    }
}
