using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Backward pass of softmax for one row.</summary>
internal readonly unsafe struct SoftmaxBackwardBody(
    float* probabilities,
    float* probabilityGradient,
    float* scoreGradient,
    int columns) : IRowBody
{
    private readonly float* _probabilities = probabilities;
    private readonly float* _probabilityGradient = probabilityGradient;
    private readonly float* _scoreGradient = scoreGradient;
    private readonly int _columns = columns;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Run<TLanes, TSum>(int row)
        where TLanes : unmanaged, ILanes<TLanes>
        where TSum : unmanaged, ILaneSum<TLanes>
    {
        nint columns = _columns;
        float* q = _probabilities + (row * columns);
        float* dq = _probabilityGradient + (row * columns);
        float* ds = _scoreGradient + (row * columns);
        TSum sum = default;
        for (nint i = 0; i < columns; i += TLanes.Count)
        {
            sum.Add(TLanes.Load(q + i, columns - i) * TLanes.Load(dq + i, columns - i));
        }

        float dot = (float)sum.Total;
        for (nint i = 0; i < columns; i += TLanes.Count)
        {
            TLanes difference = TLanes.Load(dq + i, columns - i) - dot;
            (TLanes.Load(q + i, columns - i) * difference).Store(ds + i, columns - i);
        }

        return 0;
    }
}
