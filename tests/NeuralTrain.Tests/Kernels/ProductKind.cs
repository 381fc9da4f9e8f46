namespace NeuralTrain.Tests.Kernels;

/// <summary>The products of a fully connected layer.</summary>
public enum ProductKind
{
    TimesTransposed,
    TimesTransposedWithBias,
    Times,
    AddTransposedTimes,
}
