namespace NeuralTrain;

/// <summary>Momentum that looks ahead: the gradient is taken at the point the velocity is about to reach.</summary>
/// <remarks>
/// <code>
/// v := αv − γ·g(θ + αv)      θ := θ + v                    Nesterov's form, with the gradient at another point than the parameters
/// v := αv − γ·g(θ̂)           θ̂ := θ̂ + αv − γ·g(θ̂)         the same in the shifted parameters θ̂ = θ + αv, which the network holds here
/// </code>
/// <para>With g = ∂L/∂θ + 2λθ for regularized parameters (L2 = λ), all at θ̂.</para>
/// <para>
/// Keras' <c>SGD(momentum=α, nesterov=True)</c>. PyTorch's <c>SGD(momentum=α, nesterov=True)</c> keeps γ outside the velocity: the same path
/// while γ stays the same. Sources: Nesterov, "A method for solving the convex programming problem with convergence rate O(1/k²)", 1983; the
/// shifted form: Bengio, Boulanger-Lewandowski and Pascanu, "Advances in Optimizing Recurrent Networks", 2012.
/// </para>
/// </remarks>
/// <param name="network">The network, or any layer with parameters.</param>
/// <param name="learningRate">The learning rate γ, greater than 0. Default 0.01, as in Keras.</param>
/// <param name="momentum">The coefficient α, the fraction of the velocity that is kept, in [0, 1). Default 0.9; 0.95 is also common.</param>
/// <exception cref="ArgumentException">The network has no trainable parameter.</exception>
/// <exception cref="ArgumentOutOfRangeException">The rate is not a finite number greater than 0, or the momentum lies outside [0, 1).</exception>
public sealed class Nesterov(Layer network, double learningRate = 0.01, double momentum = 0.9) : Momentum(network, learningRate, momentum)
{
    private protected override bool LooksAhead => true;
}
