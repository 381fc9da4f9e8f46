namespace NeuralTrain;

/// <summary>What <see cref="BatchNorm"/> and <see cref="LayerNorm"/> have in common: a fixed number of features, ε, and a scale and a shift for each feature.</summary>
public abstract class Normalization : Layer
{
    private protected Normalization(int size, bool scaleAndShift, double epsilon, params Parameter[] statistics)
        : base(size, scaleAndShift ? [new Parameter("weight", size, start: 1), new Parameter("bias", size), .. statistics] : statistics)
    {
        Size = size;
        Epsilon = Guard.Positive(epsilon, nameof(epsilon), "It keeps the division finite where all values are the same; 1e-5 is usual.");
        (Weight, Bias) = scaleAndShift ? (Parameters[0], Parameters[1]) : (null, null);
    }

    /// <summary>The scale γ, <c>[size]</c>; null if scale and shift are off.</summary>
    public Parameter? Weight { get; }

    /// <summary>The shift β, <c>[size]</c>; null if scale and shift are off.</summary>
    public Parameter? Bias { get; }

    /// <summary>ε, added to the variance under the root.</summary>
    public double Epsilon { get; }

    private protected int Size { get; }

    private protected override string Details => $"{Size}{(Weight is null ? ", no scale and shift" : "")}";

    /// <inheritdoc/>
    protected override void Describe(Settings settings)
    {
        settings.Set("size", Size);
        settings.Set("scaleAndShift", Weight is not null);
        settings.Set("epsilon", Epsilon);
    }

    /// <summary>Adds what a backward pass summed in double to the gradient of γ or β, if it learns.</summary>
    private protected static void AddGradient(ReadOnlySpan<double> sums, Parameter? parameter)
    {
        if (parameter is not { IsTrainable: true }) return;
        Span<float> gradient = parameter.Gradient.Span;
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] += (float)sums[i];
        }
    }
}
