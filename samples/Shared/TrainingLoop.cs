namespace NeuralTrain.Samples;

/// <summary>The lecture's loop on batches of digits, for samples that look at the loss of every single step.</summary>
public static class TrainingLoop
{
    /// <summary>Trains with softmax cross-entropy and returns the loss of each step, before its update; fewer where it runs away.</summary>
    /// <param name="sample">The run: shows progress under a name, stops at Ctrl-C, and its seed decides the order of the rows.</param>
    /// <param name="name">What is trained.</param>
    /// <param name="network">The network.</param>
    /// <param name="optimizer">Its optimizer.</param>
    /// <param name="data">What it learns; a last batch of fewer rows is left out, since its loss varies more.</param>
    /// <param name="batchSize">Rows of a batch.</param>
    /// <param name="steps">How many.</param>
    public static double[] Losses(SampleRun sample, string name, Sequential network, Optimizer optimizer, Dataset data, int batchSize, int steps)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var loss = new SoftmaxCrossEntropy();
        var gradient = new Matrix(batchSize, data.TargetSize);
        var losses = new List<double>();
        IEnumerator<int> step = sample.Steps(name, steps).GetEnumerator();
        using (step)
        {
            for (int epoch = 0; losses.Count < steps; epoch++)
            {
                using BatchReader batches = data.Read(new BatchPlan(batchSize, shuffleSeed: (ulong)sample.Seed, epoch));
                while (batches.Read() && batches.Inputs.Rows == batchSize && step.MoveNext())
                {
                    try
                    {
                        losses.Add(loss.Evaluate(network.Forward(batches.Inputs), batches.Targets, gradient));
                    }
                    catch (NotFiniteNumberException)
                    {
                        // The weights have run away; what follows would be NaN.
                        return [.. losses];
                    }

                    network.Backward(gradient);
                    optimizer.Step();
                }
            }
        }

        return [.. losses];
    }
}
