namespace NeuralTrain;

/// <summary>The loss of a network that predicts a number and an interval around it: the squared error of the number, and the quantile losses of both ends.</summary>
/// <remarks>Outputs: the numbers of all targets, then their lower ends, then their upper ends. Sources: Koenker and Bassett, "Regression Quantiles", 1978; Romano, Patterson and Candès, "Conformalized Quantile Regression", 2019.</remarks>
internal sealed class IntervalLoss(double level) : Loss
{
    private readonly MeanSquaredError _number = new();
    private readonly QuantileLoss _low = new((1 - level) / 2), _high = new((1 + level) / 2);

    public override int OutputsPerTarget => 3;

    protected override double Compute(Matrix prediction, Matrix target, Matrix gradient) => Compute(prediction, target, gradient, sampleWeights: default);

    protected override double Compute(Matrix prediction, Matrix target, Matrix gradient, ReadOnlySpan<float> sampleWeights)
    {
        double sum = 0;
        for (int block = 0; block < OutputsPerTarget; block++)
        {
            Matrix part = Block(prediction, block, target.Columns), partGradient = gradient.IsEmpty ? default : new Matrix(target.Rows, target.Columns);
            sum += (block == 0 ? (Loss)_number : block == 1 ? _low : _high).Evaluate(part, target, partGradient, sampleWeights);
            for (int row = 0; row < partGradient.Rows; row++) partGradient.Row(row).CopyTo(gradient.Row(row)[(block * target.Columns)..]);
        }

        return sum;
    }

    /// <summary>Some columns of a matrix, as a matrix of their own.</summary>
    public static Matrix Block(Matrix outputs, int block, int columns)
    {
        var part = new Matrix(outputs.Rows, columns);
        for (int row = 0; row < part.Rows; row++) outputs.Row(row).Slice(block * columns, columns).CopyTo(part.Row(row));
        return part;
    }
}
