namespace NeuralTrain.Tests;

/// <summary>Tests that change the current folder, which is one for the whole process: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(CurrentFolderTestGroup), DisableParallelization = true)]
public sealed class CurrentFolderTestGroup;
