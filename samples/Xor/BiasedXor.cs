namespace NeuralTrain.Samples;

/// <summary>The same problem from the same blocks, now with biases: 2-4-1, and how many of 100 random starts learn it.</summary>
internal static class BiasedXor
{
    /// <summary>Trains from seeds 1 to 100, says how many learnt, and returns whether all did.</summary>
    public static bool Run()
    {
        List<int> failed = [.. Enumerable.Range(1, 100).Where(seed => !Learns(seed))];
        Console.WriteLine($"XOR with biases, 2-4-1, 5 000 steps: {100 - failed.Count} of 100 seeds learn it.");
        Console.WriteLine(failed.Count == 0
            ? "Any seed of 1 to 100 learns XOR (every output within 0.1 of its target): yes."
            : $"Any seed of 1 to 100 learns XOR (every output within 0.1 of its target): no, not {string.Join(", ", failed)}.");
        return failed.Count == 0;
    }

    private static bool Learns(int seed)
    {
        Matrix inputs = new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } };
        Matrix targets = new float[,] { { 0 }, { 1 }, { 1 }, { 0 } };
        var random = new Random(seed);
        var network = new Sequential(new Linear(2, 4, random), new Sigmoid(), new Linear(4, 1, random), new Sigmoid());
        (var loss, var optimizer, var gradient) = (new SumOfSquares(), new SGD(network, learningRate: 1), new Matrix(4, 1));
        for (int i = 0; i < 5_000; i++)
        {
            loss.Evaluate(network.Forward(inputs), targets, gradient);
            network.Backward(gradient);
            optimizer.Step();
        }

        Matrix outputs = network.Predict(inputs);
        return Enumerable.Range(0, 4).All(row => Math.Abs(outputs[row, 0] - targets[row, 0]) < 0.1);
    }
}
