using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The sum that the losses of squared errors share: Σ(q − y)², with the gradient scale·(q − y) in the same pass.</summary>
internal static class SquaredError
{
    /// <summary>Returns Σ(q − y)², and writes scale·(q − y) unless the gradient is empty.</summary>
    public static double Sum(Matrix prediction, Matrix target, Matrix gradient, float scale) => gradient.IsEmpty
        ? Reduce.Sum(prediction.Span, target.Span, default(Value))
        : Reduce.SumLoss(prediction.Span, target.Span, gradient.Span, new ValueAndGradient(scale));

    private readonly struct Value : IMap2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes prediction, TLanes target)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            TLanes error = prediction - target;
            return error * error;
        }
    }

    private readonly struct ValueAndGradient(float scale) : ILossMap
    {
        private readonly float _scale = scale;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes prediction, TLanes target, out TLanes gradient)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            TLanes error = prediction - target;
            gradient = _scale * error;
            return error * error;
        }
    }
}
