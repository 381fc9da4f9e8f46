using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Softmax of one row: the largest score, the exponentials with their sum, the division.</summary>
internal readonly unsafe struct SoftmaxForwardBody(float* scores, float* probabilities, int columns) : IRowBody
{
    private readonly float* _scores = scores;
    private readonly float* _probabilities = probabilities;
    private readonly int _columns = columns;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Run<TLanes, TSum>(int row)
        where TLanes : unmanaged, ILanes<TLanes>
        where TSum : unmanaged, ILaneSum<TLanes>
    {
        nint columns = _columns;
        if (columns == 0)
        {
            return 0;
        }

        float* s = _scores + (row * columns);
        float* q = _probabilities + (row * columns);
        float max = SoftmaxSteps.Max<TLanes>(s, columns);
        float factor = (float)(1 / SoftmaxSteps.Exponentials<TLanes, TSum>(s, q, max, columns));
        for (nint i = 0; i < columns; i += TLanes.Count)
        {
            (TLanes.Load(q + i, columns - i) * factor).Store(q + i, columns - i);
        }

        return 0;
    }
}
