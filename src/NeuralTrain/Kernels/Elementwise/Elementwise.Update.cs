using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>The updates of optimizers: value, gradient and state in one pass, the gradient cleared.</summary>
internal static unsafe partial class Elementwise
{
    /// <summary>Applies the rule to each value and its gradient, then sets the gradient to zero.</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Update<TFormula>(Span<float> value, Span<float> gradient, TFormula formula)
        where TFormula : unmanaged, IUpdate0
    {
        KernelGuard.Length<float>(gradient, value.Length);
        fixed (float* pValue = value, pGradient = gradient)
        {
            ElementLoop.Run(new UpdateBody0<TFormula>(pValue, pGradient, formula), value.Length, TFormula.ParallelThreshold);
        }
    }

    /// <summary>Applies the rule to each value, its gradient and its state, then sets the gradient to zero.</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Update<TFormula>(Span<float> value, Span<float> gradient, Span<float> state, TFormula formula)
        where TFormula : unmanaged, IUpdate1
    {
        KernelGuard.Length<float>(gradient, value.Length);
        KernelGuard.Length<float>(state, value.Length);
        fixed (float* pValue = value, pGradient = gradient, pState = state)
        {
            ElementLoop.Run(new UpdateBody1<TFormula>(pValue, pGradient, pState, formula), value.Length, TFormula.ParallelThreshold);
        }
    }

    /// <summary>Applies the rule to each value, its gradient and its two states, then sets the gradient to zero.</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Update<TFormula>(
        Span<float> value, Span<float> gradient, Span<float> state1, Span<float> state2, TFormula formula)
        where TFormula : unmanaged, IUpdate2
    {
        KernelGuard.Length<float>(gradient, value.Length);
        KernelGuard.Length<float>(state1, value.Length);
        KernelGuard.Length<float>(state2, value.Length);
        fixed (float* pValue = value, pGradient = gradient, pState1 = state1, pState2 = state2)
        {
            ElementLoop.Run(new UpdateBody2<TFormula>(pValue, pGradient, pState1, pState2, formula), value.Length, TFormula.ParallelThreshold);
        }
    }

    private readonly struct UpdateBody0<TFormula>(float* values, float* gradients, TFormula formula) : IElementBody
        where TFormula : unmanaged, IUpdate0
    {
        [MethodImpl(Jit.Inline)]
        public void Run<TLanes>(nint index, nint column, nint count) where TLanes : unmanaged, ILanes<TLanes>
        {
            TLanes value = TLanes.Load(values + index, count);
            formula.Apply(ref value, TLanes.Load(gradients + index, count));
            value.Store(values + index, count);
            TLanes.Zero.Store(gradients + index, count);
        }
    }

    private readonly struct UpdateBody1<TFormula>(float* values, float* gradients, float* states, TFormula formula) : IElementBody
        where TFormula : unmanaged, IUpdate1
    {
        [MethodImpl(Jit.Inline)]
        public void Run<TLanes>(nint index, nint column, nint count) where TLanes : unmanaged, ILanes<TLanes>
        {
            TLanes value = TLanes.Load(values + index, count);
            TLanes state = TLanes.Load(states + index, count);
            formula.Apply(ref value, TLanes.Load(gradients + index, count), ref state);
            value.Store(values + index, count);
            state.Store(states + index, count);
            TLanes.Zero.Store(gradients + index, count);
        }
    }

    private readonly struct UpdateBody2<TFormula>(
        float* values, float* gradients, float* states1, float* states2, TFormula formula) : IElementBody
        where TFormula : unmanaged, IUpdate2
    {
        [MethodImpl(Jit.Inline)]
        public void Run<TLanes>(nint index, nint column, nint count) where TLanes : unmanaged, ILanes<TLanes>
        {
            TLanes value = TLanes.Load(values + index, count);
            TLanes state1 = TLanes.Load(states1 + index, count);
            TLanes state2 = TLanes.Load(states2 + index, count);
            formula.Apply(ref value, TLanes.Load(gradients + index, count), ref state1, ref state2);
            value.Store(values + index, count);
            state1.Store(states1 + index, count);
            state2.Store(states2 + index, count);
            TLanes.Zero.Store(gradients + index, count);
        }
    }
}
