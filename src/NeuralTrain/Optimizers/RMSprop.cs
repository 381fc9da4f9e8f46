using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Gradient descent that divides each value's gradient by the root of its recent mean square.</summary>
/// <remarks>
/// <code>
/// u := βu + (1 − β)g²      θ := θ − γg / √(u + ε)      g = ∂L/∂θ + 2λθ for regularized parameters (L2 = λ)
///                          θ := θ − γg / (√u + ε)      with EpsilonPlacement.OutsideRoot
/// </code>
/// <para>
/// Keras' <c>RMSprop(rho=β)</c> is the default form (β = 0.9, ε = 1e-7 there); PyTorch's <c>RMSprop(alpha=β)</c> the other one (γ = 0.01
/// there), both without momentum and centring. The mean square starts at 0 without a bias correction, so the first steps are long:
/// up to γ / √(1 − β), ten times γ. With L2 the gradient of a strongly regularized weight is divided by the same root as the rest: this is not decoupled decay, see <see cref="AdamW"/>.
/// </para>
/// <para>Source: Tieleman and Hinton, "Lecture 6.5: rmsprop", Neural Networks for Machine Learning, 2012.</para>
/// </remarks>
/// <param name="network">The network, or any layer with parameters.</param>
/// <param name="learningRate">The learning rate γ, greater than 0. Default 0.001, as in Keras.</param>
/// <param name="beta">Decay rate β of the mean square, in [0, 1). Default 0.99, as in PyTorch.</param>
/// <param name="epsilon">The small constant ε that keeps the division finite, greater than 0. Default 1e-8, as in PyTorch.</param>
/// <param name="epsilonPlacement">Whether ε is added inside or outside the root. Default inside, as in Keras.</param>
/// <exception cref="ArgumentException">The network has no trainable parameter.</exception>
/// <exception cref="ArgumentOutOfRangeException">
/// The rate or ε is not a finite number greater than 0, β lies outside [0, 1), or the placement is unknown.
/// </exception>
public sealed class RMSprop(
    Layer network, double learningRate = 0.001, double beta = 0.99, double epsilon = 1e-8, EpsilonPlacement epsilonPlacement = EpsilonPlacement.InsideRoot)
    : Optimizer(network, learningRate)
{
    /// <summary>Decay rate β of the mean square.</summary>
    public double Beta { get; } = Guard.InHalfOpen(beta, 0, 1, nameof(beta), "Typical values are 0.9 and 0.99.");

    /// <summary>The small constant ε that keeps the division finite.</summary>
    public double Epsilon { get; } = CheckEpsilon(epsilon);

    /// <summary>Whether ε is added inside or outside the root.</summary>
    public EpsilonPlacement EpsilonPlacement { get; } = Guard.Defined(epsilonPlacement, nameof(epsilonPlacement));

    /// <summary>One: the mean square u.</summary>
    protected override int StateCount => 1;

    private protected override int FirstSquare => 0;

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("beta", Beta);
        settings.Set("epsilon", Epsilon);
        settings.Set("epsilon placement", EpsilonPlacement.ToString());
    }

    /// <inheritdoc/>
    [MethodImpl(Jit.Entry)]
    protected override void Update(in ParameterUpdate update)
    {
        (float inside, float outside) = EpsilonPlacement == EpsilonPlacement.InsideRoot ? ((float)Epsilon, 0f) : (0f, (float)Epsilon);
        Elementwise.Update(update.Value, update.Gradient, update.State(0), new Rule(update.Rate, (float)(1 - Beta), inside, outside, update.Decay));
    }

    private readonly struct Rule(float rate, float weight, float inside, float outside, float decay) : IUpdate1
    {
        [MethodImpl(Jit.Inline)]
        void IUpdate1.Apply<TLanes>(ref TLanes value, TLanes gradient, ref TLanes meanSquare)
        {
            TLanes g = gradient + (decay * value);

            // u + (1 − β)(g² − u) is βu + (1 − β)g² with one rounded constant instead of two that do not sum to 1.
            meanSquare = FlushTiny(meanSquare + (weight * ((g * g) - meanSquare)));
            value -= rate * g / (TLanes.Sqrt(meanSquare + inside) + outside);
        }
    }
}
