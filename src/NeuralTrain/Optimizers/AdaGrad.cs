using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Gradient descent with a learning rate per parameter value that decreases as its squared gradients accumulate.</summary>
/// <remarks>
/// <code>
/// s := s + g²      θ := θ − γg / (√s + ε)      g = ∂L/∂θ + 2λθ for regularized parameters (L2 = λ)
/// </code>
/// <para>
/// The sum only grows, so the rate only falls: good for sparse gradients, too slow for long runs. PyTorch's <c>Adagrad</c> with the same
/// defaults and without its <c>lrdecay</c>; Keras' <c>Adagrad</c> starts s at 0.1 and divides by √(s + ε), ε = 1e-7. With L2 the gradient of a strongly regularized weight is divided by the same root as the rest: this is not decoupled decay, see <see cref="AdamW"/>.
/// </para>
/// <para>Source: Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", 2011.</para>
/// </remarks>
/// <param name="network">The network, or any layer with parameters.</param>
/// <param name="learningRate">The learning rate γ, greater than 0. Default 0.01, as in PyTorch.</param>
/// <param name="epsilon">The small constant ε that keeps the division finite, greater than 0. Default 1e-10, as in PyTorch.</param>
/// <param name="initialAccumulator">The sum s before the first step, 0 or more. Default 0, as in PyTorch (Keras: 0.1).</param>
/// <exception cref="ArgumentException">The network has no trainable parameter.</exception>
/// <exception cref="ArgumentOutOfRangeException">The rate or ε is not a finite number greater than 0, or the initial s is negative or not finite.</exception>
public sealed class AdaGrad(
    Layer network, double learningRate = 0.01, double epsilon = 1e-10, double initialAccumulator = 0)
    : Optimizer(network, learningRate)
{
    /// <summary>The small constant ε that keeps the division finite.</summary>
    public double Epsilon { get; } = CheckEpsilon(epsilon);

    /// <summary>The sum s before the first step.</summary>
    public double InitialAccumulator { get; } = Guard.NotNegativeFloat(initialAccumulator, nameof(initialAccumulator), "It is a sum of squares; 0 lets the first step be as long as the rate.");

    /// <summary>One: the sum of squares s.</summary>
    protected override int StateCount => 1;

    private protected override int FirstSquare => 0;

    /// <inheritdoc/>
    protected override float InitialState(int index) => (float)InitialAccumulator;

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("epsilon", Epsilon);
        settings.Set("initial accumulator", InitialAccumulator);
    }

    /// <inheritdoc/>
    [MethodImpl(Jit.Entry)]
    protected override void Update(in ParameterUpdate update) =>
        Elementwise.Update(update.Value, update.Gradient, update.State(0), new Rule(update.Rate, (float)Epsilon, update.Decay));

    private readonly struct Rule(float rate, float epsilon, float decay) : IUpdate1
    {
        [MethodImpl(Jit.Inline)]
        void IUpdate1.Apply<TLanes>(ref TLanes value, TLanes gradient, ref TLanes sum)
        {
            TLanes g = gradient + (decay * value);
            sum += g * g;
            value -= rate * g / (TLanes.Sqrt(sum) + epsilon);
        }
    }
}
