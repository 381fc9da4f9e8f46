namespace NeuralTrain;

/// <summary>Adam with decoupled weight decay, which stays out of the moments and so shrinks all weights alike.</summary>
/// <remarks>
/// <code>
/// θ := θ − γλθ              for regularized parameters (weights, not biases, unless RegularizesAll)
/// m := β₁m + (1 − β₁)g      u := β₂u + (1 − β₂)g²      g = ∂L/∂θ
/// m̂ = m / (1 − β₁ᵗ)         û = u / (1 − β₂ᵗ)          t = 1, 2, … the updates of this parameter
/// θ := θ − γm̂ / (√û + ε)
/// </code>
/// <para>
/// The decay λ is not a term of the loss, so it does not appear in <see cref="Optimizer.RegularizationLoss"/>. <see cref="Optimizer.L2"/> is
/// different, and best left at 0 here: it would enter the moments as with <see cref="Adam"/>. PyTorch's <c>AdamW(weight_decay=λ)</c> with the
/// same defaults, which decays biases too, as <see cref="Optimizer.RegularizesAll"/> does here; Keras' <c>AdamW(weight_decay=0.004)</c> likewise.
/// </para>
/// <para>Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019, algorithm 2 (PyTorch's form, in which γ scales λ).</para>
/// </remarks>
/// <param name="network">The network, or any layer with parameters.</param>
/// <param name="learningRate">The learning rate γ, greater than 0. Default 0.001, as in the paper.</param>
/// <param name="beta1">Decay rate β₁ of the first moment, in [0, 1). Default 0.9, as in the paper.</param>
/// <param name="beta2">Decay rate β₂ of the second moment, in [0, 1). Default 0.999, as in the paper.</param>
/// <param name="epsilon">The small constant ε that keeps the division finite, greater than 0. Default 1e-8, as in the paper and PyTorch (Keras: 1e-7).</param>
/// <param name="weightDecay">The decay λ of the weights, 0 or more. Default 0.01, as in PyTorch.</param>
/// <param name="biasCorrection">Whether to correct both moments for starting at 0. Default true, as in the paper.</param>
/// <param name="epsilonPlacement">Whether ε is added inside or outside the root. Default outside, as in the paper.</param>
/// <param name="amsGrad">Whether the update divides by the largest second moment so far (AMSGrad), see <see cref="Adam"/>. Default false.</param>
/// <exception cref="ArgumentException">The network has no trainable parameter.</exception>
/// <exception cref="ArgumentOutOfRangeException">
/// The rate or ε is not a finite number greater than 0, a β lies outside [0, 1), the decay is negative or not finite, or the placement is unknown.
/// </exception>
public sealed class AdamW(
    Layer network, double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01, bool biasCorrection = true,
    EpsilonPlacement epsilonPlacement = EpsilonPlacement.OutsideRoot, bool amsGrad = false)
    : Adam(network, learningRate, beta1, beta2, epsilon, biasCorrection, epsilonPlacement, amsGrad)
{
    /// <summary>The decay λ of the weights.</summary>
    public double WeightDecay { get; } = Guard.NotNegativeFloat(weightDecay, nameof(weightDecay), "0 makes it Adam; typical values lie between 0.0001 and 0.1.");

    private protected override double DecoupledDecay => WeightDecay;

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        base.Describe(settings);
        settings.Set("weight decay", WeightDecay);
    }
}
