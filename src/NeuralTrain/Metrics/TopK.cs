namespace NeuralTrain;

/// <summary>The share of rows whose class is among the k with the largest outputs.</summary>
/// <remarks>
/// Of equal outputs the first come first, so that k = 1 is the <see cref="Accuracy"/>. The class of a row is that of its largest target. Keras'
/// <c>TopKCategoricalAccuracy</c>, scikit-learn's <c>top_k_accuracy_score</c>.
/// </remarks>
public sealed class TopK : Metric
{
    private readonly int _k;
    private double _right;
    private double _all;

    /// <summary>Creates the metric.</summary>
    /// <param name="k">How many classes may be guessed, 1 or more, at most the number of classes. Default 5, as in Keras.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public TopK(int k = 5)
    {
        Guard.AtLeast(k, 1, nameof(k), "at least one class is guessed");
        _k = k;
    }

    /// <inheritdoc/>
    public override string Name => $"top-{_k} accuracy";

    /// <inheritdoc/>
    public override bool IsShare => true;

    /// <inheritdoc/>
    public override double Value => _right / _all;

    /// <inheritdoc/>
    public override void Reset() => _right = _all = 0;

    /// <inheritdoc/>
    public override void Add(Matrix prediction, Matrix target, ReadOnlySpan<float> sampleWeights = default)
    {
        CheckBatch(prediction, target, sampleWeights);
        for (int row = 0; row < prediction.Rows; row++)
        {
            ReadOnlySpan<float> scores = prediction.Row(row);
            int actual = Decision.Largest(target.Row(row));
            int better = 0;
            for (int column = 0; column < scores.Length; column++)
            {
                better += scores[column] > scores[actual] || (scores[column] == scores[actual] && column < actual) ? 1 : 0;
            }

            double weight = WeightOf(sampleWeights, row);
            _right += better < _k ? weight : 0;
            _all += weight;
        }
    }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        if (Decision.IsPerColumn(OutputKind, Outputs))
        {
            throw new NotSupportedException(
                $"'{Name}' chooses among classes, a column for each, but the network gives {Outputs} yes-or-no decisions. Use {nameof(Accuracy)}.");
        }

        if (_k > Outputs)
        {
            throw new NotSupportedException($"'{Name}' guesses {_k} classes, but there are only {Outputs}. Use a k of less than that.");
        }
    }
}
