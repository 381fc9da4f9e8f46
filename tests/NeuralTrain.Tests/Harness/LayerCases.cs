namespace NeuralTrain.Tests.Harness;

/// <summary>
/// Every layer of the library, each with the plain formula it must follow. The cases of a folder stand in a file of their
/// own, to which a new layer of that folder is added.
/// </summary>
public static partial class LayerCases
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<LayerCase> All { get; }
}
