namespace NeuralTrain;

/// <summary>Puts the losses and the predictions of batches together to an evaluation of all their rows.</summary>
internal sealed class Measure
{
    private readonly Metric[] _metrics;
    private double _sum;
    private double _divisor;
    private bool _isMean;

    public Measure(IReadOnlyList<Metric> metrics) => _metrics = [.. metrics];

    /// <summary>The first metric; null if there is none.</summary>
    public Metric? First => _metrics.Length > 0 ? _metrics[0] : null;

    /// <summary>The loss of all rows so far; NaN if all weights were 0, as with the metrics, so that nothing measured is never the best.</summary>
    public double Loss => !_isMean ? _sum : _divisor > 0 ? _sum / _divisor : double.NaN;

    /// <summary>Forgets all rows.</summary>
    public void Reset()
    {
        _sum = _divisor = 0;
        _isMean = false;
        for (int i = 0; i < _metrics.Length; i++)
        {
            _metrics[i].Reset();
        }
    }

    /// <summary>Adds a batch; <paramref name="divisor"/> is what <see cref="NeuralTrain.Loss.Divisor"/> gives for it.</summary>
    public void Add(double loss, double? divisor, Matrix prediction, Matrix target, ReadOnlySpan<float> sampleWeights)
    {
        if (divisor is double weight)
        {
            _isMean = true;
            _sum += weight * loss;
            _divisor += weight;
        }
        else
        {
            _sum += loss;
        }

        for (int i = 0; i < _metrics.Length; i++)
        {
            _metrics[i].Add(prediction, target, sampleWeights);
        }
    }

    /// <summary>Loss and metrics of all rows since <see cref="Reset"/>.</summary>
    public Evaluation ToEvaluation()
    {
        var values = new MetricValue[_metrics.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = new MetricValue(_metrics[i].Name, _metrics[i].Value) { IsShare = _metrics[i].IsShare };
        }

        return new Evaluation(Loss, values);
    }
}
