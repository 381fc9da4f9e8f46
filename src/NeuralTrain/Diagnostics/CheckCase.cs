namespace NeuralTrain;

/// <summary>What is examined, with the rows that are looked at and the findings so far.</summary>
internal sealed class CheckCase
{
    /// <summary>Rows of the passes: enough to tell a dead unit from a rare one.</summary>
    private const int PassRows = 256;

    public CheckCase(Sequential network, BatchSource data, Loss loss, Optimizer? optimizer, int batchSize)
    {
        (Network, Data, Loss, Optimizer) = (network, data, loss, optimizer);
        Sample = DataSample.Of(data);
        Pass = Sample.Fewer(PassRows);
        BatchSize = Math.Min(batchSize, data.Count ?? int.MaxValue);
        InputNames = data is Dataset { InputNames.Count: > 0 } named ? named.InputNames : [];
        TargetNames = data is Dataset { TargetNames.Count: > 0 } set ? set.TargetNames : data.Classes;
        Features = ColumnScan.Of(Sample.Inputs);
        Targets = ColumnScan.Of(Sample.Targets);
    }

    /// <summary>The live network, which is only read.</summary>
    public Sequential Network { get; }

    public BatchSource Data { get; }

    public Loss Loss { get; }

    /// <summary>The live optimizer, which is only read; null if none was given.</summary>
    public Optimizer? Optimizer { get; }

    /// <summary>Rows of a training batch: no more than there are.</summary>
    public int BatchSize { get; }

    /// <summary>The rows the data are judged by.</summary>
    public DataSample Sample { get; }

    /// <summary>The rows that pass through the network.</summary>
    public DataSample Pass { get; }

    public ColumnScan[] Features { get; }

    public ColumnScan[] Targets { get; }

    public List<Finding> Findings { get; } = [];

    /// <summary>Whether the targets choose one of several classes.</summary>
    public bool IsOneOfSeveral => Data.TargetSize > 1 &&
        (Loss.OutputKind is OutputKind.ClassScores or OutputKind.Margins || (Loss.OutputKind == OutputKind.Values && Data.Classes.Count > 0));

    private IReadOnlyList<string> InputNames { get; }

    private IReadOnlyList<string> TargetNames { get; }

    /// <summary>A column of the inputs as messages name it.</summary>
    public string InputName(int column) => InputNames.Count > 0 ? $"column '{InputNames[column]}'" : $"column {column}";

    /// <summary>A column of the targets as messages name it.</summary>
    public string TargetName(int column) =>
        (IsOneOfSeveral ? "class " : "target ") + (TargetNames.Count > 0 ? $"'{TargetNames[column]}'" : $"{column}");

    public void Add(FindingKind kind, string place, FormattableString message, string remedy) => Findings.Add(kind.At(place, message, remedy));

    public bool Has(FindingKind kind) => Findings.Exists(finding => finding.Code == kind.Code);
}
