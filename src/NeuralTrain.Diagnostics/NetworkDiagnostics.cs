namespace NeuralTrain;

/// <summary>Inspects a network: its shape and memory, common problems before training, and whether it can learn at all.</summary>
public static class NetworkDiagnostics
{
    /// <summary>Layers, shapes, parameters, initializers and memory as a table: <c>Console.WriteLine(network.Summary(batchSize: 32))</c>.</summary>
    /// <param name="network">The layer or network. It is not changed.</param>
    /// <param name="inputSize">Columns of the input; needed only if the layer takes any width.</param>
    /// <param name="batchSize">Rows of a batch, for the shapes and the memory. Default 1.</param>
    /// <exception cref="ArgumentException">The layer takes another width, or a size is not positive.</exception>
    public static NetworkSummary Summary(this Layer network, int? inputSize = null, int batchSize = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new NetworkSummary(network, inputSize, batchSize);
    }

    /// <summary>
    /// Looks for common problems in the data, the network, its first pass and its first step:
    /// <c>Console.WriteLine(network.Check(train, loss));</c>
    /// </summary>
    /// <remarks>
    /// Passes and steps run on a clone. At most 10 000 rows are examined, fewer where a row is wide (4 million values):
    /// rows spread evenly over a <see cref="Dataset"/>, the first ones of any other source; 256 of them pass through the network. Only the search for
    /// NaN and infinity reads a whole <see cref="Dataset"/>. All codes are listed in docs/checks.md.
    /// </remarks>
    /// <param name="network">The network. It is not changed.</param>
    /// <param name="data">The training data.</param>
    /// <param name="loss">The loss to minimise.</param>
    /// <param name="optimizer">The optimizer that will train the network; null (the default) to leave out the size of its first step.</param>
    /// <param name="batchSize">Rows of a training batch, 1 or more. Default 32.</param>
    /// <returns>The findings, the most serious first; none if all is well.</returns>
    /// <exception cref="ArgumentException">The data have no rows, or the optimizer trains a network of another shape.</exception>
    /// <exception cref="NotSupportedException">A custom layer or optimizer cannot be cloned; the message says what to do.</exception>
    public static CheckReport Check(this Sequential network, BatchSource data, Loss loss, Optimizer? optimizer = null, int batchSize = 32)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(loss);
        Guard.AtLeast(batchSize, 1, nameof(batchSize), "a batch has at least one row");
        return Checker.Run(new CheckContext(network, data, loss, optimizer, batchSize));
    }

    /// <summary>Trains a clone on a single batch, which any working network can memorise: loss about 0, or an accuracy of 100 %.</summary>
    /// <remarks>
    /// Where the outputs are classes or scores, the batch is memorised when every decision is correct; where they are values, when the loss is
    /// a thousandth of what predicting the mean of each target would give. It is measured in each training pass before its step, or in prediction
    /// if some layers are random.
    /// </remarks>
    /// <param name="network">The network. It is not changed.</param>
    /// <param name="data">The training data; the batch is rows spread evenly over a <see cref="Dataset"/>, or the first rows of another source.</param>
    /// <param name="loss">The loss to minimise.</param>
    /// <param name="optimizer">The optimizer whose rule and rate to use; null (the default) for <see cref="Adam"/> with a rate of 0.003.</param>
    /// <param name="rows">Rows of the batch, 1 or more; 2 with batch normalisation. Default 32.</param>
    /// <param name="maximumSteps">Steps after which to give up, 1 or more. Default 1000.</param>
    /// <returns>Whether the batch was memorised, after how many steps, and what to suspect if not.</returns>
    /// <exception cref="ArgumentException">Network, loss and data do not fit together, or the data have no rows.</exception>
    /// <exception cref="NotSupportedException">A custom layer or optimizer cannot be cloned; the message says what to do.</exception>
    public static OverfitResult OverfitOneBatch(this Sequential network, BatchSource data, Loss loss, Optimizer? optimizer = null, int rows = 32, int maximumSteps = 1000)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(loss);
        Guard.AtLeast(rows, 1, nameof(rows), "a batch has at least one row");
        Guard.AtLeast(maximumSteps, 1, nameof(maximumSteps), "nothing is learnt without a step");
        return OneBatch.Overfit(network, data, loss, optimizer, rows, maximumSteps);
    }
}
