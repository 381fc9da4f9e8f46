namespace NeuralTrain;

/// <summary>Measures a network on data as in prediction, in blocks of rows, so that memory does not grow with the data.</summary>
internal sealed class Evaluator(Sequential network, Loss loss, Measure measure)
{
    // Enough for the products to be at their best, little enough to stay in the cache between layers. The rows of a block enter the last bits of the sums,
    // so it is a constant.
    private const int BlockRows = 512;

    private readonly GrowingMatrix _outputs = new();

    /// <summary>The batch at hand, for the search of values that are not finite.</summary>
    public (Matrix Inputs, Matrix Targets) Batch { get; private set; }

    /// <summary>One pass over the data.</summary>
    public Evaluation Run(BatchSource data) => Run(data, CancellationToken.None)!;

    /// <summary>One pass over the data; null if it was cancelled before its end.</summary>
    public Evaluation? Run(BatchSource data, CancellationToken cancellation)
    {
        measure.Reset();
        bool isEmpty = true;
        using BatchReader reader = data.Read(new BatchPlan(BlockRows));
        while (reader.Read())
        {
            // A pass of one block is as good as done: it ends, so that an epoch cancelled at its last step still counts.
            if (!isEmpty && cancellation.IsCancellationRequested)
            {
                return null;
            }

            isEmpty = false;
            Matrix inputs = reader.Inputs, targets = reader.Targets;
            Batch = (inputs, targets);
            Matrix outputs = _outputs.View(inputs.Rows, network.OutputSize(inputs.Columns));
            network.Infer(inputs, outputs);
            double value = loss.Evaluate(outputs, targets, gradient: default, reader.SampleWeights);
            measure.Add(value, loss.Divisor(targets, reader.SampleWeights), outputs, targets, reader.SampleWeights);
        }

        return isEmpty ? throw DataCheck.NoRows("data to measure on") : measure.ToEvaluation();
    }
}
