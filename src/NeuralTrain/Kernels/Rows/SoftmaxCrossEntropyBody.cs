using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>Softmax, cross-entropy and its gradient for one row; see <see cref="SoftmaxRows.CrossEntropy"/>.</summary>
internal readonly unsafe struct SoftmaxCrossEntropyBody(
    float* scores,
    float* targets,
    float* gradient,
    float* classWeights,
    float* sampleWeights,
    int columns,
    float labelSmoothing,
    float scale) : IRowBody
{
    private readonly float* _scores = scores;
    private readonly float* _targets = targets;
    private readonly float* _gradient = gradient;
    private readonly float* _classWeights = classWeights;
    private readonly float* _sampleWeights = sampleWeights;
    private readonly int _columns = columns;
    private readonly float _keep = 1 - labelSmoothing;
    private readonly float _spread = labelSmoothing / columns;
    private readonly float _scale = scale;

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
        float* t = _targets + (row * columns);
        float* g = _gradient == null ? null : _gradient + (row * columns);
        float max = SoftmaxSteps.Max<TLanes>(s, columns);

        // With a = s − max: −ln q = ln Σeᵃ − a, so the loss is Σwt′·ln Σeᵃ − Σ wt′a.
        TSum exponentialSum = default;
        TSum targetSum = default;
        TSum product = default;
        for (nint i = 0; i < columns; i += TLanes.Count)
        {
            nint rest = columns - i;
            TLanes a = TLanes.Load(s + i, rest) - max;
            TLanes target = Target<TLanes>(t, i, rest);
            TLanes e = VectorMath.Exp(a);
            if (g != null)
            {
                e.Store(g + i, rest);
            }

            exponentialSum.Add(TLanes.KeepFirst(e, rest));
            targetSum.Add(TLanes.KeepFirst(target, rest));
            product.Add(TLanes.KeepFirst(target * a, rest));
        }

        double sum = exponentialSum.Total;
        double weight = targetSum.Total;
        float sampleWeight = _sampleWeights == null ? 1 : _sampleWeights[row];
        float factor = (float)(weight / sum);
        float scale = _scale * sampleWeight;
        for (nint i = 0; g != null && i < columns; i += TLanes.Count)
        {
            nint rest = columns - i;
            (scale * ((TLanes.Load(g + i, rest) * factor) - Target<TLanes>(t, i, rest))).Store(g + i, rest);
        }

        return sampleWeight * ((weight * Math.Log(sum)) - product.Total);
    }

    /// <summary>w·t′, the weighted and smoothed target.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Target<TLanes>(float* t, nint i, nint rest)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes smoothed = TLanes.MultiplyAdd(TLanes.Load(t + i, rest), _keep, _spread);
        return _classWeights == null ? smoothed : smoothed * TLanes.Load(_classWeights + i, rest);
    }
}
