namespace NeuralTrain;

/// <summary>The expected calibration error: how far predicted probabilities are from how often they come true.</summary>
/// <remarks>
/// <code>
/// ECE = Σ_b W_b/W·|came true in b − mean probability in b|      bins b of equal width, W the sum of the weights
/// </code>
/// <para>
/// For a single column, and each column of <see cref="OutputKind.BinaryScores"/>, the probability is that of a yes; of several classes it is that of the predicted
/// one, which comes true if the row is of that class. 0 is perfectly calibrated, which says nothing about how good the decisions are. Few rows give a large error by chance alone.
/// </para>
/// <para>
/// torchmetrics' <c>CalibrationError(norm='l1')</c>; PyTorch, Keras and scikit-learn have none. Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", 2017, eq. 3.
/// Margins have no probabilities and are refused.
/// </para>
/// </remarks>
public sealed class CalibrationError : Metric
{
    private readonly double[] _weights, _probabilities, _true;
    private double[] _row = [];

    /// <summary>Creates the metric.</summary>
    /// <param name="bins">How many bins, 1 or more. Default 15, as in the paper.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public CalibrationError(int bins = 15)
    {
        Guard.AtLeast(bins, 1, nameof(bins), "probabilities are compared in at least one bin");
        (_weights, _probabilities, _true) = (new double[bins], new double[bins], new double[bins]);
    }

    /// <inheritdoc/>
    public override string Name => "calibration error";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override bool IsRatio => true;

    /// <inheritdoc/>
    public override double Value => _true.Zip(_probabilities, (came, probability) => Math.Abs(came - probability)).Sum() / _weights.Sum();

    /// <inheritdoc/>
    public override void Reset()
    {
        Array.Clear(_weights);
        Array.Clear(_probabilities);
        Array.Clear(_true);
    }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        Decision.RefuseMargins(Name, OutputKind);
        _row = new double[Outputs];
    }

    /// <inheritdoc/>
    protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
    {
        Decision.Check(Name, OutputKind, target);
        Decision.Probabilities(Name, OutputKind, prediction, _row);
        bool perColumn = Decision.IsPerColumn(OutputKind, Outputs);
        int predicted = Decision.Largest(prediction), actual = Decision.Largest(target);
        for (int column = perColumn ? 0 : predicted; column < (perColumn ? Outputs : predicted + 1); column++)
        {
            int bin = Math.Min((int)(_row[column] * _weights.Length), _weights.Length - 1);
            _weights[bin] += weight;
            _probabilities[bin] += weight * _row[column];
            _true[bin] += (perColumn ? Decision.IsYesTarget(OutputKind, target[column]) : predicted == actual) ? weight : 0;
        }
    }
}
