using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A matrix that a layer remembers from one pass to the next, in memory that grows when a larger batch comes and is otherwise reused.</summary>
internal sealed class GrowingMatrix : IBatchMemory
{
    [ThreadStatic]
    private static long _taken;

    private float[] _memory = [];
    private int _start, _length;
    private Matrix _last;

    /// <summary>How many values all growing matrices have taken so far on this thread.</summary>
    public static long Taken => _taken;

    /// <summary>What is remembered: the last view, or a matrix of the caller's; empty before the first.</summary>
    public ref readonly Matrix Last => ref _last;

    /// <summary>Remembers a matrix of the caller's.</summary>
    public void Remember(in Matrix matrix) => _last = matrix;

    /// <summary>Forgets the last view; its memory stays for the next one.</summary>
    public void Forget() => _last = default;

    /// <summary>A view of the given shape. Its content is whatever was there before.</summary>
    public Matrix View(int rows, int columns)
    {
        if ((long)rows * columns > _length)
        {
            _length = (int)Matrix.CheckedLength(rows, columns);
            _memory = AlignedMemory.AllocateToKeep(_length, out _start);
            _taken += _length;
        }

        return _last = new Matrix(_memory, _start, rows, columns);
    }

    /// <summary>Refuses a backward pass for a batch without drawn numbers.</summary>
    public void CheckDrawnFor(Layer layer, in Matrix input)
    {
        if (_last.Rows != input.Rows || _last.Columns != input.Columns) ThrowNotDrawn(layer, input);
    }

    /// <inheritdoc/>
    public object CreateEmpty() => new GrowingMatrix();

    [DoesNotReturn]
    private void ThrowNotDrawn(Layer layer, in Matrix input) => throw new InvalidOperationException(
        $"Backward of {layer} received a {input.Shape} batch, but its last forward pass drew numbers for {_last.Shape}. " +
        "Call Forward (not Infer) with this batch first.");
}

/// <summary>The gradients that travel back through a chain of layers: two matrices that take turns, one that a layer reads from and one that it writes to.</summary>
/// <param name="layers">How many layers there are.</param>
internal sealed class GradientPair(int layers) : IBatchMemory
{
    private readonly GrowingMatrix _even = new(), _odd = new();
    private readonly Matrix[] _below = new Matrix[layers];
    private int _reservedFrom = int.MaxValue;

    /// <summary>The batch has another shape than before.</summary>
    public void Forget() => _reservedFrom = int.MaxValue;

    /// <summary>What each layer writes the gradient of its input into, by the layer's position; made anew only for a batch of another shape.</summary>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="widths">The widths between the layers.</param>
    /// <param name="first">The layer at which the backward pass ends; what it writes is not among them.</param>
    public ReadOnlySpan<Matrix> Below(int rows, ReadOnlySpan<int> widths, int first)
    {
        if (first < _reservedFrom) Reserve(rows, widths, first);
        return _below;
    }

    /// <inheritdoc/>
    public object CreateEmpty() => new GradientPair(_below.Length);

    // Both matrices at the widest each must hold first, so that none is allocated twice on the way.
    [MethodImpl(Jit.Cold)]
    private void Reserve(int rows, ReadOnlySpan<int> widths, int first)
    {
        int even = 0, odd = 0;
        for (int i = first + 1; i < widths.Length - 1; i++)
        {
            even = i % 2 == 0 ? Math.Max(even, widths[i]) : even;
            odd = i % 2 == 0 ? odd : Math.Max(odd, widths[i]);
        }

        _even.View(rows, even);
        _odd.View(rows, odd);
        for (int i = first + 1; i < _below.Length; i++)
        {
            _below[i] = (i % 2 == 0 ? _even : _odd).View(rows, widths[i]);
        }

        _reservedFrom = first;
    }
}
