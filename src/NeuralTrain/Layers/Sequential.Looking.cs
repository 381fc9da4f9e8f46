namespace NeuralTrain;

/// <content>Looking at a network before it is trained, and measuring it afterwards.</content>
public sealed partial class Sequential
{
    /// <summary>Measures the network on some data, as in prediction: <c>ModelFile.Load(path).Network.Evaluate(test, loss)</c>. Nothing changes.</summary>
    /// <param name="data">The data; in blocks of rows, so that memory does not grow with them.</param>
    /// <param name="loss">What was made small.</param>
    /// <param name="metrics">What else to measure; none (the default) for what a <see cref="Trainer"/> measures by default: the accuracy, or MAE and R² of values.</param>
    /// <returns>Loss and metrics over all rows.</returns>
    /// <exception cref="ArgumentException">The data do not fit the network, or have no rows.</exception>
    /// <exception cref="NotSupportedException">A metric makes no sense for such outputs; the message says which does.</exception>
    public Evaluation Evaluate(BatchSource data, Loss loss, params IReadOnlyList<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(metrics);
        DataCheck.Columns(this, data, "given", nameof(data));
        IReadOnlyList<Metric> measured = metrics.Count > 0 ? metrics : Metric.DefaultsFor(loss.OutputKind);
        foreach (Metric metric in measured)
        {
            metric.Begin(loss.OutputKind, data.TargetSize);
        }

        return new Evaluator(this, loss, new Measure(measured)).Run(data);
    }

    /// <inheritdoc/>
    protected internal override Matrix ChildOutput(int child) => _output.IsEmpty || child == _layers.Length - 1 ? _output : _activations[child];
}
