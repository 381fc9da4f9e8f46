namespace NeuralTrain;

/// <summary>A distribution of initial weights.</summary>
/// <remarks>A custom initializer overrides <see cref="Fill"/>. An initializer has no state: one object serves many layers and threads. Lecture L2.</remarks>
public abstract class Initializer
{
    // The standard deviation of a standard normal distribution that is cut off at ±2.
    private const double TruncatedStandardDeviation = 0.87962566103423978;

    /// <summary>Overwrites all values.</summary>
    /// <param name="values">The values to fill; for weights row by row, <c>[fanOut × fanIn]</c>.</param>
    /// <param name="fanIn">Number of inputs of each unit.</param>
    /// <param name="fanOut">Number of units each input feeds.</param>
    /// <param name="random">The only source of randomness; the same state gives the same values.</param>
    /// <exception cref="ArgumentOutOfRangeException">A fan is less than 1.</exception>
    public abstract void Fill(Span<float> values, int fanIn, int fanOut, Random random);

    /// <summary>The name and its numbers, as <c>Uniform(-1, 1)</c>.</summary>
    public override string ToString() => GetType().Name;

    private protected static void CheckArguments(int fanIn, int fanOut, Random random)
    {
        Guard.AtLeast(fanIn, 1, nameof(fanIn), "the spread of the weights follows the number of inputs");
        Guard.AtLeast(fanOut, 1, nameof(fanOut), "the spread of the weights follows the number of outputs");
        ArgumentNullException.ThrowIfNull(random);
    }

    private protected static void FillUniform(Span<float> values, double low, double high, Random random)
    {
        // The cast to float may round up to the open end: step back below it.
        float end = (float)high;
        for (int i = 0; i < values.Length; i++)
        {
            float value = (float)(low + ((high - low) * random.NextDouble()));
            values[i] = value < end ? value : MathF.BitDecrement(end);
        }
    }

    private protected static void FillNormal(Span<float> values, double standardDeviation, bool truncated, Random random)
    {
        for (int i = 0; i < values.Length; i++)
        {
            double standard = MathNet.Numerics.Distributions.Normal.Sample(random, 0, truncated ? 1 : standardDeviation);
            while (truncated && Math.Abs(standard) > 2) standard = MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
            values[i] = (float)(truncated ? standard / TruncatedStandardDeviation * standardDeviation : standard);
        }
    }

    private protected string Text(double? number, bool truncated = false)
    {
        string[] arguments = [.. number is double value ? [$"{value}"] : Array.Empty<string>(), .. truncated ? ["truncated"] : Array.Empty<string>()];
        return arguments.Length == 0 ? GetType().Name : $"{GetType().Name}({string.Join(", ", arguments)})";
    }
}

/// <summary>All values 0: for biases, never for the weights of a hidden layer.</summary>
/// <remarks>
/// With zero weights all units of a layer compute the same value, get the same gradient and stay the same; only random numbers break that symmetry.
/// PyTorch's <c>init.zeros_</c>, Keras' <c>Zeros</c>. Lecture L2.1, L2.7.
/// </remarks>
public sealed class Zeros : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        values.Clear();
    }
}

/// <summary>All values the same number: for biases, such as 0.01 before a ReLU so that every unit starts alive.</summary>
/// <remarks>PyTorch's <c>init.constant_</c>, Keras' <c>Constant</c> (whose default is 0). Draws nothing from the generator. Lecture L2.7.</remarks>
/// <param name="value">The number, finite also as float32.</param>
/// <exception cref="ArgumentOutOfRangeException">The number is not finite as float32.</exception>
public sealed class Constant(double value) : Initializer
{
    /// <summary>The number.</summary>
    internal double Value { get; } = double.IsFinite((float)value) ? value : Guard.Finite((float)value, nameof(value), "Pass a number that float32 holds, for instance 0.01.");

    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        values.Fill((float)Value);
    }

    /// <inheritdoc/>
    public override string ToString() => Text(Value);
}
