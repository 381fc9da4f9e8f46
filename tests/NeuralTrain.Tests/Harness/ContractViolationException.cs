namespace NeuralTrain.Tests.Harness;

/// <summary>A promise of DESIGN's contracts was broken.</summary>
public sealed class ContractViolationException(string message) : Exception(message);
