namespace NeuralTrain;

/// <summary>A parameter with its path in a network.</summary>
/// <param name="Path">The path, as <c>0.weight</c>: the position in each container, then the parameter's own name.</param>
/// <param name="Parameter">The parameter.</param>
public readonly record struct NamedParameter(string Path, Parameter Parameter);
