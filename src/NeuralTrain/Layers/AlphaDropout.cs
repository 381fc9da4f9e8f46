using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Dropout for SELU: dropped values become SELU's lowest value, and mean and variance are kept.</summary>
/// <remarks>
/// <code>
/// training    y = a·(x⊙m + α′·(1 − m)) + b       m = 0 with probability p, else 1, drawn for each value
///             α′ = −λα = −1.7580993408473766,  a = ((1 − p)(1 + p·α′²))^−½,  b = −a·p·α′
/// prediction  y = x
/// backward    x̄ = a·ȳ⊙m
/// </code>
/// Any width; shapes stay the same. If the inputs have mean 0 and variance 1, so do the outputs. Source: Klambauer,
/// Unterthiner, Mayr and Hochreiter 2017. PyTorch's <c>nn.AlphaDropout(p)</c>, Keras' <c>AlphaDropout(rate)</c>. 0.05 or 0.1 is usual. Lecture L4.8.
/// </remarks>
public sealed class AlphaDropout : DroppingLayer
{
    // −λα of SELU: its limit for very negative inputs.
    private const double Dropped = -1.7580993408473766;

    private readonly float _scale;
    private readonly Formula _formula;

    /// <summary>Creates the layer.</summary>
    /// <param name="probability">p, the probability that a value is dropped, in [0, 1); 0 makes the layer the identity.</param>
    /// <param name="random">Source of the masks; one number is drawn from it, which seeds this layer's own generator.</param>
    /// <exception cref="ArgumentOutOfRangeException">p lies outside [0, 1).</exception>
    public AlphaDropout(double probability, Random random)
        : base(probability, random, "0.05 or 0.1")
    {
        double p = DropProbability;
        double scale = 1 / Math.Sqrt((1 - p) * (1 + (p * Dropped * Dropped))), shift = -scale * p * Dropped;
        (_scale, _formula) = ((float)scale, new Formula((float)shift, (float)((scale * Dropped) + shift)));
    }

    /// <inheritdoc/>
    public override void Forward(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        Span<float> mask = MaskMemory.View(input.Rows, input.Columns).Span;
        CounterRandom.FillDropoutMask(mask, RandomStream.Seed, RandomStream.Take(mask.Length), DropProbability, _scale);
        Elementwise.Map(input.Span, mask, output.Span, _formula);
    }

    // a·x + b for what was kept, a·α′ + b for what was dropped.
    private readonly struct Formula(float shift, float droppedValue) : IMap2
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap2.Apply<TLanes>(TLanes x, TLanes mask) =>
            TLanes.Select(mask > TLanes.Zero, TLanes.MultiplyAdd(x, mask, shift), droppedValue);
    }
}
