namespace NeuralTrain;

/// <summary>What an ONNX file holds: the network, and the names that were found with it.</summary>
public sealed class OnnxModel
{
    internal OnnxModel(Sequential network, IReadOnlyList<string> inputNames, IReadOnlyList<string> classes) =>
        (Network, InputNames, Classes) = (network, inputNames, classes);

    /// <summary>The network. It can be trained further.</summary>
    public Sequential Network { get; }

    /// <summary>The names of the input columns; empty if the file does not have them. Only NeuralTrain writes them.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>The names of the classes, from the operators that give labels; empty if there are none.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>What it is, as <c>Sequential(Linear(4 → 3)), 3 classes</c>.</summary>
    public override string ToString() => Classes.Count > 0 ? $"{Network}, {Classes.Count} classes" : $"{Network}";
}
