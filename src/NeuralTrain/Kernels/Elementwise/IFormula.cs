using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// A formula computed for every element. Implementations are small structs; hyper-parameters are their fields. A
/// formula sees only values, never positions, so it gives the same bits wherever an element is.
/// </summary>
internal interface IFormula
{
    /// <summary>Number of elements from which several threads share the work, even if they must be woken for it (else see
    /// <see cref="Elementwise.ParallelThresholdAwake"/>). A formula with an exponential or the like answers
    /// <see cref="Elementwise.ParallelThresholdHeavy"/>.</summary>
    static virtual int ParallelThreshold => Elementwise.ParallelThresholdLight;
}

/// <summary>A formula of one value.</summary>
internal interface IMap1 : IFormula
{
    TLanes Apply<TLanes>(TLanes x) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>A formula of two values, in the order in which the loop receives them: matrices first, then per-column values.</summary>
internal interface IMap2 : IFormula
{
    TLanes Apply<TLanes>(TLanes x, TLanes y) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>A formula of three values, ordered as in <see cref="IMap2"/>.</summary>
internal interface IMap3 : IFormula
{
    TLanes Apply<TLanes>(TLanes x, TLanes y, TLanes z) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>A formula of four values, ordered as in <see cref="IMap2"/>.</summary>
internal interface IMap4 : IFormula
{
    TLanes Apply<TLanes>(TLanes x, TLanes y, TLanes z, TLanes w) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>A formula of six values, ordered as in <see cref="IMap2"/>.</summary>
internal interface IMap6 : IFormula
{
    TLanes Apply<TLanes>(TLanes x, TLanes y, TLanes z, TLanes w, TLanes v, TLanes u) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>An optimizer's rule without state: changes the value given its gradient.</summary>
internal interface IUpdate0 : IFormula
{
    void Apply<TLanes>(ref TLanes value, TLanes gradient) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>An optimizer's rule with one state per element, such as a velocity.</summary>
internal interface IUpdate1 : IFormula
{
    void Apply<TLanes>(ref TLanes value, TLanes gradient, ref TLanes state) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>An optimizer's rule with two states per element, such as Adam's moments.</summary>
internal interface IUpdate2 : IFormula
{
    void Apply<TLanes>(ref TLanes value, TLanes gradient, ref TLanes state1, ref TLanes state2) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>A loss of one prediction and its target: returns the loss and gives its derivative with respect to the prediction.</summary>
internal interface ILossMap : IFormula
{
    TLanes Apply<TLanes>(TLanes prediction, TLanes target, out TLanes gradient) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>x: for plain sums.</summary>
internal readonly struct Itself : IMap1
{
    [MethodImpl(Jit.Inline)]
    TLanes IMap1.Apply<TLanes>(TLanes x) => x;
}

/// <summary>x + y.</summary>
internal readonly struct Addition : IMap2
{
    [MethodImpl(Jit.Inline)]
    TLanes IMap2.Apply<TLanes>(TLanes x, TLanes y) => x + y;
}

/// <summary>x·y: for scaling, and for dot products.</summary>
internal readonly struct Product : IMap2
{
    [MethodImpl(Jit.Inline)]
    TLanes IMap2.Apply<TLanes>(TLanes x, TLanes y) => x * y;
}
