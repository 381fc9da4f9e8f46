namespace NeuralTrain.Tests.Harness;

/// <summary>One optimizer of the contract list: how to make it, and the rule it should follow.</summary>
/// <param name="Name">How test names and messages call it.</param>
/// <param name="Create">Makes a new one for a network with a learning rate.</param>
/// <param name="Rule">The rule, in double.</param>
public sealed record OptimizerCase(string Name, Func<Layer, double, Optimizer> Create, ReferenceRule Rule)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
