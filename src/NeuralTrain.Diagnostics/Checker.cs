namespace NeuralTrain;

/// <summary>Runs all checks of a network and its data: first what can be read, then the first pass, then the first step.</summary>
internal static class Checker
{
    // A code keeps its meaning (docs/checks.md); a code that is removed is not used again. All others are warnings.
    private static readonly string[] Errors = ["NT001", "NT002", "NT005", "NT006", "NT007", "NT008", "NT010", "NT017", "NT021", "NT025", "NT028", "NT029"];
    private static readonly string[] Hints = ["NT003", "NT016"];

    // After these, nothing can be said about the targets, or nothing can pass through the network.
    private static readonly string[] NoTargets = ["NT002", "NT005", "NT006", "NT010"];
    private static readonly string[] NoPass = [.. NoTargets, "NT001", "NT017", "NT025"];

    // In this order, each with the findings after which it is left out.
    private static readonly (Func<CheckContext, IEnumerable<Finding>> Check, string[] Unless)[] Checks =
    [
        (DataChecks.NotFinite, []), (DataChecks.ConstantFeatures, []),
        (NetworkChecks.Widths, []), (NetworkChecks.End, []), (NetworkChecks.Batches, []), (NetworkChecks.NothingToTrain, []), (NetworkChecks.SeluWeights, []),
        (DataChecks.WrongTargets, NoTargets), (DataChecks.Classes, NoTargets), (DataChecks.Values, NoTargets),
        (PassChecks.NotFinite, NoPass), (PassChecks.Features, NoPass), (PassChecks.Targets, NoPass), (PassChecks.Chance, NoPass), (PassChecks.Units, NoPass), (PassChecks.SeluDropout, NoPass), (PassChecks.Rows, NoPass),
        (StepChecks.NotFinite, NoPass), (StepChecks.SameUnits, NoPass), (StepChecks.NoGradient, NoPass), (StepChecks.Updates, NoPass),
    ];

    public static CheckReport Run(CheckContext context)
    {
        var found = new List<Finding>();
        foreach ((Func<CheckContext, IEnumerable<Finding>> check, string[] unless) in Checks)
        {
            if (!found.Exists(finding => unless.Contains(finding.Code))) found.AddRange(check(context));
        }

        return [.. found.OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Code, StringComparer.Ordinal)];
    }

    public static Finding Found(string code, string place, string message, string remedy) => new(
        code, Errors.Contains(code) ? FindingSeverity.Error : Hints.Contains(code) ? FindingSeverity.Hint : FindingSeverity.Warning, message, remedy, place);

    /// <summary>The message of an exception, without the name of the argument, which the caller of a check did not pass; null if there is none.</summary>
    public static string? Refusal(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (ArgumentException refusal)
        {
            return refusal.Message.Replace($" (Parameter '{refusal.ParamName}')", "", StringComparison.Ordinal).TrimEnd('.');
        }
    }
}

/// <summary>What the checks look at: the network, its data, the rows that represent them, and a first pass on a clone.</summary>
internal sealed class CheckContext
{
    /// <summary>Rows of the first pass: enough to tell a dead unit from a rare one.</summary>
    private const int PassRows = 256;

    private readonly Lazy<(TrialRun Run, double? Loss)> _first;
    private readonly IReadOnlyList<string> _targetNames;

    public CheckContext(Sequential network, BatchSource data, Loss loss, Optimizer? optimizer, int batchSize)
    {
        (Network, Data, Loss) = (network, data, loss);
        Sample = DataSample.Of(data);
        Pass = DataSample.Of(Sample, PassRows);
        BatchSize = Math.Min(batchSize, data.Count ?? int.MaxValue);
        (Features, Targets) = (ColumnScan.Of(Sample.Inputs), ColumnScan.Of(Sample.Targets));
        _targetNames = Sample.TargetNames.Count > 0 ? Sample.TargetNames : data.Classes;
        _first = new(() =>
        {
            var run = new TrialRun(network, loss, optimizer is null ? null : optimizer.CloneFor);
            return (run, run.Forward(Pass.Inputs, Pass.Targets, Pass.SampleWeights));
        });
    }

    /// <summary>The live network, which is only read.</summary>
    public Sequential Network { get; }

    public BatchSource Data { get; }

    public Loss Loss { get; }

    /// <summary>Rows of a training batch: no more than there are.</summary>
    public int BatchSize { get; }

    /// <summary>The rows the data are judged by.</summary>
    public Dataset Sample { get; }

    /// <summary>All rows of a data set in memory, since a single row can add a class or a second value.</summary>
    public Dataset Known => Data as Dataset ?? Sample;

    /// <summary>The rows that pass through the network.</summary>
    public Dataset Pass { get; }

    public ColumnScan[] Features { get; }

    public ColumnScan[] Targets { get; }

    /// <summary>The clone that made the first pass.</summary>
    public TrialRun Run => _first.Value.Run;

    /// <summary>The loss of the first pass; null if it is not finite.</summary>
    public double? FirstLoss => _first.Value.Loss;

    /// <summary>Whether the targets choose one of several classes.</summary>
    public bool IsOneOfSeveral => Data.TargetSize > 1 &&
        (Loss.OutputKind is OutputKind.ClassScores or OutputKind.Margins || (Loss.OutputKind == OutputKind.Values && Data.Classes.Count > 0));

    /// <summary>A column of the inputs as messages name it.</summary>
    public string InputName(int column) => Sample.InputNames.Count > 0 ? $"column '{Guard.Shorten(Sample.InputNames[column])}'" : $"column {column}";

    /// <summary>A column of the targets as messages name it.</summary>
    public string TargetName(int column) =>
        (IsOneOfSeveral ? "class " : "target ") + (_targetNames.Count > 0 ? $"'{Guard.Shorten(_targetNames[column])}'" : $"{column}");
}
