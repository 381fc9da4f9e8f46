namespace NeuralTrain;

/// <summary>The content of a model file: the network, and everything needed to use it.</summary>
public sealed class SavedModel
{
    internal SavedModel(
        Sequential network, OutputKind outputKind, IReadOnlyList<string> classes, IReadOnlyList<string> inputNames, string? lossName, string libraryVersion,
        IReadOnlyDictionary<string, string> texts) =>
        (Network, OutputKind, Classes, InputNames, LossName, LibraryVersion, Texts) = (network, outputKind, classes, inputNames, lossName, libraryVersion, texts);

    /// <summary>The network, including preprocessing such as a <see cref="Standardization"/> if it was saved with it.</summary>
    public Sequential Network { get; }

    /// <summary>The names of the classes: one for each output, or two for a single score (negative, positive); empty if there are no classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The names of the input columns; empty for unnamed columns.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>The meaning of the network's outputs, see <c>ModelFile.Save</c>.</summary>
    public OutputKind OutputKind { get; }

    /// <summary>The loss it was trained with, as <c>SoftmaxCrossEntropy</c>; null if it was saved without one.</summary>
    public string? LossName { get; }

    /// <summary>The version of the library that wrote the file, as <c>1.0.0</c>.</summary>
    public string LibraryVersion { get; }

    /// <summary>Further texts that were saved with it, by name; may be empty.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; }

    /// <summary>The network and the meaning of its outputs, as <c>Sequential(Linear(4 → 3)), class scores of 3 classes</c>.</summary>
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
