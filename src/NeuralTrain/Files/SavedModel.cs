namespace NeuralTrain;

/// <summary>What a model file holds: the network, and what is needed to use it.</summary>
public sealed class SavedModel
{
    internal SavedModel(
        Sequential network, OutputKind outputKind, IReadOnlyList<string> classes, IReadOnlyList<string> inputNames, string? lossName, string libraryVersion,
        IReadOnlyDictionary<string, string> texts) =>
        (Network, OutputKind, Classes, InputNames, LossName, LibraryVersion, Texts) = (network, outputKind, classes, inputNames, lossName, libraryVersion, texts);

    /// <summary>The network, including preprocessing such as a <see cref="Standardization"/> if it was saved with it.</summary>
    public Sequential Network { get; }

    /// <summary>The names of the classes: one for each output, or two for a single score (no, yes); empty if there are none.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The names of the input columns; empty if they have none.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>What the outputs of the network mean, see <c>ModelFile.Save</c>.</summary>
    public OutputKind OutputKind { get; }

    /// <summary>The loss it was trained with, as <c>SoftmaxCrossEntropy</c>; null if it was saved without one.</summary>
    public string? LossName { get; }

    /// <summary>The version of the library that wrote the file, as <c>1.0.0</c>.</summary>
    public string LibraryVersion { get; }

    /// <summary>Further texts that were saved with it, by name; empty if there are none.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; }

    /// <summary>What it is, as <c>Sequential(Linear(4 → 3)), class scores of 3 classes</c>.</summary>
    public override string ToString()
    {
        string kind = OutputKind switch
        {
            OutputKind.BinaryScores => "scores of yes or no",
            OutputKind.ClassScores => "class scores",
            OutputKind.Margins => "margins",
            _ => "values",
        };
        return Classes.Count > 0 ? $"{Network}, {kind} of {Classes.Count} classes" : $"{Network}, {kind}";
    }
}
