namespace NeuralTrain;

/// <summary>How layers of one kind are described, and made again from the description.</summary>
/// <param name="Name">The name by which a file knows the kind.</param>
/// <param name="Describe">Writes what the constructor needs.</param>
/// <param name="Create">Makes the layer, whose parameters are filled in afterwards.</param>
internal sealed record LayerKind(string Name, Action<Layer, LayerSettings> Describe, Func<LayerSettings, Layer> Create);
