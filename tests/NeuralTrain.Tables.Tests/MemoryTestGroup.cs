namespace NeuralTrain.Tests.Tables;

/// <summary>Tests that measure the memory of the whole process: they run one by one, beside no other test.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryTestGroup
{
    public const string Name = "Memory";
}
