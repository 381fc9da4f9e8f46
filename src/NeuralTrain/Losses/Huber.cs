using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Squared for small errors, absolute for large ones: smooth at the target, tolerant of outliers.</summary>
/// <remarks>
/// <code>
/// L = 1/(N·K)·Σ h(q − y)     h(e) = ½e² if |e| ≤ δ, else δ·(|e| − ½δ);  N rows, K outputs
/// q̄ = 1/(N·K)·max(−δ, min(q − y, δ))
/// </code>
/// q prediction, y target, both <c>[batch × outputs]</c>. Source: Huber 1964. δ 1 and the formula are those of PyTorch's
/// <c>HuberLoss</c> and Keras' <c>Huber</c>; PyTorch's <c>SmoothL1Loss</c> is this divided by δ.
/// </remarks>
/// <param name="delta">δ, the error at which the squared form changes to the absolute one. Default 1.</param>
/// <exception cref="ArgumentOutOfRangeException">δ is not a finite number greater than 0.</exception>
public sealed class Huber(double delta = 1) : ElementwiseLoss(Of(new Formula((float)delta)))
{
    /// <summary>δ, the error at which the squared form changes to the absolute one.</summary>
    public double Delta { get; } = Guard.PositiveFloat(delta, nameof(delta), "It is the error at which squares turn into absolute values; 1 is usual.");

    /// <inheritdoc/>
    public override string ToString() => $"Huber({Delta})";

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings) => settings.Set("delta", Delta);

    private readonly struct Formula(float delta) : ILossMap
    {
        [MethodImpl(Jit.Inline)]
        TLanes ILossMap.Apply<TLanes>(TLanes prediction, TLanes target, out TLanes gradient)
        {
            // With c = e limited to ±δ both branches are c·(e − ½c).
            TLanes error = prediction - target;
            gradient = TLanes.AtMost(TLanes.AtLeast(error, -delta), delta);
            return gradient * (error - (0.5f * gradient));
        }
    }
}
