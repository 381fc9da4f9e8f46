using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Measures networks on data.</summary>
public static class NetworkEvaluation
{
    /// <summary>Measures the network on some data, as in prediction: <c>ModelFile.Load(path).Network.Evaluate(test, loss)</c>. Nothing changes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The data, read in blocks of rows, so that memory does not grow with its size.</param>
    /// <param name="loss">The loss it was trained with.</param>
    /// <param name="metrics">The metrics to measure; empty (the default) for those a <see cref="Trainer"/> measures by default: the accuracy, or MAE and R² in regression.</param>
    /// <returns>Loss and metrics over all rows.</returns>
    /// <exception cref="ArgumentException">The data do not fit the network, or have no rows.</exception>
    /// <exception cref="NonFiniteException">A weight, an input, a target or an output is NaN or infinite; the message names it, with the row of the data.</exception>
    /// <exception cref="NotSupportedException">A metric does not apply to such outputs; the message names one that does.</exception>
    public static Evaluation Evaluate(this Sequential network, BatchSource data, Loss loss, params IReadOnlyList<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(metrics);
        return Evaluator.Evaluate(network, data, loss, metrics.Count > 0 ? metrics : Metric.DefaultsFor(loss.OutputKind));
    }
}

/// <summary>Combines the losses and predictions of batches into an evaluation of all their rows.</summary>
internal sealed class Evaluator
{
    // Enough rows for the products to be at their best, few enough to stay in the cache between layers. The size of a block affects the last bits of the sums,
    // so it is a constant.
    public const int BlockRows = 512;

    private readonly Sequential _network;
    private readonly Loss _loss;
    private readonly Metric[] _metrics;
    private readonly GrowingMatrix _outputs = new(), _first = new();
    private double _sum, _divisor;
    private bool _isMean;
    private long _rowsBefore;

    /// <summary>Prepares the metrics for what they are going to measure.</summary>
    public Evaluator(Sequential network, Loss loss, IReadOnlyList<Metric> metrics, int outputs)
    {
        (_network, _loss, _metrics) = (network, loss, [.. metrics]);
        foreach (Metric metric in _metrics) metric.Begin(loss.OutputKind, outputs);
    }

    /// <summary>The current batch of <see cref="Measure"/>, for the search for values that are not finite.</summary>
    public (Matrix Inputs, Matrix Targets) Batch { get; private set; }

    /// <summary>The first metric; null if there is none.</summary>
    public Metric? First => _metrics.Length > 0 ? _metrics[0] : null;

    /// <summary>The loss of all rows so far; NaN if all weights were 0, as with the metrics, so that nothing measured is never the best.</summary>
    public double Loss => !_isMean ? _sum : _divisor > 0 ? _sum / _divisor : double.NaN;

    /// <summary>Measures a network on data whose columns are checked here.</summary>
    public static Evaluation Evaluate(Sequential network, BatchSource data, Loss loss, IReadOnlyList<Metric> metrics)
    {
        DataShape.Check(network, data, "given", nameof(data), loss);
        DataCheck.Decisions(loss, metrics, data, nameof(data));

        // Behind a saturating unit, such as Sigmoid, an infinite weight would give finite values.
        if (NonFiniteSearch.FindParameter(network.NamedParameters(), network) is NonFinite parameter) throw new NonFiniteException(parameter, innerException: null);
        var evaluator = new Evaluator(network, loss, metrics, data.TargetSize);
        try
        {
            return evaluator.Measure(data, CancellationToken.None)!;
        }
        catch (Exception error) when (NonFiniteSearch.IsCause(error, evaluator.Batch.Targets))
        {
            NonFinite found = NonFiniteSearch.Find(network, evaluator.Batch.Inputs, evaluator.Batch.Targets, inPrediction: true) ?? NonFinite.LossOf(error);
            found.Samples = evaluator.SamplesOf(found.Rows);
            throw new NonFiniteException(found, error);
        }
    }

    /// <summary>The rows of the data that the rows of the current batch come from.</summary>
    public int[] SamplesOf(IReadOnlyList<int> rows) => [.. rows.Select(row => (int)_rowsBefore + row)];

    /// <summary>One pass over the data as in prediction; null if it was cancelled before its end.</summary>
    public Evaluation? Measure(BatchSource data, CancellationToken cancellation)
    {
        Reset();
        using BatchReader reader = data.Read(new BatchPlan(BlockRows));
        while (reader.Read())
        {
            // A pass of a single block is finished, so that an epoch cancelled at its last step still counts.
            if (!Batch.Inputs.IsEmpty && cancellation.IsCancellationRequested) return null;
            _rowsBefore += Batch.Inputs.Rows;
            Matrix inputs = reader.Inputs, targets = reader.Targets;
            Batch = (inputs, targets);
            Matrix outputs = _outputs.View(inputs.Rows, _network.OutputSize(inputs.Columns));
            _network.Infer(inputs, outputs);
            double loss = _loss.Evaluate(outputs, targets, gradient: default, reader.SampleWeights);
            Add(loss, _loss.DivisorOf(targets, reader.SampleWeights), outputs, targets, reader.SampleWeights);
        }

        return Batch.Inputs.IsEmpty ? throw DataShape.NoRows("data to measure on") : Result();
    }

    /// <summary>Forgets all rows.</summary>
    public void Reset()
    {
        (_sum, _divisor, _isMean, _rowsBefore, Batch) = (0, 0, false, 0, default);
        foreach (Metric metric in _metrics) metric.Reset();
    }

    /// <summary>Adds a batch; <paramref name="divisor"/> is its <see cref="NeuralTrain.Loss.Divisor"/>.</summary>
    [MethodImpl(Jit.Full)]
    public void Add(double loss, double? divisor, Matrix prediction, Matrix target, ReadOnlySpan<float> sampleWeights)
    {
        _isMean |= divisor is not null;
        _sum += (divisor ?? 1) * loss;
        _divisor += divisor ?? 0;
        if (_loss.OutputsPerTarget > 1)
        {
            Matrix first = _first.View(target.Rows, target.Columns);
            for (int row = 0; row < first.Rows; row++) prediction.Row(row)[..first.Columns].CopyTo(first.Row(row));
            prediction = first;
        }

        foreach (Metric metric in _metrics) metric.Add(prediction, target, sampleWeights);
    }

    /// <summary>Loss and metrics of all rows since <see cref="Reset"/>.</summary>
    public Evaluation Result() => new(Loss, [.. _metrics.Select(metric => new MetricValue(metric.Name, metric.Value, metric.IsRatio))]);
}
