using System.Globalization;

namespace NeuralTrain;

/// <summary>The table a <see cref="GradientCheck"/> gives: one row for each array, and a verdict.</summary>
public sealed class GradientCheckResult
{
    internal GradientCheckResult(
        string subject, GradientCheckOptions options, IReadOnlyList<GradientCheckRow> rows, IReadOnlyList<string> problems, string? obstacle)
    {
        Subject = subject;
        Options = options;
        Rows = rows;
        Problems = problems;
        Obstacle = obstacle;
        Verdict = problems.Count > 0 || rows.Any(row => row.Verdict == GradientCheckVerdict.Wrong) ? GradientCheckVerdict.Wrong
            : obstacle is null && rows.Any(row => row.Verdict == GradientCheckVerdict.Passed) ? GradientCheckVerdict.Passed
            : GradientCheckVerdict.NotCheckable;
    }

    /// <summary>What was checked.</summary>
    public string Subject { get; }

    /// <summary>How it was checked.</summary>
    public GradientCheckOptions Options { get; }

    /// <summary>What was found in each array.</summary>
    public IReadOnlyList<GradientCheckRow> Rows { get; }

    /// <summary>The rules of <see cref="Layer"/> or <see cref="Loss"/> that were seen broken, such as overwriting a gradient instead of adding to it.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Why nothing could be checked, as for a random layer; null otherwise.</summary>
    public string? Obstacle { get; }

    /// <summary>The verdict on everything.</summary>
    public GradientCheckVerdict Verdict { get; }

    /// <summary>Throws unless the check passed: also if nothing could be checked, because then nothing was shown.</summary>
    /// <exception cref="GradientCheckException">A gradient is wrong, or nothing could be checked; the message is the table.</exception>
    public void ThrowIfWrong()
    {
        if (Verdict != GradientCheckVerdict.Passed)
        {
            throw new GradientCheckException(this);
        }
    }

    /// <summary>The verdict, the table, and what else is worth knowing.</summary>
    public override string ToString()
    {
        var lines = new List<string> { $"Gradient check of {Subject}: {Word(Verdict)}." };
        lines.AddRange(Problems.Select(problem => $"! {problem}"));
        if (Obstacle is not null)
        {
            lines.Add(Obstacle);
        }

        if (Rows.Count > 0)
        {
            lines.Add(Table());
        }

        lines.AddRange(Rows.Where(row => row.Checked < row.Count && !row.IsFrozen).Select(
            row => Invariant($"{row.Name}: a random sample of {row.Checked} of {row.Count} values (seed {Options.Seed}).")));
        lines.AddRange(Rows.Where(row => row.OnKinks > 0).Select(
            row => Invariant($"{row.Name}: {row.OnKinks} on a kink, the first at {row.FirstKinkAt}: the slopes on its sides differ, so there is nothing to compare.")));
        lines.AddRange(Rows.Where(row => row.Unresolved > 0).Select(
            row => Invariant($"{row.Name}: {row.Unresolved} shown neither right nor wrong, hidden by rounding in float32 or by kinks close by.")));
        lines.AddRange(Rows.Where(row => row.NotFinite > 0).Select(
            row => Invariant($"{row.Name}: at {row.NotFinite} the forward pass gives NaN or infinity for any step to one of the sides.")));
        return string.Join('\n', lines);
    }

    private string Table()
    {
        var table = new TextTable("array", ">values", ">checked", ">agree", ">wrong", ">kinks", ">worst error", "at", ">backward", ">differences", "verdict");
        foreach (GradientCheckRow row in Rows)
        {
            bool measured = row.WorstAt.Length > 0;
            table.Add(
                row.Name, Invariant($"{row.Count}"), Invariant($"{row.Checked}"), Invariant($"{row.Agreeing}"), Invariant($"{row.Wrong}"),
                Invariant($"{row.OnKinks}"), measured ? Invariant($"{row.WorstError:0.0e+0}") : "", row.WorstAt,
                measured ? Invariant($"{row.Analytic:g6}") : "", measured ? Invariant($"{row.Numeric:g6}") : "",
                row.IsFrozen ? "frozen" : Word(row.Verdict));
        }

        return table.ToString();
    }

    private static string Word(GradientCheckVerdict verdict) => verdict switch
    {
        GradientCheckVerdict.Passed => "passed",
        GradientCheckVerdict.Wrong => "WRONG",
        _ => "not checkable",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
