using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>What <see cref="Dropout"/> and <see cref="AlphaDropout"/> have in common: a mask, drawn in each training pass, that drops values with probability p.</summary>
public abstract class DroppingLayer : Layer
{
    private protected DroppingLayer(double probability, Random random, string usual)
    {
        DropProbability = (float)Guard.InHalfOpen((float)probability, 0, 1, nameof(probability), $"It is the probability of dropping, not of keeping; {usual} is usual.");
        RandomStream = new RandomStream(random);
        Probability = probability;
    }

    /// <summary>p, the probability that a value is dropped.</summary>
    public double Probability { get; }

    /// <inheritdoc/>
    public override bool PassesValuesThrough => true;

    /// <inheritdoc/>
    public override RandomStream RandomStream { get; }

    /// <summary>The mask of the last forward pass: 0 for what was dropped, or the scale of what was kept.</summary>
    internal Matrix Mask => MaskMemory.Last;

    private protected override string Details => $"{DropProbability}";

    /// <summary>p as float32, for the kernels.</summary>
    private protected float DropProbability { get; }

    private protected GrowingMatrix MaskMemory { get; } = new();

    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        input.CopyTo(output);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There was no forward pass of this shape, so there is no mask for the backward pass.</exception>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        MaskMemory.CheckRemembers(this, input, input.Columns);
        if (!inputGradient.IsEmpty) Elementwise.Map(outputGradient.Span, Mask.Span, inputGradient.Span, default(Product));
    }

    /// <inheritdoc/>
    protected override void Describe(Settings settings) => settings.Set("probability", Probability);
}
