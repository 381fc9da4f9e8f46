namespace NeuralTrain;

/// <summary>The expected calibration error: how far predicted probabilities are from how often they come true.</summary>
/// <remarks>
/// <code>
/// ECE = Σ_b W_b/W·|came true in b − mean probability in b|      bins b of equal width, W the sum of the weights
/// </code>
/// <para>
/// For a single column, and each column of <see cref="OutputKind.BinaryScores"/>, the probability is that of the positive class; of several classes it is that of the
/// predicted one, which comes true if the row belongs to that class. 0 is perfectly calibrated, which says nothing about how good the decisions are. With few rows the error is large by chance.
/// </para>
/// <para>
/// torchmetrics' <c>CalibrationError(norm='l1')</c>; PyTorch, Keras and scikit-learn have none. Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", 2017, eq. 3.
/// Margins have no probabilities and are refused.
/// </para>
/// </remarks>
/// <param name="bins">The number of bins, 1 or more. Default 15, as in the paper.</param>
/// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
public sealed class CalibrationError(int bins = 15) : Metric("calibration error", higherIsBetter: false, isRatio: true)
{
    /// <summary>The number of bins.</summary>
    public int Bins { get; } = Guard.AtLeast(bins, 1, nameof(bins), "probabilities are compared in at least one bin");
    private double[] _weights = [], _probabilities = [], _true = [], _row = [];

    /// <inheritdoc/>
    public override double Value => _true.Zip(_probabilities, (came, probability) => Math.Abs(came - probability)).Sum() / _weights.Sum();

    /// <inheritdoc/>
    public override void Reset() =>
        (_weights, _probabilities, _true, _row) = (new double[Bins], new double[Bins], new double[Bins], new double[Outputs]);

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings) => settings.Set("bins", Bins);

    private protected override void CheckOutputs() => Decision.RefuseMargins(Name, OutputKind);

    /// <inheritdoc/>
    protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
    {
        Decision.Check(Name, OutputKind, target);
        Decision.Probabilities(Name, OutputKind, prediction, _row);
        bool perColumn = Decision.IsPerColumn(OutputKind, Outputs);
        int predicted = Decision.Largest(prediction), actual = Decision.Largest(target);
        for (int column = perColumn ? 0 : predicted; column < (perColumn ? Outputs : predicted + 1); column++)
        {
            int bin = Math.Min((int)(_row[column] * Bins), Bins - 1);
            _weights[bin] += weight;
            _probabilities[bin] += weight * _row[column];
            _true[bin] += (perColumn ? Decision.IsYesTarget(OutputKind, target[column]) : predicted == actual) ? weight : 0;
        }
    }
}
