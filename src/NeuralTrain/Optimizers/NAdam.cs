using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Adam with the look-ahead of <see cref="Nesterov"/>: the momentum of the next step is applied in this one.</summary>
/// <remarks>
/// <code>
/// m := β₁m + (1 − β₁)g      u := β₂u + (1 − β₂)g²      g = ∂L/∂θ + 2λθ for regularized parameters (L2 = λ)
/// μₜ = β₁(1 − ½·0.96^(tψ))  πₜ = μ₁·μ₂·…·μₜ            t = 1, 2, … the updates of this parameter
/// θ := θ − γ·(μₜ₊₁·m / (1 − πₜ₊₁) + (1 − μₜ)·g / (1 − πₜ)) / (√(u / (1 − β₂ᵗ)) + ε)
/// </code>
/// <para>PyTorch's <c>NAdam(momentum_decay=ψ)</c> with the same defaults; Keras' <c>Nadam</c> has ψ = 1 and the rate 0.001.</para>
/// <para>Source: Dozat, "Incorporating Nesterov Momentum into Adam", 2016.</para>
/// </remarks>
/// <param name="network">The network, or any layer with parameters.</param>
/// <param name="learningRate">The learning rate γ, greater than 0. Default 0.002, as in the paper.</param>
/// <param name="beta1">Decay rate β₁ of the first moment, in [0, 1). Default 0.9, as in PyTorch.</param>
/// <param name="beta2">Decay rate β₂ of the second moment, in [0, 1). Default 0.999, as in the paper.</param>
/// <param name="epsilon">The small constant ε that keeps the division finite, greater than 0. Default 1e-8, as in the paper.</param>
/// <param name="momentumDecay">ψ, how fast the momentum μ rises from about β₁/2 to β₁, 0 or more. Default 0.004, as in the paper.</param>
/// <exception cref="ArgumentException">The network has no trainable parameter.</exception>
/// <exception cref="ArgumentOutOfRangeException">The rate or ε is not a finite number greater than 0, a β lies outside [0, 1), or ψ is negative or not finite.</exception>
public sealed class NAdam(
    Layer network, double learningRate = 0.002, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double momentumDecay = 0.004)
    : Adam(network, learningRate, beta1, beta2, epsilon)
{
    // πₜ for the t of the last parameter: most parameters share the same t.
    private long _step;
    private double _product = 1;

    /// <summary>ψ, how fast the momentum rises to β₁.</summary>
    public double MomentumDecay { get; } = Guard.NotNegative(momentumDecay, nameof(momentumDecay), "The usual value is 0.004.");

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        base.Describe(settings);
        settings.Set("momentum decay", MomentumDecay);
    }

    /// <inheritdoc/>
    [MethodImpl(Jit.Entry)]
    protected override void Update(in ParameterUpdate update)
    {
        if (update.Step < _step) (_step, _product) = (0, 1);
        while (_step < update.Step) _product *= MomentumAt(++_step);
        double rate = update.LearningRate, next = MomentumAt(update.Step + 1);
        Elementwise.Update(update.Value, update.Gradient, update.State(0), update.State(1), new Rule(
            ofMean: (float)(rate * (next / (1 - (_product * next)))), ofGradient: (float)(rate * ((1 - MomentumAt(update.Step)) / (1 - _product))),
            weight1: (float)(1 - Beta1), weight2: (float)(1 - Beta2), correction: (float)(1 / (1 - Math.Pow(Beta2, update.Step))), (float)Epsilon, update.Decay));
    }

    private double MomentumAt(long step) => Beta1 * (1 - (0.5 * Math.Pow(0.96, step * MomentumDecay)));

    private readonly struct Rule(float ofMean, float ofGradient, float weight1, float weight2, float correction, float epsilon, float decay) : IUpdate2
    {
        [MethodImpl(Jit.Inline)]
        void IUpdate2.Apply<TLanes>(ref TLanes value, TLanes gradient, ref TLanes mean, ref TLanes meanSquare)
        {
            TLanes g = gradient + (decay * value);
            mean = FlushTiny(mean + (weight1 * (g - mean)));
            meanSquare = FlushTiny(meanSquare + (weight2 * ((g * g) - meanSquare)));
            value -= ((ofMean * mean) + (ofGradient * g)) / (TLanes.Sqrt(meanSquare * correction) + epsilon);
        }
    }
}
