using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// Elementwise operations with the formula supplied as a struct. An output may be the very same span as an input;
/// partly overlapping spans give unspecified values. With <see cref="PerColumn"/> operands the others are blocks whose rows are
/// as long as those.
/// </summary>
internal static unsafe class Elementwise
{
    /// <summary>Elements from which a formula of a few arithmetic operations is shared among threads: the data of
    /// smaller ones come from the cache faster than a second thread wakes.</summary>
    internal const int ParallelThresholdLight = 262144;

    /// <summary>Elements from which any formula is shared while the workers are awake: they then come from a larger piece of work,
    /// which left them their parts of the data.</summary>
    internal const int ParallelThresholdAwake = 65536;

    /// <summary>Elements from which a formula with an exponential or logarithm is shared among threads.</summary>
    internal const int ParallelThresholdHeavy = 32768;

    /// <summary>result = formula(x).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Map<TFormula>(ReadOnlySpan<float> x, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap1
    {
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, pResult = result)
        {
            ElementLoop.Run(new MapBody<Value1<TFormula>>(new(px, formula), pResult), x.Length, TFormula.ParallelThreshold);
        }
    }

    /// <summary>result = formula(x, y).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Map<TFormula>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap2
    {
        KernelGuard.Length(y, x.Length);
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, py = y, pResult = result)
        {
            ElementLoop.Run(new MapBody<Value2<TFormula, Whole>>(new(px, py, formula), pResult), x.Length, TFormula.ParallelThreshold);
        }
    }

    /// <summary>result = formula(x, y, z).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Map<TFormula>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap3
    {
        KernelGuard.Length(y, x.Length);
        KernelGuard.Length(z, x.Length);
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, py = y, pz = z, pResult = result)
        {
            ElementLoop.Run(new MapBody<Value3<TFormula, Whole, Whole>>(new(px, py, pz, formula), pResult), x.Length, TFormula.ParallelThreshold);
        }
    }

    /// <summary>result[r, c] = formula(x[r, c], y[c]).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Map<TFormula>(ReadOnlySpan<float> x, PerColumn y, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap2
    {
        int columns = y.Values.Length, rows = KernelGuard.Rows(x, columns);
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, py = y.Values, pResult = result)
        {
            ElementLoop.RunRows(new MapBody<Value2<TFormula, PerColumn>>(new(px, py, formula), pResult), rows, columns, TFormula.ParallelThreshold);
        }
    }

    /// <summary>result[r, c] = formula(x[r, c], y[r, c] or y[c], z[c]).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Map<TFormula, TY>(ReadOnlySpan<float> x, TY y, PerColumn z, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap3
        where TY : IOperand, allows ref struct
    {
        int columns = z.Values.Length, rows = KernelGuard.Rows(x, columns);
        KernelGuard.Length(y.Values, (int)TY.Place(x.Length, columns));
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, py = y.Values, pz = z.Values, pResult = result)
        {
            ElementLoop.RunRows(new MapBody<Value3<TFormula, TY, PerColumn>>(new(px, py, pz, formula), pResult), rows, columns, TFormula.ParallelThreshold);
        }
    }

    /// <summary>result[r, c] = formula(x[r, c], y[r, c] or y[c], z[c], w[c]).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Map<TFormula, TY>(ReadOnlySpan<float> x, TY y, PerColumn z, PerColumn w, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap4
        where TY : IOperand, allows ref struct
    {
        int columns = z.Values.Length, rows = KernelGuard.Rows(x, columns);
        KernelGuard.Length(y.Values, (int)TY.Place(x.Length, columns));
        KernelGuard.Length(w.Values, columns);
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, py = y.Values, pz = z.Values, pw = w.Values, pResult = result)
        {
            ElementLoop.RunRows(new MapBody<Value4<TFormula, TY>>(new(px, py, pz, pw, formula), pResult), rows, columns, TFormula.ParallelThreshold);
        }
    }

    /// <summary>result[r, c] = formula(x[r, c], y[r, c], z[c], w[c], v[c], u[c]).</summary>
    [MethodImpl(Jit.Entry)]
    internal static void Map<TFormula>(
        ReadOnlySpan<float> x, Whole y, PerColumn z, PerColumn w, PerColumn v, PerColumn u, Span<float> result, TFormula formula)
        where TFormula : unmanaged, IMap6
    {
        int columns = z.Values.Length, rows = KernelGuard.Rows(x, columns);
        KernelGuard.Length(y.Values, x.Length);
        KernelGuard.Length(w.Values, columns);
        KernelGuard.Length(v.Values, columns);
        KernelGuard.Length(u.Values, columns);
        KernelGuard.Length<float>(result, x.Length);
        fixed (float* px = x, py = y.Values, pz = z.Values, pw = w.Values, pv = v.Values, pu = u.Values, pResult = result)
        {
            ElementLoop.RunRows(new MapBody<Value6<TFormula>>(new(px, py, pz, pw, pv, pu, formula), pResult), rows, columns, TFormula.ParallelThreshold);
        }
    }

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
