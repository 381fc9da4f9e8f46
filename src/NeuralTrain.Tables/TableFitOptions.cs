namespace NeuralTrain;

/// <summary>Options of <see cref="TableModel.Fit(Table, TableSchema, Random, TableFitOptions?, CancellationToken)"/>; the defaults fit tables of a hundred to a hundred thousand rows.</summary>
public sealed record TableFitOptions
{
    /// <summary>The units of each hidden layer; none for a linear model. Default 128, 128.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [128, 128];

    /// <summary>The probability with which dropout sets a hidden unit to 0, in [0, 1). Null, the default: 0.15 for classes, as in RealMLP, and 0 for numbers, which tables of measurements fit better without.</summary>
    public double? Dropout { get; init; }

    /// <summary>The peak learning rate, greater than 0. Null, the default: 0.004 for classes and 0.008 for numbers, the best of a few tried on tables of the UCI repository.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The weight decay, 0 or more. Default 0.02, as in RealMLP.</summary>
    public double WeightDecay { get; init; } = 0.02;

    /// <summary>The maximum number of epochs, 1 or more. Null, the default: the number that gives about 20 000 steps, 20 to 256.</summary>
    public int? Epochs { get; init; }

    /// <summary>The batch size, 1 or more. Null, the default: 32 to 256, growing with the number of rows.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The time limit for the whole training; null (the default) for as long as the epochs take.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>The fraction of the rows held out to find the best epoch, for calibration and intervals, in (0, 1). Default 0.15.</summary>
    public double ValidationFraction { get; init; } = 0.15;

    /// <summary>
    /// Whether, for numbers, a second network is trained on all rows, for the number of epochs that was best with rows held out, and makes the predictions. Default true, for up to twice the time: on four tables
    /// of the UCI repository it changed the RMSE by a factor of 0.84 to 1.02, 0.92 on average. Probabilities of classes gained nothing.
    /// </summary>
    /// <remarks>
    /// <para>
    /// What is measured on held-out rows, <see cref="TableModel.Histories"/> and the width of intervals, belongs to the first network: the second has seen more rows, so its intervals are wider than necessary rather than
    /// too narrow.
    /// </para>
    /// <para>
    /// The first network is kept where <see cref="AdaptiveIntervals"/> are learnt, where the second would not be ready within the <see cref="Budget"/> or is cancelled, and where the second is worse even on the rows
    /// that only it has learnt. Classes, several <see cref="Members"/> and files larger than memory have no second one.
    /// </para>
    /// </remarks>
    public bool RefitOnAllRows { get; init; } = true;

    /// <summary>The number of networks trained, each with other rows held out, and averaged. Default 1.</summary>
    public int Members { get; init; } = 1;

    /// <summary>Whether classes are weighted equally in training, regardless of their numbers of rows. Probabilities are then too high for rare classes. Default false.</summary>
    public bool BalancedClasses { get; init; }

    /// <summary>Whether the probabilities are corrected by a temperature that is fitted to the rows held out. Default true.</summary>
    public bool Calibrate { get; init; } = true;

    /// <summary>A metric of decisions, such as <c>new F1()</c>, for which the decision threshold is chosen on the rows held out; null (the default) for ½.</summary>
    public Metric? ThresholdMetric { get; init; }

    /// <summary>The probability below which an answer is rejected as unsure, in [0, 1). Default 0: none is.</summary>
    public double RejectBelow { get; init; }

    /// <summary>The coverage of the intervals: the fraction of true numbers they should contain, in (0, 1); null for no intervals. Default 0.9.</summary>
    public double? Interval { get; init; } = 0.9;

    /// <summary>
    /// Whether the network also learns the ends of the interval, so that it is wide where numbers are uncertain and narrow where they are not; the held-out rows widen or narrow all
    /// intervals equally until they reach the requested coverage (conformalized quantile regression). Default false: the interval has the same width everywhere, as a standard score.
    /// </summary>
    public bool AdaptiveIntervals { get; init; }

    /// <summary>Makes the network from the number of inputs and outputs, for the inputs behind <see cref="TableSchema.InputLayer"/>; null (the default) for hidden layers with dropout.</summary>
    public Func<int, int, Random, Sequential>? Network { get; init; }

    /// <summary>Receives progress reports, of one network after the other if there are several; null (the default) for none.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    internal double DropoutOf(OutputKind kind) => Dropout ?? (kind == OutputKind.Values ? 0 : 0.15);

    internal double RateOf(OutputKind kind) => LearningRate ?? (kind == OutputKind.Values ? 0.008 : 0.004);

    internal void Check()
    {
        Require(Hidden.All(units => units >= 1), nameof(Hidden), "whole numbers of 1 or more", string.Join(", ", Hidden));
        Require(Dropout is null or (>= 0 and < 1), nameof(Dropout), "in [0, 1)", Dropout);
        Require(LearningRate is null || (LearningRate > 0 && double.IsFinite(LearningRate.Value)), nameof(LearningRate), "a finite number greater than 0", LearningRate);
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), "a finite number of 0 or more", WeightDecay);
        Require(Epochs is null or >= 1, nameof(Epochs), "1 or more", Epochs);
        Require(BatchSize is null or >= 1, nameof(BatchSize), "1 or more", BatchSize);
        Require(Budget is null || Budget > TimeSpan.Zero, nameof(Budget), "more than no time", Budget);
        Require(ValidationFraction is > 0 and < 1, nameof(ValidationFraction), "in (0, 1)", ValidationFraction);
        Require(Members is >= 1 and <= 1000, nameof(Members), "in 1 to 1000", Members);
        Require(RejectBelow is >= 0 and < 1, nameof(RejectBelow), "in [0, 1)", RejectBelow);
        Require(Interval is null or (> 0 and < 1), nameof(Interval), "in (0, 1)", Interval);

        if (AdaptiveIntervals && Interval is null) throw new ArgumentException($"{nameof(AdaptiveIntervals)} needs an {nameof(Interval)}, such as 0.9, received none.");

        static void Require(bool holds, string name, string expected, object? received)
        {
            if (!holds) throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} must be {expected}, received {received}."));
        }
    }
}
