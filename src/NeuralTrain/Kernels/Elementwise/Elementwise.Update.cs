using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>The updates of optimizers: value, gradient and state in one pass, the gradient cleared.</summary>
internal static unsafe partial class Elementwise
{
    /// <summary>Applies the rule to each value and its gradient, then sets the gradient to zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Update<TFormula>(Span<float> value, Span<float> gradient, TFormula formula)
        where TFormula : unmanaged, IUpdate0
    {
        KernelGuard.Length<float>(gradient, value.Length);
        fixed (float* pValue = value, pGradient = gradient)
        {
            ElementLoop.Run(
                new UpdateBody0<TFormula>(pValue, pGradient, formula),
                value.Length,
                TFormula.ParallelThreshold);
        }
    }

    /// <summary>Applies the rule to each value, its gradient and its state, then sets the gradient to zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Update<TFormula>(Span<float> value, Span<float> gradient, Span<float> state, TFormula formula)
        where TFormula : unmanaged, IUpdate1
    {
        KernelGuard.Length<float>(gradient, value.Length);
        KernelGuard.Length<float>(state, value.Length);
        fixed (float* pValue = value, pGradient = gradient, pState = state)
        {
            ElementLoop.Run(
                new UpdateBody1<TFormula>(pValue, pGradient, pState, formula),
                value.Length,
                TFormula.ParallelThreshold);
        }
    }

    /// <summary>Applies the rule to each value, its gradient and its two states, then sets the gradient to zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Update<TFormula>(
        Span<float> value, Span<float> gradient, Span<float> state1, Span<float> state2, TFormula formula)
        where TFormula : unmanaged, IUpdate2
    {
        KernelGuard.Length<float>(gradient, value.Length);
        KernelGuard.Length<float>(state1, value.Length);
        KernelGuard.Length<float>(state2, value.Length);
        fixed (float* pValue = value, pGradient = gradient, pState1 = state1, pState2 = state2)
        {
            ElementLoop.Run(
                new UpdateBody2<TFormula>(pValue, pGradient, pState1, pState2, formula),
                value.Length,
                TFormula.ParallelThreshold);
        }
    }
}
