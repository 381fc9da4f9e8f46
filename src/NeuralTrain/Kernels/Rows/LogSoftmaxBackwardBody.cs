using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Backward pass of log-softmax for one row.</summary>
internal readonly unsafe struct LogSoftmaxBackwardBody(
    float* logarithms,
    float* logarithmGradient,
    float* scoreGradient,
    int columns) : IRowBody
{
    private readonly float* _logarithms = logarithms;
    private readonly float* _logarithmGradient = logarithmGradient;
    private readonly float* _scoreGradient = scoreGradient;
    private readonly int _columns = columns;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Run<TLanes, TSum>(int row)
        where TLanes : unmanaged, ILanes<TLanes>
        where TSum : unmanaged, ILaneSum<TLanes>
    {
        nint columns = _columns;
        float* l = _logarithms + (row * columns);
        float* dl = _logarithmGradient + (row * columns);
        float* ds = _scoreGradient + (row * columns);
        TSum sum = default;
        for (nint i = 0; i < columns; i += TLanes.Count)
        {
            sum.Add(TLanes.Load(dl + i, columns - i));
        }

        float total = (float)sum.Total;
        for (nint i = 0; i < columns; i += TLanes.Count)
        {
            TLanes q = VectorMath.Exp(TLanes.Load(l + i, columns - i));
            (TLanes.Load(dl + i, columns - i) - (q * total)).Store(ds + i, columns - i);
        }

        return 0;
    }
}
