namespace NeuralTrain.Benchmarks;

/// <summary>The same training three ways: a loop by hand over the same batches, a trainer without metrics, and one with them.</summary>
internal sealed class TrainerLoops
{
    // So small that the network stays as it is: see Training.
    private const double LearningRate = 1e-7;

    private readonly Dataset _data;
    private readonly int _batch;
    private readonly Loss _loss;
    private readonly Sequential _network;
    private readonly Optimizer _optimizer;
    private readonly Trainer _plain;
    private readonly Trainer _measured;
    private readonly Matrix _gradient;
    private int _epoch;

    /// <summary>Builds all from a text such as <c>784-128-10/32/3200</c>: layer sizes, rows of a batch, rows of the data.</summary>
    public TrainerLoops(string text)
    {
        string[] parts = text.Split('/');
        int[] sizes = [.. parts[0].Split('-').Select(int.Parse)];
        (_batch, int rows) = (int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture));
        _data = new Dataset(Data.Batch(rows, sizes[0], seed: 2), Data.Targets(rows, sizes[^1]));
        _loss = sizes[^1] > 1 ? new SoftmaxCrossEntropy() : new MeanSquaredError();
        _network = Build(sizes);
        _optimizer = new SGD(_network, LearningRate);
        _plain = Create(sizes);
        _plain.Metrics = [];
        _measured = Create(sizes);
        _gradient = new Matrix(_batch, sizes[^1]);
        Steps = ((rows - 1) / _batch) + 1;
    }

    /// <summary>Steps of an epoch.</summary>
    public int Steps { get; }

    /// <summary>The loop of the README.</summary>
    public double ByHand(int epochs)
    {
        double sum = 0;
        for (int i = 0; i < epochs; i++)
        {
            using BatchReader reader = _data.Read(new BatchPlan(_batch, shuffleSeed: 0, epoch: _epoch++));
            while (reader.Read())
            {
                Matrix output = _network.Forward(reader.Inputs);
                sum += _loss.Evaluate(output, reader.Targets, _gradient);
                _network.Backward(_gradient);
                _optimizer.Step();
            }
        }

        return sum;
    }

    /// <summary>The same by a trainer.</summary>
    public double Train(int epochs, bool measured) =>
        (measured ? _measured : _plain).Fit(_data, epochs: epochs).Epochs[^1].Training.Loss;

    private static Sequential Build(int[] sizes)
    {
        var random = new Random(1);
        var layers = new List<Layer>();
        for (int i = 0; i < sizes.Length - 1; i++)
        {
            layers.Add(new Linear(sizes[i], sizes[i + 1], random));
            if (i < sizes.Length - 2)
            {
                layers.Add(new Sigmoid());
            }
        }

        return new Sequential([.. layers]);
    }

    private Trainer Create(int[] sizes)
    {
        Sequential network = Build(sizes);
        return new Trainer(network, _loss, new SGD(network, LearningRate)) { BatchSize = _batch };
    }
}
