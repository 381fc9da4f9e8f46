
namespace NeuralTrain;

/// <summary>The table that a <see cref="GradientCheck"/> gives: a row for each array, and a verdict.</summary>
public sealed class GradientCheckResult
{
    internal GradientCheckResult(string subject, GradientCheckOptions options, IReadOnlyList<GradientCheckRow> rows, IReadOnlyList<string> problems, string? obstacle)
    {
        (Subject, Options, Rows, Problems, Obstacle) = (subject, options, rows, problems, obstacle);
        Verdict = problems.Count > 0 || rows.Any(row => row.Verdict == GradientCheckVerdict.Wrong) ? GradientCheckVerdict.Wrong
            : obstacle is null && rows.Any(row => row.Verdict == GradientCheckVerdict.Passed) ? GradientCheckVerdict.Passed
            : GradientCheckVerdict.NotCheckable;
    }

    /// <summary>What was checked.</summary>
    internal string Subject { get; }

    /// <summary>How it was checked.</summary>
    internal GradientCheckOptions Options { get; }

    /// <summary>What was found in each array.</summary>
    public IReadOnlyList<GradientCheckRow> Rows { get; }

    /// <summary>The rules of <see cref="Layer"/> or <see cref="Loss"/> that were broken, such as overwriting a gradient instead of adding to it.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Why nothing could be checked, as for a random layer; null otherwise.</summary>
    public string? Obstacle { get; }

    /// <summary>The verdict on everything.</summary>
    public GradientCheckVerdict Verdict { get; }

    /// <summary>Throws unless the check passed; also if nothing could be checked, because that proves nothing.</summary>
    /// <exception cref="GradientCheckException">A gradient is wrong, or nothing could be checked; the message is the table.</exception>
    public void ThrowIfWrong()
    {
        if (Verdict != GradientCheckVerdict.Passed) throw new GradientCheckException(this);
    }

    /// <summary>The verdict, the table, and what else is worth knowing.</summary>
    public override string ToString()
    {
        List<string> lines = [$"Gradient check of {Subject}: {Word(Verdict)}.", .. Problems.Select(problem => $"! {problem}")];
        if (Obstacle is not null) lines.Add(Obstacle);
        if (Rows.Count > 0) lines.Add(Table());
        Note(row => row.IsFrozen ? 0 : row.Count - row.Checked, row => $"a random sample of {row.Checked} of {row.Count} values (seed {Options.Seed}).");
        Note(row => row.OnKinks, row => $"{row.OnKinks} on a kink, the first at {row.FirstKinkAt}: the slopes on its sides differ, so there is nothing to compare.");
        Note(row => row.Unresolved, row => $"{row.Unresolved} shown neither right nor wrong, hidden by rounding in float32 or by kinks close by.");
        Note(row => row.NotFinite, row => $"at {row.NotFinite} the forward pass gives NaN or infinity for any step to one side, or refuses the moved value, such as the number of a category.");
        return string.Join('\n', lines);

        void Note(Func<GradientCheckRow, int> count, Func<GradientCheckRow, string> text) =>
            lines.AddRange(Rows.Where(row => count(row) > 0).Select(row => $"{row.Name}: {text(row)}"));
    }

    private string Table()
    {
        var table = new TextTable("array", ">values", ">checked", ">agree", ">wrong", ">kinks", ">worst error", "at", ">backward", ">differences", "verdict");
        foreach (GradientCheckRow row in Rows)
        {
            string[] worst = row.WorstAt.Length == 0 ? ["", "", "", ""] : [$"{row.WorstError:0.0e+0}", row.WorstAt, $"{row.Analytic:g6}", $"{row.Numeric:g6}"];
            string[] counts = [$"{row.Count}", $"{row.Checked}", $"{row.Agreeing}", $"{row.Wrong}", $"{row.OnKinks}"];
            table.Add([row.Name, .. counts, .. worst, row.IsFrozen ? "frozen" : Word(row.Verdict)]);
        }

        return table.ToString();
    }

    private static string Word(GradientCheckVerdict verdict) => verdict switch
    {
        GradientCheckVerdict.Passed => "passed",
        GradientCheckVerdict.Wrong => "WRONG",
        _ => "not checkable",
    };
}

/// <summary>What a <see cref="GradientCheck"/> found.</summary>
public enum GradientCheckVerdict
{
    /// <summary>Every value that could be checked agrees, and there was at least one.</summary>
    Passed,

    /// <summary>At least one gradient is wrong, or the layer breaks a rule that training relies on.</summary>
    Wrong,

    /// <summary>The check is inconclusive: the layer is random, its output is not finite, or all values lie on kinks or are lost in rounding.</summary>
    NotCheckable,
}

/// <summary>A gradient is wrong, or could not be checked; the message is the table of the <see cref="GradientCheckResult"/>.</summary>
public sealed class GradientCheckException : Exception
{
    internal GradientCheckException(GradientCheckResult result)
        : base(result.ToString()) => Result = result;

    /// <summary>What was found.</summary>
    public GradientCheckResult Result { get; }
}
