using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// An operand of a formula and, as a type, where its values lie: one for every element (<see cref="Whole"/>) or one for every
/// column (<see cref="PerColumn"/>). Loops take the kinds of their operands as type parameters, so that each is compiled for its own.
/// </summary>
internal interface IOperand
{
    /// <summary>The place of the value that belongs to an element.</summary>
    static abstract nint Place(nint index, nint column);

    ReadOnlySpan<float> Values { get; }
}

/// <summary>A matrix: a value for every element.</summary>
internal readonly ref struct Whole(ReadOnlySpan<float> values) : IOperand
{
    public ReadOnlySpan<float> Values { get; } = values;

    [MethodImpl(Jit.Inline)]
    public static nint Place(nint index, nint column) => index;
}

/// <summary>A vector with one value per column, used for every row, such as a bias.</summary>
internal readonly ref struct PerColumn(ReadOnlySpan<float> values) : IOperand
{
    public ReadOnlySpan<float> Values { get; } = values;

    [MethodImpl(Jit.Inline)]
    public static nint Place(nint index, nint column) => column;
}

/// <summary>No values.</summary>
internal readonly ref struct None : IOperand
{
    public ReadOnlySpan<float> Values => [];

    public static nint Place(nint index, nint column) => 0;
}

/// <summary>
/// The value an elementwise loop computes at a place: loads the operands there and applies a formula. It knows where
/// its data lie; the loops decide which place, at which width, by which thread, and what becomes of the value.
/// </summary>
internal interface IElementValue
{
    /// <summary>
    /// One register: element <paramref name="index"/> of the matrices, entry <paramref name="column"/> of the
    /// per-column vectors. <paramref name="count"/> elements remain from here; if fewer than a register, nothing beyond
    /// them is touched and the other lanes hold anything.
    /// </summary>
    TLanes Get<TLanes>(nint index, nint column, nint count) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>A formula of one matrix.</summary>
internal readonly unsafe struct Value1<TFormula>(float* x, TFormula formula) : IElementValue
    where TFormula : unmanaged, IMap1
{
    [MethodImpl(Jit.Inline)]
    public TLanes Get<TLanes>(nint index, nint column, nint count) where TLanes : unmanaged, ILanes<TLanes> =>
        formula.Apply(TLanes.Load(x + index, count));
}

/// <summary>A formula of a matrix and another operand.</summary>
internal readonly unsafe struct Value2<TFormula, TY>(float* x, float* y, TFormula formula) : IElementValue
    where TFormula : unmanaged, IMap2
    where TY : IOperand, allows ref struct
{
    [MethodImpl(Jit.Inline)]
    public TLanes Get<TLanes>(nint index, nint column, nint count) where TLanes : unmanaged, ILanes<TLanes> =>
        formula.Apply(TLanes.Load(x + index, count), TLanes.Load(y + TY.Place(index, column), count));
}

/// <summary>A formula of a matrix and two other operands.</summary>
internal readonly unsafe struct Value3<TFormula, TY, TZ>(float* x, float* y, float* z, TFormula formula) : IElementValue
    where TFormula : unmanaged, IMap3
    where TY : IOperand, allows ref struct
    where TZ : IOperand, allows ref struct
{
    [MethodImpl(Jit.Inline)]
    public TLanes Get<TLanes>(nint index, nint column, nint count) where TLanes : unmanaged, ILanes<TLanes> =>
        formula.Apply(
            TLanes.Load(x + index, count), TLanes.Load(y + TY.Place(index, column), count), TLanes.Load(z + TZ.Place(index, column), count));
}

/// <summary>A formula of a matrix, another operand and two per-column vectors.</summary>
internal readonly unsafe struct Value4<TFormula, TY>(float* x, float* y, float* z, float* w, TFormula formula) : IElementValue
    where TFormula : unmanaged, IMap4
    where TY : IOperand, allows ref struct
{
    [MethodImpl(Jit.Inline)]
    public TLanes Get<TLanes>(nint index, nint column, nint count) where TLanes : unmanaged, ILanes<TLanes> =>
        formula.Apply(
            TLanes.Load(x + index, count), TLanes.Load(y + TY.Place(index, column), count),
            TLanes.Load(z + column, count), TLanes.Load(w + column, count));
}

/// <summary>A formula of two matrices and four per-column vectors.</summary>
internal readonly unsafe struct Value6<TFormula>(
    float* x, float* y, float* z, float* w, float* v, float* u, TFormula formula) : IElementValue
    where TFormula : unmanaged, IMap6
{
    [MethodImpl(Jit.Inline)]
    public TLanes Get<TLanes>(nint index, nint column, nint count) where TLanes : unmanaged, ILanes<TLanes> =>
        formula.Apply(
            TLanes.Load(x + index, count), TLanes.Load(y + index, count), TLanes.Load(z + column, count),
            TLanes.Load(w + column, count), TLanes.Load(v + column, count), TLanes.Load(u + column, count));
}

/// <summary>
/// A loss: the value, weighted where there are weights; where there is a gradient the derivative, weighted and scaled, is stored in the
/// same pass. What is missing is <see cref="None"/>.
/// </summary>
internal readonly unsafe struct LossValue<TFormula, TWeights, TGradient>(
    float* prediction, float* target, float* weights, float* gradient, float scale, TFormula formula) : IElementValue
    where TFormula : unmanaged, ILossMap
    where TWeights : IOperand, allows ref struct
    where TGradient : IOperand, allows ref struct
{
    [MethodImpl(Jit.Inline)]
    public TLanes Get<TLanes>(nint index, nint column, nint count) where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes value = formula.Apply(TLanes.Load(prediction + index, count), TLanes.Load(target + index, count), out TLanes derivative);
        TLanes factor = scale;
        if (typeof(TWeights) != typeof(None))
        {
            TLanes weight = TLanes.Load(weights + index, count);
            value = weight * value;
            factor = factor * weight;
        }

        if (typeof(TGradient) != typeof(None)) (factor * derivative).Store(gradient + index, count);
        return value;
    }
}
