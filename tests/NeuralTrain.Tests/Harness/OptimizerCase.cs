namespace NeuralTrain.Tests.Harness;

/// <summary>The plain rule of an optimizer in double precision, for one value, written independently of the library.</summary>
/// <param name="theta">The value θ.</param>
/// <param name="gradient">The gradient g, that of L2 included.</param>
/// <param name="state">Two numbers the rule keeps between steps, 0 before the first.</param>
/// <param name="rate">The learning rate γ.</param>
/// <param name="step">Which update of this value it is, from 1.</param>
/// <param name="isRegularized">Whether the value is a weight.</param>
/// <returns>The new value.</returns>
public delegate double ReferenceRule(double theta, double gradient, double[] state, double rate, int step, bool isRegularized);

/// <summary>One optimizer of the contract list: how to make it, and the rule it should follow.</summary>
/// <param name="Name">How test names and messages call it.</param>
/// <param name="Create">Makes a new one for a network with a learning rate.</param>
/// <param name="Rule">The rule, in double.</param>
public sealed record OptimizerCase(string Name, Func<Layer, double, Optimizer> Create, ReferenceRule Rule)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
