namespace NeuralTrain.Tests;

/// <summary>Tests that set <see cref="Compute.MaxThreads"/> or measure the whole process: they run one by one, beside no other test.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ComputeTestGroup
{
    public const string Name = "Compute";
}
