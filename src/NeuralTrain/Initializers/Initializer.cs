namespace NeuralTrain;

/// <summary>A distribution of initial weights (lecture L2).</summary>
/// <remarks>One of one's own overrides <see cref="Fill"/>. An initializer keeps nothing: one object serves many layers and threads.</remarks>
public abstract class Initializer
{
    /// <summary>Overwrites all values.</summary>
    /// <param name="values">The values to fill; for weights row by row, <c>[fanOut × fanIn]</c>.</param>
    /// <param name="fanIn">Number of inputs of each unit.</param>
    /// <param name="fanOut">Number of units each input feeds.</param>
    /// <param name="random">The only source of randomness; the same state gives the same values.</param>
    /// <exception cref="ArgumentOutOfRangeException">A fan is not 1 or more.</exception>
    public abstract void Fill(Span<float> values, int fanIn, int fanOut, Random random);

    /// <summary>The kind and its numbers, as <c>Uniform(-1, 1)</c>.</summary>
    public override string ToString() => GetType().Name;

    private protected static void CheckArguments(int fanIn, int fanOut, Random random)
    {
        Guard.AtLeast(fanIn, 1, nameof(fanIn), "the spread of the weights follows the number of inputs");
        Guard.AtLeast(fanOut, 1, nameof(fanOut), "the spread of the weights follows the number of outputs");
        ArgumentNullException.ThrowIfNull(random);
    }

    // The cast to float may round up to the open end: step back below it.
    private protected static void FillUniform(Span<float> values, double low, double high, Random random)
    {
        float end = (float)high;
        for (int i = 0; i < values.Length; i++)
        {
            float value = (float)(low + ((high - low) * random.NextDouble()));
            values[i] = value < end ? value : MathF.BitDecrement(end);
        }
    }

    private protected static void FillNormal(Span<float> values, double deviation, Random random)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)MathNet.Numerics.Distributions.Normal.Sample(random, 0, deviation);
        }
    }

    // A standard normal redrawn beyond ±2 and stretched back to a deviation of 1, as in Keras' VarianceScaling.
    private protected static void FillTruncatedNormal(Span<float> values, double deviation, Random random)
    {
        // The deviation of a standard normal distribution that is cut off at ±2.
        const double TruncatedDeviation = 0.87962566103423978;
        for (int i = 0; i < values.Length; i++)
        {
            double standard;
            do
            {
                standard = MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
            }
            while (Math.Abs(standard) > 2);

            values[i] = (float)(standard / TruncatedDeviation * deviation);
        }
    }
}
