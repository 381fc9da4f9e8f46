namespace NeuralTrain;

/// <summary>Memory that a container keeps from step to step: it grows when a larger batch comes, and is otherwise reused.</summary>
internal sealed class GrowingMatrix
{
    private float[] _memory = [];

    /// <summary>A view of the given shape. Its content is whatever was there before.</summary>
    public Matrix View(int rows, int columns)
    {
        if ((long)rows * columns > _memory.Length)
        {
            _memory = new float[Matrix.CheckedLength(rows, columns)];
        }

        return new Matrix(_memory, 0, rows, columns);
    }
}
