using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Stochastic gradient descent: a step along the negative gradient.</summary>
/// <remarks>
/// <code>
/// θ := θ − γ·g      g = ∂L/∂θ + 2λθ for regularized parameters (L2 = λ)
/// </code>
/// With L2 this is weight decay W := (1 − 2γλ)W − γ·∂L/∂W. The same as PyTorch's <c>SGD</c> and Keras' <c>SGD</c> without momentum. Lecture L5.1.
/// </remarks>
/// <param name="network">The network, or any layer with parameters.</param>
/// <param name="learningRate">The learning rate γ, greater than 0. Default 0.01, as in Keras.</param>
/// <exception cref="ArgumentException">The network has no trainable parameter.</exception>
/// <exception cref="ArgumentOutOfRangeException">The learning rate is not a finite number greater than 0.</exception>
public sealed class SGD(Layer network, double learningRate = 0.01) : Optimizer(network, learningRate)
{
    /// <inheritdoc/>
    [MethodImpl(Jit.Entry)]
    protected override void Update(in ParameterUpdate update) =>
        Elementwise.Update(update.Value, update.Gradient, new Rule(update.Rate, update.Decay));

    private readonly struct Rule(float rate, float decay) : IUpdate0
    {
        [MethodImpl(Jit.Inline)]
        void IUpdate0.Apply<TLanes>(ref TLanes value, TLanes gradient) => value -= rate * (gradient + (decay * value));
    }
}
