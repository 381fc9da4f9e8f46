namespace NeuralTrain;

/// <content>The ways to train, and to measure.</content>
public sealed partial class Trainer
{
    private readonly TrainingMemory _memory;

    /// <summary>Trains for a number of epochs.</summary>
    /// <param name="train">The data to learn from.</param>
    /// <param name="validation">Data to measure on after each epoch; null (the default) for none.</param>
    /// <param name="epochs">How many epochs, 1 or more; after a resume, how many in all since the run began. Default 100.</param>
    /// <param name="cancellationToken">Ends the training after the current step, without an exception.</param>
    /// <returns>The course of the training: <see cref="History"/>.</returns>
    public History Fit(BatchSource train, BatchSource? validation = null, int epochs = DefaultEpochs, CancellationToken cancellationToken = default)
    {
        foreach (Epoch _ in Epochs(train, validation, epochs, cancellationToken))
        {
        }

        return History;
    }

    /// <summary>Trains epoch by epoch, as a sequence one may leave at any time.</summary>
    /// <param name="train">The data to learn from.</param>
    /// <param name="validation">Data to measure on after each epoch; null (the default) for none.</param>
    /// <param name="epochs">How many epochs at most, 1 or more. Default 100.</param>
    /// <param name="cancellationToken">Ends the training after the current step, without an exception.</param>
    /// <returns>Each epoch as soon as it is finished.</returns>
    public IEnumerable<Epoch> Epochs(
        BatchSource train, BatchSource? validation = null, int epochs = DefaultEpochs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        for (int i = 0; i < epochs && !cancellationToken.IsCancellationRequested; i++)
        {
            double sum = 0;
            int rows = 0;
            using BatchReader reader = train.Read(new BatchPlan(BatchSize, Shuffle ? Seed : null, _memory.EpochsDone));
            while (reader.Read())
            {
                Matrix output = Network.Forward(reader.Inputs);
                var gradient = new Matrix(output.Rows, output.Columns);
                sum += Loss.Evaluate(output, reader.Targets, gradient, reader.SampleWeights) * output.Rows;
                rows += output.Rows;
                Network.Backward(gradient);
                Optimizer.Step();
            }

            var epoch = new Epoch
            {
                Number = ++_memory.EpochsDone,
                Training = new Evaluation(sum / rows, []),
                Validation = validation is null ? null : Evaluate(validation),
                LearningRate = Optimizer.LearningRate,
            };
            History.Add(epoch, isBest: true);
            yield return epoch;
        }

        History.StopReason = StopReason.EpochsDone;
    }

    /// <summary>Measures the network on some data, as in prediction: nothing is dropped, nothing changes.</summary>
    /// <param name="data">The data.</param>
    /// <returns>Loss and metrics.</returns>
    public Evaluation Evaluate(BatchSource data)
    {
        ArgumentNullException.ThrowIfNull(data);
        double sum = 0;
        int rows = 0;
        using BatchReader reader = data.Read(new BatchPlan(512));
        while (reader.Read())
        {
            sum += Loss.Evaluate(Network.Predict(reader.Inputs), reader.Targets) * reader.Inputs.Rows;
            rows += reader.Inputs.Rows;
        }

        return new Evaluation(sum / rows, []);
    }
}
