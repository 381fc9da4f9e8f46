using System.Diagnostics.CodeAnalysis;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A matrix that a layer keeps from one pass to the next, in memory that grows for a larger batch and is otherwise reused.</summary>
internal sealed class GrowingMatrix
{
    [ThreadStatic]
    private static long _taken;

    private float[] _memory = [];
    private int _start, _length;
    private Matrix _last;

    /// <summary>The number of values allocated by all growing matrices so far on this thread.</summary>
    public static long Taken => _taken;

    /// <summary>The stored matrix: the last view, or a matrix of the caller's; empty before the first.</summary>
    public ref readonly Matrix Last => ref _last;

    /// <summary>Creates a number of empty ones.</summary>
    public static GrowingMatrix[] Several(int count)
    {
        var matrices = new GrowingMatrix[count];
        for (int i = 0; i < count; i++) matrices[i] = new GrowingMatrix();
        return matrices;
    }

    /// <summary>Stores a matrix of the caller's.</summary>
    public void Remember(in Matrix matrix) => _last = matrix;

    /// <summary>Forgets the last view; its memory stays for the next one.</summary>
    public void Forget() => _last = default;

    /// <summary>A view of the given shape. Its content is undefined.</summary>
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

    /// <summary>Refuses the backward pass of another batch than the one remembered, with so many numbers for each row.</summary>
    public void CheckRemembers(Layer layer, in Matrix input, int columns)
    {
        if (_last.Rows != input.Rows || _last.Columns != columns) ThrowNotRemembered(layer, input);
    }

    [DoesNotReturn]
    private static void ThrowNotRemembered(Layer layer, in Matrix input) => throw new InvalidOperationException(
        $"Backward of {layer} received a {input.Shape} batch, which was not the batch of its last forward pass. Call Forward (not Infer) with this batch first.");
}
