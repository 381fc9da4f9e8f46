namespace NeuralTrain;

/// <summary>How often each class was predicted, was right, and both, with the rows' weights: what precision, recall and F1 are made of.</summary>
/// <remarks>
/// Several columns are classes, one decided for each row; questions of their own (<see cref="OutputKind.BinaryScores"/>) and a single column count their yes alone.
/// </remarks>
internal sealed class ClassCounts(OutputKind outputKind, int outputs)
{
    private readonly double[] _predicted = new double[outputs];
    private readonly double[] _actual = new double[outputs];
    private readonly double[] _right = new double[outputs];
    private double _all;

    public void Reset()
    {
        Array.Clear(_predicted);
        Array.Clear(_actual);
        Array.Clear(_right);
        _all = 0;
    }

    public void Add(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
    {
        _all += weight;
        if (!Decision.IsPerColumn(outputKind, outputs))
        {
            int predicted = Decision.Largest(prediction);
            int actual = Decision.Largest(target);
            _predicted[predicted] += weight;
            _actual[actual] += weight;
            _right[actual] += predicted == actual ? weight : 0;
            return;
        }

        for (int column = 0; column < prediction.Length; column++)
        {
            bool predicted = Decision.IsYes(outputKind, prediction[column]);
            bool actual = Decision.IsYesTarget(outputKind, target[column]);
            _predicted[column] += predicted ? weight : 0;
            _actual[column] += actual ? weight : 0;
            _right[column] += predicted && actual ? weight : 0;
        }
    }

    /// <summary>
    /// The mean over the classes of right·2 / (precisionShare·predicted + recallShare·actual), where both shares add up to 2: precision for (2, 0), recall for (0, 2), F1 for
    /// (1, 1). A class that occurs neither among predictions nor among targets does not count; otherwise 0/0 is 0, also where no class is left to count. NaN if there were no
    /// rows, or all of weight 0.
    /// </summary>
    public double Mean(int precisionShare, int recallShare)
    {
        double sum = 0;
        int classes = 0;
        for (int i = 0; i < outputs; i++)
        {
            if (_predicted[i] + _actual[i] > 0)
            {
                double divisor = (precisionShare * _predicted[i]) + (recallShare * _actual[i]);
                sum += divisor > 0 ? 2 * _right[i] / divisor : 0;
                classes++;
            }
        }

        return _all == 0 ? double.NaN : classes > 0 ? sum / classes : 0;
    }
}
