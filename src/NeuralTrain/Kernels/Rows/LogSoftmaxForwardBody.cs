using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Log-softmax of one row.</summary>
internal readonly unsafe struct LogSoftmaxForwardBody(float* scores, float* logarithms, int columns) : IRowBody
{
    private readonly float* _scores = scores;
    private readonly float* _logarithms = logarithms;
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
        float* l = _logarithms + (row * columns);
        float max = SoftmaxSteps.Max<TLanes>(s, columns);

        // The exponentials are not stored: the scores are still needed, and the output may be the input.
        TSum sum = default;
        for (nint i = 0; i < columns; i += TLanes.Count)
        {
            sum.Add(TLanes.KeepFirst(VectorMath.Exp(TLanes.Load(s + i, columns - i) - max), columns - i));
        }

        float logarithm = (float)Math.Log(sum.Total);
        for (nint i = 0; i < columns; i += TLanes.Count)
        {
            (TLanes.Load(s + i, columns - i) - max - logarithm).Store(l + i, columns - i);
        }

        return 0;
    }
}
