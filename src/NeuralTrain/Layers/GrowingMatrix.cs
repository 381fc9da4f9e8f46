using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Memory that a container keeps from step to step: it grows when a larger batch comes, and is otherwise reused.</summary>
internal sealed class GrowingMatrix
{
    private float[] _memory = [];
    private int _start;
    private int _length;

    /// <summary>A view of the given shape. Its content is whatever was there before.</summary>
    public Matrix View(int rows, int columns)
    {
        if ((long)rows * columns > _length)
        {
            _length = (int)Matrix.CheckedLength(rows, columns);
            _memory = AlignedMemory.AllocateToKeep(_length, out _start);
        }

        return new Matrix(_memory, _start, rows, columns);
    }
}
