using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Sums of a formula over all elements: computed in float, accumulated in double.</summary>
internal static unsafe partial class Reduce
{
    /// <summary>Σ formula(x).</summary>
    [MethodImpl(Jit.Entry)]
    internal static double Sum<TFormula>(ReadOnlySpan<float> x, TFormula formula)
        where TFormula : unmanaged, IMap1
    {
        fixed (float* px = x)
        {
            return SumLoop.Sum(new Value1<TFormula>(px, formula), x.Length);
        }
    }

    /// <summary>Σ formula(x, y).</summary>
    [MethodImpl(Jit.Entry)]
    internal static double Sum<TFormula>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, TFormula formula)
        where TFormula : unmanaged, IMap2
    {
        KernelGuard.Length(y, x.Length);
        fixed (float* px = x, py = y)
        {
            return SumLoop.Sum(new Value2<TFormula, Whole>(px, py, formula), x.Length);
        }
    }

    /// <summary>Σ w·loss; writes scale·w·derivative in the same pass. Without weights they are all 1; without a gradient none is written.</summary>
    [MethodImpl(Jit.Full)]
    internal static double SumLoss<TFormula>(
        ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, ReadOnlySpan<float> weights, Span<float> gradient,
        float scale, TFormula formula)
        where TFormula : unmanaged, ILossMap
    {
        KernelGuard.Length(target, prediction.Length);
        KernelGuard.LengthOrEmpty(weights, prediction.Length);
        KernelGuard.LengthOrEmpty<float>(gradient, prediction.Length);
        fixed (float* p = prediction, t = target, w = weights, g = gradient)
        {
            return (weights.IsEmpty, gradient.IsEmpty) switch
            {
                (true, false) => SumLoop.Sum(new LossValue<TFormula, None, Whole>(p, t, w, g, scale, formula), prediction.Length),
                (true, true) => SumLoop.Sum(new LossValue<TFormula, None, None>(p, t, w, g, scale, formula), prediction.Length),
                (false, false) => SumLoop.Sum(new LossValue<TFormula, Whole, Whole>(p, t, w, g, scale, formula), prediction.Length),
                (false, true) => SumLoop.Sum(new LossValue<TFormula, Whole, None>(p, t, w, g, scale, formula), prediction.Length),
            };
        }
    }
}
