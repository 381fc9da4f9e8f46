namespace NeuralTrain.Benchmarks;

/// <summary>A fully connected ReLU network with its batch, loss and optimizer, ready to take steps.</summary>
internal sealed class Training
{
    // So small that the network of the last step is that of the first: one that knows its batch by heart has numbers below the
    // normal range, which processors add slowly.
    private const double LearningRate = 1e-7;

    private readonly Sequential _network;
    private readonly Loss _loss;
    private readonly Optimizer _optimizer;
    private readonly Matrix _input;
    private readonly Matrix _target;
    private readonly Matrix _gradient;

    /// <summary>Builds the network from a text such as <c>784-128-10/32</c>: layer sizes, inputs first, then the rows of the batch.</summary>
    public Training(string network, Func<Layer, double, Optimizer> optimizer)
        : this(
            [.. network.Split('/')[0].Split('-').Select(int.Parse)],
            int.Parse(network.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture),
            optimizer)
    {
    }

    /// <summary>Builds the network from its sizes, inputs first; one output is regression, several are classes.</summary>
    public Training(int[] sizes, int batch, Func<Layer, double, Optimizer> optimizer)
    {
        var random = new Random(1);
        var layers = new List<Layer>();
        for (int i = 0; i < sizes.Length - 1; i++)
        {
            layers.Add(new Linear(sizes[i], sizes[i + 1], random));
            if (i < sizes.Length - 2)
            {
                layers.Add(new ReLU());
            }
        }

        _network = new Sequential([.. layers]);
        _loss = sizes[^1] > 1 ? new SoftmaxCrossEntropy() : new MeanSquaredError();
        _optimizer = optimizer(_network, LearningRate);
        _input = Data.Batch(batch, sizes[0], seed: 2);
        _target = Data.Targets(batch, sizes[^1]);
        _gradient = new Matrix(batch, sizes[^1]);
    }

    /// <summary>One whole step: forward, loss, backward, update.</summary>
    public double Step()
    {
        Matrix output = _network.Forward(_input);
        double loss = _loss.Evaluate(output, _target, _gradient);
        _network.Backward(_gradient);
        _optimizer.Step();
        return loss;
    }
}
