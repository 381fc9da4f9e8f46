namespace NeuralTrain;

/// <summary>All values the same number: for biases, such as 0.01 in front of a ReLU so that every unit starts alive (lecture L2.7).</summary>
/// <remarks>PyTorch's <c>init.constant_</c>, Keras' <c>Constant</c> (whose default is 0). Draws nothing from the generator.</remarks>
public sealed class Constant : Initializer
{
    /// <summary>Creates the initializer.</summary>
    /// <param name="value">The number, finite also as float32.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite as float32.</exception>
    public Constant(double value)
    {
        Guard.Finite((float)value, nameof(value), "Pass a number that float32 holds, for instance 0.01.");
        Value = value;
    }

    /// <summary>The number.</summary>
    public double Value { get; }

    /// <inheritdoc/>
    public override void Fill(Span<float> values, int fanIn, int fanOut, Random random)
    {
        CheckArguments(fanIn, fanOut, random);
        values.Fill((float)Value);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Constant({Value})";
}
