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
/// in which ε weighs more in the first steps. Lecture L5.5 has θ := θ − γm / √(u + ε), which is <c>new Adam(network, biasCorrection: false,
/// epsilonPlacement: EpsilonPlacement.InsideRoot)</c>; its α and β are β₁ and β₂ here.
/// <c>amsGrad: true</c> divides by the largest u so far, θ := θ − γm̂ / (√(max u / (1 − β₂ᵗ)) + ε), so that a rate never rises again (Reddi, Kale and Kumar, "On the
/// Convergence of Adam and Beyond", 2018, in PyTorch's form; Keras' <c>amsgrad=True</c> likewise). With L2 the gradient of a strongly regularized weight is divided by the same root as the rest: this is not decoupled decay, see <see cref="AdamW"/>.
/// </para>
/// <para>Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015.</para>
/// </remarks>
/// <param name="network">The network, or any layer with parameters.</param>
/// <param name="learningRate">The learning rate γ, greater than 0. Default 0.001, as in the paper.</param>
/// <param name="beta1">Decay rate β₁ of the first moment, in [0, 1). Default 0.9, as in the paper.</param>
/// <param name="beta2">Decay rate β₂ of the second moment, in [0, 1). Default 0.999, as in the paper.</param>
/// <param name="epsilon">The small number ε, greater than 0. Default 1e-8, as in the paper and PyTorch (Keras: 1e-7).</param>
/// <param name="biasCorrection">Whether to correct both moments for starting at 0. Default true, as in the paper.</param>
/// <param name="epsilonPlacement">Whether ε is added inside or outside the root. Default outside, as in the paper.</param>
/// <param name="amsGrad">Whether to divide by the largest second moment so far. Default false.</param>
/// <exception cref="ArgumentException">The network has no trainable parameter.</exception>
/// <exception cref="ArgumentOutOfRangeException">
/// The rate or ε is not a finite number greater than 0, a β lies outside [0, 1), or the placement is unknown.
/// </exception>
public class Adam(
    Layer network, double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, bool biasCorrection = true,
    EpsilonPlacement epsilonPlacement = EpsilonPlacement.OutsideRoot, bool amsGrad = false)
    : Optimizer(network, learningRate)
{
    private BiasCorrection _correction;

    /// <summary>Decay rate β₁ of the first moment.</summary>
    public double Beta1 { get; } = Guard.InHalfOpen(beta1, 0, 1, nameof(beta1), "The usual value is 0.9.");

    /// <summary>Decay rate β₂ of the second moment.</summary>
    public double Beta2 { get; } = Guard.InHalfOpen(beta2, 0, 1, nameof(beta2), "The usual value is 0.999.");

    /// <summary>The small number ε that prevents a division by zero.</summary>
    public double Epsilon { get; } = CheckEpsilon(epsilon);

    /// <summary>Whether both moments are corrected for starting at 0.</summary>
    public bool CorrectsBias { get; } = biasCorrection;

    /// <summary>Whether ε is added inside or outside the root.</summary>
    public EpsilonPlacement EpsilonPlacement { get; } = Guard.Defined(epsilonPlacement, nameof(epsilonPlacement));

    /// <summary>Whether the second moment that is divided by is the largest so far.</summary>
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
        if (CorrectsBias) _correction.MoveTo(update.Step, Beta1, Beta2);
        Span<float> meanSquare = update.State(1);
        if (IsAmsGrad)
        {
            MoveLargest(update);
            meanSquare = update.State(2);
        }

        Elementwise.Update(
            update.Value, update.Gradient, update.State(0), meanSquare,
            new Rule(update, Beta1, IsAmsGrad ? 1 : Beta2, Epsilon, _correction, EpsilonPlacement, DecoupledDecay));
    }

    // The mean square in a pass of its own; the rule then divides by the largest and leaves it as it is.
    [MethodImpl(Jit.Cold)]
    private void MoveLargest(in ParameterUpdate update)
    {
        Elementwise.Map(update.State(1), update.Gradient, update.Value, update.State(1), new MeanSquare((float)(1 - Beta2), update.Decay));
        TensorPrimitives.Max(update.State(1), update.State(2), update.State(2));
    }

    /// <summary>1 − β₁ᵗ and 1 − β₂ᵗ for moments that start at 0, computed once for all parameters that are at the same t; both 1 as long as there is no t.</summary>
    private struct BiasCorrection
    {
        private long _step;
        private double _decayed1, _decayed2;

        public readonly double First => 1 - _decayed1;

        public readonly double Second => 1 - _decayed2;

        public void MoveTo(long step, double beta1, double beta2)
        {
            if (step == _step) return;
            (_step, _decayed1, _decayed2) = (step, Math.Pow(beta1, step), Math.Pow(beta2, step));
        }
    }

    /// <summary>One step of Adam, or of AdamW where there is a decoupled decay.</summary>
    /// <remarks>
    /// Effectively computes
    /// <code>
    /// θ := θ − γλθ      m := β₁m + (1 − β₁)g      u := β₂u + (1 − β₂)g²      θ := θ − γ·(m / c₁) / (√(u / c₂) + ε)
    /// </code>
    /// with γ / c₁ and 1 / c₂ taken out of the loop, where c₁ = 1 − β₁ᵗ and c₂ = 1 − β₂ᵗ, or both 1 without the correction.
    /// </remarks>
    private readonly struct Rule(
        in ParameterUpdate update, double beta1, double beta2, double epsilon, in BiasCorrection correction, EpsilonPlacement placement, double weightDecay) : IUpdate2
    {
        private readonly float _rate = (float)(update.LearningRate / correction.First);
        private readonly float _weight1 = (float)(1 - beta1);
        private readonly float _weight2 = (float)(1 - beta2);
        private readonly float _correction2 = (float)(1 / correction.Second);
        private readonly float _epsilonInside = placement == EpsilonPlacement.InsideRoot ? (float)epsilon : 0;
        private readonly float _epsilonOutside = placement == EpsilonPlacement.OutsideRoot ? (float)epsilon : 0;
        private readonly float _decay = (float)(2 * update.L2);
        private readonly float _kept = update.IsRegularized ? (float)(1 - (update.LearningRate * weightDecay)) : 1;

        [MethodImpl(Jit.Inline)]
        void IUpdate2.Apply<TLanes>(ref TLanes value, TLanes gradient, ref TLanes mean, ref TLanes meanSquare)
        {
            TLanes g = gradient + (_decay * value);

            // m + (1 − β)(g − m) is βm + (1 − β)g with one rounded constant instead of two that do not sum to 1.
            mean = FlushTiny(mean + (_weight1 * (g - mean)));
            meanSquare = FlushTiny(meanSquare + (_weight2 * ((g * g) - meanSquare)));
            TLanes root = TLanes.Sqrt((meanSquare * _correction2) + _epsilonInside) + _epsilonOutside;
            value = (_kept * value) - (_rate * mean / root);
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
