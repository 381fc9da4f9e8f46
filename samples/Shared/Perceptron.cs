namespace NeuralTrain.Samples;

/// <summary>The network of most samples: linear layers with ReLU in between.</summary>
public static class Perceptron
{
    /// <summary>Makes one; in names of samples, 2-32-32-2 is one of widths 2, 32, 32 and 2.</summary>
    /// <param name="random">What the first weights are drawn from.</param>
    /// <param name="widths">The inputs, the units of each hidden layer, and the outputs.</param>
    /// <param name="dropout">The probability of dropping a hidden value; null for networks without dropout.</param>
    public static Sequential New(Random random, int[] widths, double? dropout = null)
    {
        ArgumentNullException.ThrowIfNull(widths);
        var layers = new List<Layer>();
        for (int i = 1; i < widths.Length; i++)
        {
            layers.Add(new Linear(widths[i - 1], widths[i], random));
            if (i < widths.Length - 1)
            {
                layers.Add(new ReLU());
                layers.AddRange(dropout is double p ? [new Dropout(p, random)] : []);
            }
        }

        return new Sequential([.. layers]);
    }
}
