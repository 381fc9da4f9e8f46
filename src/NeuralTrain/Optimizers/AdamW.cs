using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Adam with a decay of the weights that is kept out of its means, so that it shrinks all weights alike.</summary>
/// <remarks>
/// <code>
/// θ := θ − γλθ              for regularized parameters (weights, not biases)
/// m := β₁m + (1 − β₁)g      u := β₂u + (1 − β₂)g²      g = ∂L/∂θ
/// m̂ = m / (1 − β₁ᵗ)         û = u / (1 − β₂ᵗ)          t = 1, 2, … the updates of this parameter
/// θ := θ − γm̂ / (√û + ε)
/// </code>
/// <para>
/// The decay λ is no term of the loss, so it does not appear in <see cref="Optimizer.RegularizationLoss"/>. <see cref="Optimizer.L2"/> is
/// another thing and best left at 0 here: it would enter the means as with <see cref="Adam"/>. PyTorch's <c>AdamW(weight_decay=λ)</c> with the
/// same defaults, which decays biases too; Keras' <c>AdamW(weight_decay=0.004)</c> likewise.
/// </para>
/// <para>Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019, algorithm 2 (PyTorch's form, in which γ scales λ).</para>
/// </remarks>
public sealed class AdamW : Optimizer
{
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly double _weightDecay;
    private readonly BiasCorrection _correction;

    /// <summary>Prepares the parameters of a network for training.</summary>
    /// <param name="network">The network, or any layer with parameters.</param>
    /// <param name="learningRate">The learning rate γ, greater than 0. Default 0.001, as in the paper.</param>
    /// <param name="beta1">Which part β₁ of the mean gradient stays, in [0, 1). Default 0.9, as in the paper.</param>
    /// <param name="beta2">Which part β₂ of the mean square stays, in [0, 1). Default 0.999, as in the paper.</param>
    /// <param name="epsilon">The small number ε, greater than 0. Default 1e-8, as in the paper and PyTorch (Keras: 1e-7).</param>
    /// <param name="weightDecay">The decay λ of the weights, 0 or more. Default 0.01, as in PyTorch.</param>
    /// <exception cref="ArgumentException">The network has no parameter to train.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The rate or ε is not a finite number greater than 0, a β lies outside [0, 1), or the decay is negative or not finite.
    /// </exception>
    public AdamW(
        Layer network, double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8,
        double weightDecay = 0.01)
        : base(network, learningRate)
    {
        _beta1 = Guard.InHalfOpen(beta1, 0, 1, nameof(beta1), "The usual value is 0.9.");
        _beta2 = Guard.InHalfOpen(beta2, 0, 1, nameof(beta2), "The usual value is 0.999.");
        _epsilon = CheckEpsilon(epsilon);
        _correction = new BiasCorrection(beta1, beta2);
        _weightDecay = Guard.NotNegativeFloat(weightDecay, nameof(weightDecay), "0 makes it Adam; typical values lie between 0.0001 and 0.1.");
    }

    /// <summary>Two: the mean gradient m and the mean square u.</summary>
    protected override int StateCount => 2;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"AdamW(β₁ {_beta1}, β₂ {_beta2}, ε {_epsilon}, decay {_weightDecay})");

    /// <inheritdoc/>
    protected override Optimizer Recreate(Layer network) => new AdamW(network, beta1: _beta1, beta2: _beta2, epsilon: _epsilon, weightDecay: _weightDecay);

    /// <inheritdoc/>
    protected override void Update(in ParameterUpdate update) => Elementwise.Update(
        update.Value, update.Gradient, update.State(0), update.State(1),
        new AdamRule(update, _beta1, _beta2, _epsilon, _correction, EpsilonPlacement.OutsideRoot, _weightDecay));
}
