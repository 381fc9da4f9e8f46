using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Momentum and RMSprop together: the mean of recent gradients divided by the root of their mean square (lecture L5.5).</summary>
/// <remarks>
/// <code>
/// m := β₁m + (1 − β₁)g      u := β₂u + (1 − β₂)g²      g = ∂L/∂θ + 2λθ for regularized parameters (L2 = λ)
/// m̂ = m / (1 − β₁ᵗ)         û = u / (1 − β₂ᵗ)          t = 1, 2, … the updates of this parameter
/// θ := θ − γm̂ / (√û + ε)
/// </code>
/// <para>
/// The lecture's own form, θ := θ − γm / √(u + ε), is <c>new Adam(network, biasCorrection: false, epsilonPlacement:
/// EpsilonPlacement.InsideRoot)</c>; its α and β are β₁ and β₂ here. The default is the paper's algorithm 1 and PyTorch's <c>Adam</c>. Keras'
/// <c>Adam</c> is the paper's "ε̂" form, θ := θ − γ·√(1 − β₂ᵗ) / (1 − β₁ᵗ)·m / (√u + ε̂), in which ε weighs more in the first steps.
/// With L2 the gradient of a strongly regularized weight is divided by the same root as the rest: this is not decoupled decay, see <see cref="AdamW"/>.
/// </para>
/// <para>Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015.</para>
/// </remarks>
public sealed class Adam : Optimizer
{
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly BiasCorrection? _correction;
    private readonly EpsilonPlacement _epsilonPlacement;

    /// <summary>Prepares the parameters of a network for training.</summary>
    /// <param name="network">The network, or any layer with parameters.</param>
    /// <param name="learningRate">The learning rate γ, greater than 0. Default 0.001, as in the paper.</param>
    /// <param name="beta1">Which part β₁ of the mean gradient stays, in [0, 1). Default 0.9, as in the paper.</param>
    /// <param name="beta2">Which part β₂ of the mean square stays, in [0, 1). Default 0.999, as in the paper.</param>
    /// <param name="epsilon">The small number ε, greater than 0. Default 1e-8, as in the paper and PyTorch (Keras: 1e-7).</param>
    /// <param name="biasCorrection">Whether to make up for both means starting at 0. Default true, as in the paper; the lecture's form has false.</param>
    /// <param name="epsilonPlacement">Whether ε is added inside the root or to it. Default to it, as in the paper; the lecture adds it inside.</param>
    /// <exception cref="ArgumentException">The network has no parameter to train.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The rate or ε is not a finite number greater than 0, a β lies outside [0, 1), or the placement is unknown.
    /// </exception>
    public Adam(
        Layer network, double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8,
        bool biasCorrection = true, EpsilonPlacement epsilonPlacement = EpsilonPlacement.OutsideRoot)
        : base(network, learningRate)
    {
        _beta1 = Guard.InHalfOpen(beta1, 0, 1, nameof(beta1), "The usual value is 0.9.");
        _beta2 = Guard.InHalfOpen(beta2, 0, 1, nameof(beta2), "The usual value is 0.999.");
        _epsilon = CheckEpsilon(epsilon);
        _correction = biasCorrection ? new BiasCorrection(beta1, beta2) : null;
        _epsilonPlacement = CheckPlacement(epsilonPlacement);
    }

    /// <summary>Two: the mean gradient m and the mean square u.</summary>
    protected override int StateCount => 2;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"Adam(β₁ {_beta1}, β₂ {_beta2}, ε {_epsilon} {_epsilonPlacement}{(_correction is null ? ", no bias correction" : "")})");

    /// <inheritdoc/>
    protected override Optimizer Recreate(Layer network) => new Adam(
        network, beta1: _beta1, beta2: _beta2, epsilon: _epsilon, biasCorrection: _correction is not null, epsilonPlacement: _epsilonPlacement);

    /// <inheritdoc/>
    protected override void Update(in ParameterUpdate update) => Elementwise.Update(
        update.Value, update.Gradient, update.State(0), update.State(1),
        new AdamRule(update, _beta1, _beta2, _epsilon, _correction, _epsilonPlacement, weightDecay: 0));
}
