namespace NeuralTrain;

/// <summary>Runs all checks of a network and its data: first what can be read, then the first pass, then the first step.</summary>
internal static class Checker
{
    /// <summary>All kinds of findings. A code keeps its meaning; one that is given up is not used again.</summary>
    public static readonly IReadOnlyList<FindingKind> Kinds =
    [
        new("NT001", FindingSeverity.Error, "a feature is NaN or infinite"),
        new("NT002", FindingSeverity.Error, "a target is NaN or infinite"),
        new("NT003", FindingSeverity.Hint, "a feature is the same in every row"),
        new("NT004", FindingSeverity.Warning, "a feature reaches the first weights unscaled"),
        new("NT005", FindingSeverity.Error, "the data have another number of features than the network takes"),
        new("NT006", FindingSeverity.Error, "the network gives another number of columns than the targets have"),
        new("NT007", FindingSeverity.Error, "the end of the network does not suit the loss"),
        new("NT008", FindingSeverity.Error, "a target lies outside the range of the output activation"),
        new("NT009", FindingSeverity.Warning, "scores pass through an activation that bounds them"),
        new("NT010", FindingSeverity.Error, "the loss does not take such targets"),
        new("NT011", FindingSeverity.Warning, "a class has no rows"),
        new("NT012", FindingSeverity.Warning, "a class is rare, and no weights make up for it"),
        new("NT013", FindingSeverity.Warning, "a target is the same in every row"),
        new("NT014", FindingSeverity.Warning, "a target is far from the size of the network's outputs"),
        new("NT015", FindingSeverity.Warning, "the first loss is far above that of guessing"),
        new("NT016", FindingSeverity.Hint, "the first loss is far below that of guessing"),
        new("NT017", FindingSeverity.Error, "batch normalisation gets batches of one row"),
        new("NT018", FindingSeverity.Warning, "batch normalisation gets tiny batches"),
        new("NT019", FindingSeverity.Warning, "weights before SELU are not LeCun's"),
        new("NT020", FindingSeverity.Warning, "plain dropout after SELU"),
        new("NT021", FindingSeverity.Error, "all units of a layer are the same and stay so"),
        new("NT022", FindingSeverity.Warning, "many ReLU units are 0 for every row"),
        new("NT023", FindingSeverity.Warning, "many values of a layer are at the ends of its range"),
        new("NT024", FindingSeverity.Warning, "no gradient reaches a weight"),
        new("NT025", FindingSeverity.Error, "the first pass gives something that is not finite"),
        new("NT026", FindingSeverity.Warning, "the first step changes weights too much"),
        new("NT027", FindingSeverity.Warning, "the first step hardly changes weights"),
        new("NT028", FindingSeverity.Error, "the network has nothing to train"),
    ];

    // After these nothing can be said of the targets, or nothing can pass through the network.
    private static readonly string[] NoTargets = ["NT002", "NT005", "NT006", "NT010"];
    private static readonly string[] NoPass = [.. NoTargets, "NT001", "NT017", "NT025"];

    // In this order, each with the findings after which it is left out.
    private static readonly (Func<CheckContext, IEnumerable<Finding>> Check, string[] Unless)[] Checks =
    [
        (DataChecks.NotFinite, []), (DataChecks.ConstantFeatures, []),
        (NetworkChecks.Widths, []), (NetworkChecks.End, []), (NetworkChecks.Batches, []), (NetworkChecks.NothingToTrain, []), (NetworkChecks.SeluWeights, []),
        (DataChecks.WrongTargets, NoTargets), (DataChecks.Classes, NoTargets), (DataChecks.Answers, NoTargets), (DataChecks.Values, NoTargets),
        (PassChecks.NotFinite, NoPass), (PassChecks.Features, NoPass), (PassChecks.Targets, NoPass), (PassChecks.Chance, NoPass), (PassChecks.Units, NoPass), (PassChecks.SeluDropout, NoPass),
        (StepChecks.NotFinite, NoPass), (StepChecks.SameUnits, NoPass), (StepChecks.NoGradient, NoPass), (StepChecks.Updates, NoPass),
    ];

    public static CheckReport Run(CheckContext context)
    {
        var found = new List<Finding>();
        foreach ((Func<CheckContext, IEnumerable<Finding>> check, string[] unless) in Checks)
        {
            if (!found.Exists(finding => unless.Contains(finding.Code))) found.AddRange(check(context));
        }

        return new CheckReport(found);
    }

    public static Finding Found(string code, string place, FormattableString message, string remedy) =>
        new(Kinds.Single(kind => kind.Code == code), place, message, remedy);
}

/// <summary>A kind of finding: its code, how grave it is, and what it is about, as docs/checks.md has it.</summary>
internal sealed record FindingKind(string Code, FindingSeverity Severity, string Title);

/// <summary>What the checks look at: the network, its data, the rows that stand for them, and a first pass on a clone.</summary>
internal sealed class CheckContext
{
    /// <summary>Rows of the first pass: enough to tell a dead unit from a rare one.</summary>
    private const int PassRows = 256;

    private readonly IReadOnlyList<string> _targetNames;

    public CheckContext(Sequential network, BatchSource data, Loss loss, Optimizer? optimizer, int batchSize)
    {
        (Network, Data, Loss) = (network, data, loss);
        Sample = DataSample.Of(data);
        Pass = DataSample.Of(Sample, PassRows);
        BatchSize = Math.Min(batchSize, data.Count ?? int.MaxValue);
        Features = ColumnScan.Of(Sample.Inputs);
        Targets = ColumnScan.Of(Sample.Targets);
        _targetNames = Sample.TargetNames.Count > 0 ? Sample.TargetNames : data.Classes;
        _first = new(() =>
        {
            var run = new TrialRun(network, loss, optimizer);
            return (run, run.Forward(Pass.Inputs, Pass.Targets, Pass.SampleWeights));
        });
    }

    private readonly Lazy<(TrialRun Run, double? Loss)> _first;

    /// <summary>The live network, which is only read.</summary>
    public Sequential Network { get; }

    public BatchSource Data { get; }

    public Loss Loss { get; }

    /// <summary>Rows of a training batch: no more than there are.</summary>
    public int BatchSize { get; }

    /// <summary>The rows the data are judged by.</summary>
    public Dataset Sample { get; }

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
    public string InputName(int column) => Sample.InputNames.Count > 0 ? $"column '{Sample.InputNames[column]}'" : $"column {column}";

    /// <summary>A column of the targets as messages name it.</summary>
    public string TargetName(int column) =>
        (IsOneOfSeveral ? "class " : "target ") + (_targetNames.Count > 0 ? $"'{_targetNames[column]}'" : $"{column}");
}
