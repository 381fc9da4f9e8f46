namespace NeuralTrain.Samples;

/// <summary>The network of the lecture started from zeros (L2.1): nothing tells its units apart, and it never learns.</summary>
internal static class ZeroXor
{
    private const int Iterations = 60_000;

    /// <summary>Trains, says what came of it, and returns the loss at every 50th iteration.</summary>
    public static double[] Run(SampleRun sample)
    {
        Matrix inputs = new float[,] { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 0, 1 }, { 1, 1, 1 } };
        Matrix targets = new float[,] { { 0 }, { 1 }, { 1 }, { 0 } };
        var random = new Random(0);
        var hidden = new Linear(3, 4, random, bias: false, weightInitializer: new Zeros());
        var network = new Sequential(hidden, new Sigmoid(), new Linear(4, 1, random, bias: false, weightInitializer: new Zeros()), new Sigmoid());
        (var loss, var optimizer, var gradient) = (new SumOfSquares(), new SGD(network, learningRate: 1), new Matrix(4, 1));
        var losses = new List<double>();
        for (int i = 0; i < Iterations; i++)
        {
            double value = loss.Evaluate(network.Forward(inputs), targets, gradient);
            if (i % Pictures.Interval == 0)
            {
                losses.Add(value);
            }

            network.Backward(gradient);
            optimizer.Step();
        }

        float[] outputs = [.. network.Predict(inputs).Span];
        bool same = Enumerable.Range(1, 3).All(unit => hidden.Weight.Value.Row(unit).SequenceEqual(hidden.Weight.Value.Row(0)));
        Console.WriteLine("The same network from weights that are all zero, 60 000 iterations.");
        sample.Claim("Zeros never learn XOR (L2.1): every output is still 0.5, and all hidden units are still the same",
            same && outputs.All(output => output == 0.5f), $"outputs {string.Join(", ", outputs)}");
        return [.. losses];
    }
}
