using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The loss for counts, such as visits per hour: the network predicts the rate q of a Poisson distribution.</summary>
/// <remarks>
/// <code>
/// L = 1/(N·K)·Σ (q − y·ln(q + ε))     ε = 1e-8;  N rows, K outputs
/// q̄ = 1/(N·K)·(1 − y/(q + ε))
/// </code>
/// <para>
/// q predicted rates and y targets, both 0 or more and <c>[batch × outputs]</c>. End the network in a layer whose values are positive, such as <see cref="Softplus"/>; a negative
/// rate is refused. The negative log-likelihood without its constant ln y!, so its minimum is at q = y and it may be negative.
/// </para>
/// <para>
/// PyTorch's <c>PoissonNLLLoss(log_input=False)</c>, which by default takes the logarithm of the rate, and Keras' <c>Poisson</c> (ε 1e-7).
/// Here the outputs are rates, so that metrics and predictions are in the unit of the targets.
/// </para>
/// </remarks>
public sealed class PoissonLoss() : ElementwiseLoss(Of(default(Formula)))
{
    private protected override void CheckValues(Matrix prediction, Matrix target)
    {
        TargetValidation.Check(this, target, default(IsNegative), "0 or more", nameof(target), "Rates and counts are never negative: correct the data.");
        TargetValidation.Check(this, prediction, default(IsNegative), "0 or more", nameof(prediction), "End the network in a layer that gives positive values, such as Softplus.");
    }

    private readonly struct Formula : ILossMap
    {
        [MethodImpl(Jit.Inline)]
        TLanes ILossMap.Apply<TLanes>(TLanes prediction, TLanes target, out TLanes gradient)
        {
            TLanes rate = prediction + 1e-8f;
            gradient = 1 - (target / rate);
            return prediction - (target * VectorMath.Log(rate));
        }
    }

    // 1 for values below 0; what is not finite is reported later.
    private readonly struct IsNegative : IMap1
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap1.Apply<TLanes>(TLanes value) => TLanes.Select(value < TLanes.Zero, TLanes.One, TLanes.Zero);
    }
}
