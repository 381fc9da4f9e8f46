using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Gradient descent with a velocity, which averages out the zigzag of single steps and gains speed along valleys.</summary>
/// <remarks>
/// <code>
/// v := αv − γg      θ := θ + v      g = ∂L/∂θ + 2λθ for regularized parameters (L2 = λ)
/// </code>
/// <para>
/// Keras' <c>SGD(momentum=α)</c>. PyTorch's <c>SGD(momentum=α)</c> keeps γ outside the velocity: the same path while γ stays the same; when a
/// schedule changes γ, the velocity here still carries the old one for a while.
/// </para>
/// <para>Source: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.</para>
/// </remarks>
/// <param name="network">The network, or any layer with parameters.</param>
/// <param name="learningRate">The learning rate γ, greater than 0. Default 0.01, as in Keras.</param>
/// <param name="momentum">The coefficient α, the fraction of the velocity that is kept, in [0, 1). Default 0.9; 0.95 is also common.</param>
/// <exception cref="ArgumentException">The network has no trainable parameter.</exception>
/// <exception cref="ArgumentOutOfRangeException">The rate is not a finite number greater than 0, or the momentum lies outside [0, 1).</exception>
public class Momentum(Layer network, double learningRate = 0.01, double momentum = 0.9) : Optimizer(network, learningRate)
{
    /// <summary>The momentum coefficient α.</summary>
    public double Coefficient { get; } = Guard.FractionFloat(momentum, nameof(momentum), "The usual value is 0.9.");

    private protected virtual bool LooksAhead => false;

    /// <summary>One: the velocity v.</summary>
    protected override int StateCount => 1;

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings) => settings.Set("momentum", Coefficient);

    /// <inheritdoc/>
    [MethodImpl(Jit.Entry)]
    protected override void Update(in ParameterUpdate update) =>
        Elementwise.Update(update.Value, update.Gradient, update.State(0), new Rule(update.Rate, (float)Coefficient, update.Decay, LooksAhead));

    private readonly struct Rule(float rate, float momentum, float decay, bool looksAhead) : IUpdate1
    {
        [MethodImpl(Jit.Inline)]
        void IUpdate1.Apply<TLanes>(ref TLanes value, TLanes gradient, ref TLanes velocity)
        {
            TLanes descent = rate * (gradient + (decay * value));
            velocity = FlushTiny((momentum * velocity) - descent);
            value += looksAhead ? (momentum * velocity) - descent : velocity;
        }
    }
}
