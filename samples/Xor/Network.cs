namespace NeuralTrain.Samples;

/// <summary>The two-layer perceptron of the lecture and its training: sigmoid units, full batch, step 1, ½Σ(y − q)².</summary>
internal static class Network
{
    /// <summary>How many iterations lie between two points of a curve.</summary>
    public const int Interval = 50;

    /// <summary>Builds it with four hidden units.</summary>
    public static Sequential New(int inputs, Random random, bool bias, Initializer? weights = null) => new(
        new Linear(inputs, 4, random, bias, weights), new Sigmoid(),
        new Linear(4, 1, random, bias, weights), new Sigmoid());

    /// <summary>Trains it: the loop with every step visible. Returns the loss at every 50th iteration, before its update.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The four cases.</param>
    /// <param name="iterations">How many.</param>
    /// <param name="watch">Sees each iteration's number and outputs, before its update.</param>
    public static double[] Train(Sequential network, Dataset data, int iterations, Action<int, Matrix>? watch = null)
    {
        var loss = new SumOfSquares();
        var optimizer = new SGD(network, learningRate: 1);
        var gradient = new Matrix(data.Inputs.Rows, 1);
        var losses = new List<double>();
        for (int i = 0; i < iterations; i++)
        {
            Matrix outputs = network.Forward(data.Inputs);
            double value = loss.Evaluate(outputs, data.Targets, gradient);
            if (i % Interval == 0)
            {
                losses.Add(value);
            }

            watch?.Invoke(i, outputs);
            network.Backward(gradient);
            optimizer.Step();
        }

        return [.. losses];
    }

    /// <summary>How far each output lies from its target.</summary>
    public static double[] Errors(Matrix outputs, Dataset data) =>
        [.. outputs.Doubles().Zip(data.Targets.Doubles(), (output, target) => Math.Abs(output - target))];
}
