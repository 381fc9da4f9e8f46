namespace NeuralTrain;

/// <summary>A distribution of initial weights.</summary>
/// <remarks>A custom initializer overrides <see cref="Fill"/>. An initializer has no state: one object serves many layers and threads. Lecture L2.</remarks>
public abstract class Initializer
{
    private readonly string[] _arguments = [];

    /// <summary>Creates an initializer.</summary>
    protected Initializer()
    {
    }

    private protected Initializer(params string[] arguments) => _arguments = [.. arguments.Where(argument => argument.Length > 0)];

    /// <summary>Overwrites all values.</summary>
    /// <param name="values">The values to fill; for weights row by row, <c>[fanOut × fanIn]</c>.</param>
    /// <param name="fanIn">Number of inputs of each unit.</param>
    /// <param name="fanOut">Number of units that each input is connected to.</param>
    /// <param name="random">The only source of random numbers; the same state gives the same values.</param>
    /// <exception cref="ArgumentOutOfRangeException">A fan is less than 1.</exception>
    public abstract void Fill(Span<float> values, int fanIn, int fanOut, Random random);

    /// <summary>The name and its numbers, as <c>Uniform(-1, 1)</c>.</summary>
    public override string ToString() => _arguments.Length == 0 ? GetType().Name : $"{GetType().Name}({string.Join(", ", _arguments)})";

    private protected static void CheckArguments(int fanIn, int fanOut, Random random)
    {
        Guard.AtLeast(fanIn, 1, nameof(fanIn), "the spread of the weights follows the number of inputs");
        Guard.AtLeast(fanOut, 1, nameof(fanOut), "the spread of the weights follows the number of outputs");
        ArgumentNullException.ThrowIfNull(random);
    }

    private protected static void FillUniform(Span<float> values, double low, double high, Random random)
    {
        // The cast to float may round up to the exclusive bound: step back below it.
        float end = (float)high;
        for (int i = 0; i < values.Length; i++)
        {
            float value = (float)(low + ((high - low) * random.NextDouble()));
            values[i] = value < end ? value : MathF.BitDecrement(end);
        }
    }
}

/// <summary>A normal distribution around 0 whose standard deviation may depend on the layer's size.</summary>
public abstract class NormalInitializer : Initializer
{
    // The standard deviation of a standard normal distribution that is cut off at ±2.
    private const double TruncatedStandardDeviation = 0.87962566103423978;
    private readonly Func<double, double, double> _standardDeviation;
    private readonly bool _truncated;

    private protected NormalInitializer(Func<double, double, double> standardDeviation, bool truncated, string number = "") : base(number, truncated ? "truncated" : "") =>
        (_standardDeviation, _truncated) = (standardDeviation, truncated);

    /// <inheritdoc/>
    public sealed override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        double standardDeviation = _standardDeviation(fanIn, fanOut);
        for (int i = 0; i < values.Length; i++)
        {
            double standard = MathNet.Numerics.Distributions.Normal.Sample(random, 0, _truncated ? 1 : standardDeviation);
            while (_truncated && Math.Abs(standard) > 2) standard = MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
            values[i] = (float)(_truncated ? standard / TruncatedStandardDeviation * standardDeviation : standard);
        }
    }
}

/// <summary>A uniform distribution around 0 whose width depends on the layer's size.</summary>
public abstract class UniformInitializer : Initializer
{
    private readonly Func<double, double, double> _bound;

    private protected UniformInitializer(Func<double, double, double> bound, string number = "") : base(number) => _bound = bound;

    /// <inheritdoc/>
    public sealed override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        double bound = _bound(fanIn, fanOut);
        FillUniform(values, -bound, bound, random);
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

/// <summary>All values equal: for biases, such as 0.01 before a ReLU so that every unit starts alive.</summary>
/// <remarks>PyTorch's <c>init.constant_</c>, Keras' <c>Constant</c> (whose default is 0). Draws nothing from the generator. Lecture L2.7.</remarks>
/// <param name="value">The number, finite also as float32.</param>
/// <exception cref="ArgumentOutOfRangeException">The number is not finite as float32.</exception>
public sealed class Constant(double value) : Initializer($"{value}")
{
    private readonly float _value = (float)Guard.Finite((float)value, nameof(value), "Pass a number that float32 holds, for instance 0.01.");

    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        values.Fill(_value);
    }
}
