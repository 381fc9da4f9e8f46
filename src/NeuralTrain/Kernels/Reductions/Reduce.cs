namespace NeuralTrain.Kernels;

/// <summary>Sums of a formula over all elements: computed in float, accumulated in double.</summary>
internal static unsafe partial class Reduce
{
    /// <summary>Σ formula(x).</summary>
    internal static double Sum<TFormula>(ReadOnlySpan<float> x, TFormula formula)
        where TFormula : unmanaged, IMap1
    {
        fixed (float* px = x)
        {
            return SumLoop.Sum(new Value1<TFormula>(px, formula), x.Length);
        }
    }

    /// <summary>Σ formula(x, y).</summary>
    internal static double Sum<TFormula>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, TFormula formula)
        where TFormula : unmanaged, IMap2
    {
        KernelGuard.Length(y, x.Length);
        fixed (float* px = x, py = y)
        {
            return SumLoop.Sum(new Value2<TFormula>(px, py, formula), x.Length);
        }
    }

    /// <summary>Σ formula(x, y, z).</summary>
    internal static double Sum<TFormula>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, TFormula formula)
        where TFormula : unmanaged, IMap3
    {
        KernelGuard.Length(y, x.Length);
        KernelGuard.Length(z, x.Length);
        fixed (float* px = x, py = y, pz = z)
        {
            return SumLoop.Sum(new Value3<TFormula>(px, py, pz, formula), x.Length);
        }
    }

    /// <summary>Σ of a loss; writes its derivative in the same pass.</summary>
    internal static double SumLoss<TFormula>(
        ReadOnlySpan<float> prediction,
        ReadOnlySpan<float> target,
        Span<float> gradient,
        TFormula formula)
        where TFormula : unmanaged, ILossMap
    {
        KernelGuard.Length(target, prediction.Length);
        KernelGuard.Length<float>(gradient, prediction.Length);
        fixed (float* pPrediction = prediction, pTarget = target, pGradient = gradient)
        {
            return SumLoop.Sum(
                new LossValue<TFormula>(pPrediction, pTarget, pGradient, formula),
                prediction.Length);
        }
    }

    /// <summary>Σ of a weighted loss; writes its derivative in the same pass.</summary>
    internal static double SumLoss<TFormula>(
        ReadOnlySpan<float> prediction,
        ReadOnlySpan<float> target,
        ReadOnlySpan<float> weight,
        Span<float> gradient,
        TFormula formula)
        where TFormula : unmanaged, ILossMapWeighted
    {
        KernelGuard.Length(target, prediction.Length);
        KernelGuard.Length(weight, prediction.Length);
        KernelGuard.Length<float>(gradient, prediction.Length);
        fixed (float* pPrediction = prediction, pTarget = target, pWeight = weight, pGradient = gradient)
        {
            return SumLoop.Sum(
                new LossValueWeighted<TFormula>(pPrediction, pTarget, pWeight, pGradient, formula),
                prediction.Length);
        }
    }
}
