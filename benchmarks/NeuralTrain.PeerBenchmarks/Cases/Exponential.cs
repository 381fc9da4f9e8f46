using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain.PeerBenchmarks;

/// <summary>The bare exponential as a layer, to measure what sigmoid, tanh, ELU and softmax are made of.</summary>
internal sealed class Exponential : Layer
{
    /// <inheritdoc/>
    public override void Infer(Matrix input, Matrix output) => Elementwise.Map(input.Span, output.Span, default(Formula));

    /// <inheritdoc/>
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) =>
        throw new NotSupportedException("Only the forward pass is measured.");

    private readonly struct Formula : IMap1
    {
        public static int ParallelThreshold => Elementwise.ParallelThresholdHeavy;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Exp(x);
    }
}
