using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Momentum and RMSprop together: the mean of recent gradients divided by the root of their mean square.</summary>
/// <remarks>
/// <code>
/// m := β₁m + (1 − β₁)g      u := β₂u + (1 − β₂)g²      g = ∂L/∂θ + 2λθ for regularized parameters (L2 = λ)
/// m̂ = m / (1 − β₁ᵗ)         û = u / (1 − β₂ᵗ)          t = 1, 2, … the updates of this parameter
/// θ := θ − γm̂ / (√û + ε)
/// </code>
/// <para>
/// The default is the paper's algorithm 1 and PyTorch's <c>Adam</c>. Keras' <c>Adam</c> is the paper's "ε̂" form, θ := θ − γ·√(1 − β₂ᵗ) / (1 − β₁ᵗ)·m / (√u + ε̂),
/// in which ε has more effect in the first steps. Lecture L5.5 has θ := θ − γm / √(u + ε), which is <c>new Adam(network, biasCorrection: false,
/// epsilonPlacement: EpsilonPlacement.InsideRoot)</c>; its α and β are β₁ and β₂ here.
/// <c>amsGrad: true</c> divides by the largest u so far, θ := θ − γm̂ / (√(max u / (1 − β₂ᵗ)) + ε), so that the effective rate never rises again (Reddi, Kale and Kumar, "On the
/// Convergence of Adam and Beyond", 2018, in PyTorch's form; Keras' <c>amsgrad=True</c> likewise). With L2 the gradient of a strongly regularized weight is divided by the same root as the rest: this is not decoupled decay, see <see cref="AdamW"/>.
/// </para>
/// <para>Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015.</para>
/// </remarks>
/// <param name="network">The network, or any layer with parameters.</param>
/// <param name="learningRate">The learning rate γ, greater than 0. Default 0.001, as in the paper.</param>
/// <param name="beta1">Decay rate β₁ of the first moment, in [0, 1). Default 0.9, as in the paper.</param>
/// <param name="beta2">Decay rate β₂ of the second moment, in [0, 1). Default 0.999, as in the paper.</param>
/// <param name="epsilon">The small constant ε that keeps the division finite, greater than 0. Default 1e-8, as in the paper and PyTorch (Keras: 1e-7).</param>
/// <param name="biasCorrection">Whether to correct both moments for starting at 0. Default true, as in the paper.</param>
/// <param name="epsilonPlacement">Whether ε is added inside or outside the root. Default outside, as in the paper.</param>
/// <param name="amsGrad">Whether the update divides by the largest second moment so far (AMSGrad). Default false.</param>
/// <exception cref="ArgumentException">The network has no trainable parameter.</exception>
/// <exception cref="ArgumentOutOfRangeException">
/// The rate or ε is not a finite number greater than 0, a β lies outside [0, 1), or the placement is unknown.
/// </exception>
public class Adam(
    Layer network, double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, bool biasCorrection = true,
    EpsilonPlacement epsilonPlacement = EpsilonPlacement.OutsideRoot, bool amsGrad = false)
    : Optimizer(network, learningRate)
{
    // β₁ᵗ and β₂ᵗ for the t of the last parameter: most parameters share the same t. Both are 0 before there is one.
    private long _step;
    private double _decayed1, _decayed2;

    /// <summary>Decay rate β₁ of the first moment.</summary>
    public double Beta1 { get; } = Guard.InHalfOpen(beta1, 0, 1, nameof(beta1), "The usual value is 0.9.");

    /// <summary>Decay rate β₂ of the second moment.</summary>
    public double Beta2 { get; } = Guard.InHalfOpen(beta2, 0, 1, nameof(beta2), "The usual value is 0.999.");

    /// <summary>The small constant ε that keeps the division finite.</summary>
    public double Epsilon { get; } = CheckEpsilon(epsilon);

    /// <summary>Whether both moments are corrected for starting at 0.</summary>
    public bool CorrectsBias { get; } = biasCorrection;

    /// <summary>Whether ε is added inside or outside the root.</summary>
    public EpsilonPlacement EpsilonPlacement { get; } = Guard.Defined(epsilonPlacement, nameof(epsilonPlacement));

    /// <summary>Whether the update divides by the largest second moment so far (AMSGrad).</summary>
    public bool IsAmsGrad { get; } = amsGrad;

    /// <summary>Two, the first moment m and the second moment u; and the largest u for AMSGrad.</summary>
    protected override int StateCount => IsAmsGrad ? 3 : 2;

    private protected override int FirstSquare => 1;

    private protected virtual double DecoupledDecay => 0;

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("beta1", Beta1);
        settings.Set("beta2", Beta2);
        settings.Set("epsilon", Epsilon);
        settings.Set("bias correction", CorrectsBias);
        settings.Set("epsilon placement", EpsilonPlacement.ToString());
        if (IsAmsGrad) settings.Set("AMSGrad", true);
    }

    /// <inheritdoc/>
    [MethodImpl(Jit.Entry)]
    protected override void Update(in ParameterUpdate update)
    {
        if (CorrectsBias && update.Step != _step) (_step, _decayed1, _decayed2) = (update.Step, Math.Pow(Beta1, update.Step), Math.Pow(Beta2, update.Step));
        if (IsAmsGrad) MoveLargest(update);
        (float inside, float outside) = EpsilonPlacement == EpsilonPlacement.InsideRoot ? ((float)Epsilon, 0f) : (0f, (float)Epsilon);
        Elementwise.Update(update.Value, update.Gradient, update.State(0), update.State(IsAmsGrad ? 2 : 1), new Rule(
            rate: (float)(update.LearningRate / (1 - _decayed1)), correction: (float)(1 / (1 - _decayed2)),
            weight1: (float)(1 - Beta1), weight2: IsAmsGrad ? 0 : (float)(1 - Beta2), inside, outside,
            update.Decay, kept: update.IsRegularized ? (float)(1 - (update.LearningRate * DecoupledDecay)) : 1));
    }

    // The mean square in a separate pass; the rule then divides by the largest and leaves it unchanged.
    [MethodImpl(Jit.Cold)]
    private void MoveLargest(in ParameterUpdate update)
    {
        Elementwise.Map(update.State(1), update.Gradient, update.Value, update.State(1), new MeanSquare((float)(1 - Beta2), update.Decay));
        TensorPrimitives.Max(update.State(1), update.State(2), update.State(2));
    }

    /// <summary>One step of Adam, or of AdamW where there is a decoupled decay.</summary>
    /// <remarks>
    /// Effectively computes
    /// <code>
    /// θ := θ − γλθ      m := β₁m + (1 − β₁)g      u := β₂u + (1 − β₂)g²      θ := θ − γ·(m / c₁) / (√(u / c₂) + ε)
    /// </code>
    /// with γ / c₁ and 1 / c₂ moved out of the loop, where c₁ = 1 − β₁ᵗ and c₂ = 1 − β₂ᵗ, or both 1 without the correction.
    /// </remarks>
    private readonly struct Rule(
        float rate, float correction, float weight1, float weight2, float inside, float outside, float decay, float kept) : IUpdate2
    {
        [MethodImpl(Jit.Inline)]
        void IUpdate2.Apply<TLanes>(ref TLanes value, TLanes gradient, ref TLanes mean, ref TLanes meanSquare)
        {
            TLanes g = gradient + (decay * value);

            // m + (1 − β)(g − m) is βm + (1 − β)g with one rounded constant instead of two that do not sum to 1.
            mean = FlushTiny(mean + (weight1 * (g - mean)));
            meanSquare = FlushTiny(meanSquare + (weight2 * ((g * g) - meanSquare)));
            TLanes root = TLanes.Sqrt((meanSquare * correction) + inside) + outside;
            value = (kept * value) - (rate * mean / root);
        }
    }

    /// <summary>βu + (1 − β)g², as in the rule.</summary>
    private readonly struct MeanSquare(float weight, float decay) : IMap3
    {
        [MethodImpl(Jit.Inline)]
        TLanes IMap3.Apply<TLanes>(TLanes meanSquare, TLanes gradient, TLanes value)
        {
            TLanes g = gradient + (decay * value);
            return FlushTiny(meanSquare + (weight * ((g * g) - meanSquare)));
        }
    }
}
