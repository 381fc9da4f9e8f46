namespace NeuralTrain;

/// <content>Looking at a network before it is trained, and measuring it afterwards.</content>
public sealed partial class Sequential
{
    /// <summary>
    /// Looks for what usually spoils a training, in the data, the network, its first pass and its first step (lecture L7.2):
    /// <c>Console.WriteLine(network.Check(train, loss));</c> The network is not changed.
    /// </summary>
    /// <remarks>
    /// Passes and steps run on a clone. At most 10 000 rows are looked at, fewer where a row is wide (4 million values): rows spread evenly
    /// over a <see cref="Dataset"/>, the first ones of any other source; passes take 256 of them. Only the search for NaN and infinity reads all of a
    /// <see cref="Dataset"/>. The codes stand in docs/checks.md.
    /// </remarks>
    /// <param name="data">The training data.</param>
    /// <param name="loss">What the training will make small.</param>
    /// <param name="optimizer">The optimizer that will train it, to judge the size of its first step; that is left out if null (the default).</param>
    /// <param name="batchSize">Rows of a training batch, 1 or more. Default 32.</param>
    /// <returns>What was found, the gravest first; nothing if all is well.</returns>
    /// <exception cref="ArgumentException">The data have no rows, or the optimizer trains a network of another shape.</exception>
    /// <exception cref="NotSupportedException">A layer or an optimizer of one's own cannot be cloned; the message says how it could.</exception>
    public Findings Check(BatchSource data, Loss loss, Optimizer? optimizer = null, int batchSize = 32)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(loss);
        Guard.AtLeast(batchSize, 1, nameof(batchSize), "a batch has at least one row");
        return new Findings(Doctor.Examine(new CheckCase(this, data, loss, optimizer, batchSize)));
    }

    /// <summary>
    /// Trains a clone on a single batch, which any sound network learns by heart: loss about 0, or an accuracy of 100 % (lecture L7.2).
    /// </summary>
    /// <remarks>
    /// Where the outputs are classes or scores the batch is learnt when every decision is right; where they are values, when the loss is a
    /// thousandth of what predicting the mean of each target would give. It is measured in each training pass before its step, or in prediction if
    /// there are layers that work with chance. The network is not changed.
    /// </remarks>
    /// <param name="data">The training data; the batch is rows spread evenly over a <see cref="Dataset"/>, or the first rows of another source.</param>
    /// <param name="loss">What the training will make small.</param>
    /// <param name="optimizer">Whose rule and rate to use; <see cref="Adam"/> with a rate of 0.003 if null (the default).</param>
    /// <param name="rows">Rows of the batch, 1 or more; 2 with batch normalisation. Default 32.</param>
    /// <param name="maximumSteps">Steps after which to give up, 1 or more. Default 1000.</param>
    /// <returns>Whether it was learnt, after how many steps, and what to suspect if not.</returns>
    /// <exception cref="ArgumentException">Network, loss and data do not fit together, or the data have no rows.</exception>
    /// <exception cref="NotSupportedException">A layer or an optimizer of one's own cannot be cloned; the message says how it could.</exception>
    public OverfitResult OverfitOneBatch(BatchSource data, Loss loss, Optimizer? optimizer = null, int rows = 32, int maximumSteps = 1000)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(loss);
        Guard.AtLeast(rows, 1, nameof(rows), "a batch has at least one row");
        Guard.AtLeast(maximumSteps, 1, nameof(maximumSteps), "nothing is learnt without a step");
        return OneBatch.Overfit(this, data, loss, optimizer, rows, maximumSteps);
    }

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

    internal override Matrix ChildOutput(int child) => _output.IsEmpty || child == _layers.Length - 1 ? _output : _activations[child];
}
