namespace NeuralTrain.Kernels;

/// <summary>
/// A formula computed for every element. Implementations are small structs; hyper-parameters are their fields. A
/// formula sees only values, never positions, so it gives the same bits wherever an element stands.
/// </summary>
internal interface IFormula
{
    /// <summary>Number of elements from which several threads share the work, even if they must be woken for it (else see
    /// <see cref="Elementwise.ParallelThresholdAwake"/>). A formula with an exponential or the like answers
    /// <see cref="Elementwise.ParallelThresholdHeavy"/>.</summary>
    static virtual int ParallelThreshold => Elementwise.ParallelThresholdLight;
}
