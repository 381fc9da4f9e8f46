namespace NeuralTrain.Samples;

/// <summary>The same problem from the same blocks, now with biases: 2-4-1, and how many of 100 random starts learn it.</summary>
internal static class BiasedXor
{
    /// <summary>Trains from seeds 1 to 100 and says how many learnt.</summary>
    public static void Run(SampleRun sample)
    {
        List<int> failed = [.. sample.Steps("100 random starts", 100).Select(i => i + 1).Where(seed => !HasLearnt(Train(seed)))];
        Console.WriteLine($"XOR with biases, 2-4-1, 5 000 steps: {100 - failed.Count} of 100 seeds learn it.");
        sample.Claim("Any seed of 1 to 100 learns XOR (every output within 0.1 of its target)",
            failed.Count == 0, failed.Count == 0 ? null : $"not {string.Join(", ", failed)}");
    }

    /// <summary>The four cases.</summary>
    public static Dataset Data { get; } = new(
        new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } }, new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });

    /// <summary>Trains from one seed.</summary>
    public static Sequential Train(int seed)
    {
        var random = new Random(seed);
        var network = new Sequential(new Linear(2, 4, random), new Sigmoid(), new Linear(4, 1, random), new Sigmoid());
        (var loss, var optimizer, var gradient) = (new SumOfSquares(), new SGD(network, learningRate: 1), new Matrix(4, 1));
        for (int i = 0; i < 5_000; i++)
        {
            loss.Evaluate(network.Forward(Data.Inputs), Data.Targets, gradient);
            network.Backward(gradient);
            optimizer.Step();
        }

        return network;
    }

    private static bool HasLearnt(Sequential network)
    {
        Matrix outputs = network.Predict(Data.Inputs);
        return Enumerable.Range(0, 4).All(row => Math.Abs(outputs[row, 0] - Data.Targets[row, 0]) < 0.1);
    }
}
