namespace NeuralTrain.Tests.Serving;

/// <summary>Small networks that several tests here use.</summary>
internal static class Networks
{
    /// <summary>4 features to some outputs, with everything that works differently in training: batch normalisation and dropout.</summary>
    public static Sequential Mixed(int outputs, int seed = 1)
    {
        var random = new Random(seed);
        var network = new Sequential(
            new Linear(4, 16, random), new BatchNorm(16), new ReLU(), new Dropout(0.3, random), new Linear(16, outputs, random));
        for (int pass = 0; pass < 5; pass++)
        {
            network.Forward(Inputs(32, seed: 100 + pass));
        }

        return network;
    }

    public static Matrix Inputs(int rows, int seed = 7, int columns = 4)
    {
        var random = new Random(seed);
        var inputs = new Matrix(rows, columns);
        foreach (ref float value in inputs.Span)
        {
            value = (float)((2 * random.NextDouble()) - 1);
        }

        return inputs;
    }

    /// <summary>All values of a network, statistics included, bit for bit.</summary>
    public static int[] Bits(Layer network) =>
        [.. network.NamedParameters().SelectMany(named => named.Parameter.Value.Span.ToArray()).Select(BitConverter.SingleToInt32Bits)];
}
