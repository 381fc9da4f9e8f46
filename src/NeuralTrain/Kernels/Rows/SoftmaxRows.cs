using System.Runtime.CompilerServices;

namespace NeuralTrain.Kernels;

/// <summary>
/// Softmax of each row of a block, q = e^(s − max) / Σ e^(s − max), its logarithm, their backward passes, and the fused
/// cross-entropy. Stable for any finite scores; sums are accumulated in double. An output may be the very same span as an
/// input, except that the gradient of the cross-entropy must not be its targets.
/// </summary>
internal static unsafe class SoftmaxRows
{
    /// <summary>How far the sum of a row of targets may be from 1: no more than the rounding of float32.</summary>
    internal const double SumTolerance = 1e-3;

    /// <summary>
    /// Cross-entropy of softmax(scores) with soft targets: returns Σᵣ vᵣ·Σₖ wₖt′ᵣₖ(−ln qᵣₖ) and writes
    /// gradient = scale·vᵣ·(qⱼ·Σₖ wₖt′ₖ − wⱼt′ⱼ) in the same sweep, with t′ = (1 − ε)t + ε/columns. NaN if a row of targets is no distribution.
    /// </summary>
    /// <param name="scores">Raw scores s, [rows × columns].</param>
    /// <param name="targets">Target probabilities t, [rows × columns]; one-hot rows for plain classes.</param>
    /// <param name="gradient">Receives the gradient by the scores, [rows × columns]; empty if only the loss is asked for.</param>
    /// <param name="rows">Number of samples.</param>
    /// <param name="columns">Number of classes.</param>
    /// <param name="classWeights">w, one per column, or empty for all 1.</param>
    /// <param name="sampleWeights">v, one per row, or empty for all 1.</param>
    /// <param name="labelSmoothing">ε, 0 for none.</param>
    /// <param name="scale">The factor of the gradient (not of the returned sum): the 1/N of a mean.</param>
    [MethodImpl(Jit.Full)]
    internal static double CrossEntropy(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> targets, Span<float> gradient, int rows, int columns,
        ReadOnlySpan<float> classWeights, ReadOnlySpan<float> sampleWeights, float labelSmoothing, float scale)
    {
        int count = KernelGuard.Block(rows, columns);
        KernelGuard.Length(scores, count);
        KernelGuard.Length(targets, count);
        KernelGuard.LengthOrEmpty<float>(gradient, count);
        KernelGuard.LengthOrEmpty(classWeights, columns);
        KernelGuard.LengthOrEmpty(sampleWeights, rows);

        // An empty span is pinned as null, which the body takes for no gradient and for weights of 1.
        fixed (float* s = scores, t = targets, ds = gradient, w = classWeights, v = sampleWeights)
        {
            var body = new CrossEntropyBody(s, t, ds, w, v, columns, 1 - labelSmoothing, labelSmoothing / columns, scale);
            return RowLoop.Run(in body, rows, columns);
        }
    }

    /// <summary>Σᵣ vᵣ·Σₖ wₖtᵣₖ: what a weighted mean divides by. Empty weights are all 1.</summary>
    [MethodImpl(Jit.Full)]
    internal static double WeightSum(
        ReadOnlySpan<float> targets, int rows, int columns, ReadOnlySpan<float> classWeights, ReadOnlySpan<float> sampleWeights)
    {
        KernelGuard.Length(targets, KernelGuard.Block(rows, columns));
        KernelGuard.LengthOrEmpty(classWeights, columns);
        KernelGuard.LengthOrEmpty(sampleWeights, rows);
        double total = 0;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> target = targets.Slice(row * columns, columns);
            double sum = classWeights.IsEmpty ? Reduce.Sum(target, default(Itself)) : Reduce.Sum(target, classWeights, default(Product));
            total += sampleWeights.IsEmpty ? sum : sampleWeights[row] * sum;
        }

        return total;
    }

    /// <summary>softmax(scores), row by row; or its logarithms, (s − max) − ln Σ e^(s − max).</summary>
    [MethodImpl(Jit.Full)]
    internal static void Forward<TKind>(ReadOnlySpan<float> scores, Span<float> result, int rows, int columns)
    {
        int count = KernelGuard.Block(rows, columns);
        KernelGuard.Length(scores, count);
        KernelGuard.Length<float>(result, count);
        fixed (float* s = scores, y = result)
        {
            RowLoop.Run(new ForwardBody<TKind>(s, y, columns), rows, columns);
        }
    }

    /// <summary>s̄ⱼ = qⱼ(q̄ⱼ − Σₖ q̄ₖqₖ), from the probabilities q and their gradient; or s̄ⱼ = l̄ⱼ − e^lⱼ·Σₖ l̄ₖ, from the logarithms l and theirs.</summary>
    [MethodImpl(Jit.Full)]
    internal static void Backward<TKind>(
        ReadOnlySpan<float> output, ReadOnlySpan<float> gradient, Span<float> scoreGradient, int rows, int columns)
    {
        int count = KernelGuard.Block(rows, columns);
        KernelGuard.Length(output, count);
        KernelGuard.Length(gradient, count);
        KernelGuard.Length<float>(scoreGradient, count);
        fixed (float* y = output, dy = gradient, ds = scoreGradient)
        {
            RowLoop.Run(new BackwardBody<TKind>(y, dy, ds, columns), rows, columns);
        }
    }

    /// <summary>The largest score of a row of at least one; unspecified if one is NaN.</summary>
    [MethodImpl(Jit.Inline)]
    private static float Max<TLanes>(float* scores, nint columns)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        // The first score stands in for the lanes beyond the row.
        TLanes first = scores[0];
        TLanes largest = first;
        for (nint i = 0; i < columns; i += TLanes.Count)
        {
            TLanes inRow = TLanes.KeepFirst(TLanes.AreEqual(TLanes.Zero, TLanes.Zero), columns - i);
            TLanes x = TLanes.Select(inRow, TLanes.Load(scores + i, columns - i), first);
            largest = TLanes.AtLeast(x, largest);
        }

        return largest.HorizontalMax();
    }

    /// <summary>The kind of output that is probabilities; the other one is their logarithms.</summary>
    internal readonly struct Plain;

    internal readonly struct Logarithmic;

    private readonly struct ForwardBody<TKind>(float* scores, float* result, nint columns) : IRowBody
    {
        [MethodImpl(Jit.Inline)]
        public double Run<TLanes>(int row) where TLanes : unmanaged, ILanes<TLanes>
        {
            if (columns == 0) return 0;
            float* s = scores + (row * columns);
            float* y = result + (row * columns);
            float max = Max<TLanes>(s, columns);
            LaneSum<TLanes> sum = default;
            for (nint i = 0; i < columns; i += TLanes.Count)
            {
                // For logarithms the exponentials are not stored: the scores are still needed, and the output may be the input.
                TLanes e = VectorMath.Exp(TLanes.Load(s + i, columns - i) - max);
                if (typeof(TKind) == typeof(Plain)) e.Store(y + i, columns - i);
                sum.Add(TLanes.KeepFirst(e, columns - i));
            }

            float last = (float)(typeof(TKind) == typeof(Plain) ? 1 / sum.Total : Math.Log(sum.Total));
            for (nint i = 0; i < columns; i += TLanes.Count)
            {
                TLanes value = typeof(TKind) == typeof(Plain)
                    ? TLanes.Load(y + i, columns - i) * last
                    : TLanes.Load(s + i, columns - i) - max - last;
                value.Store(y + i, columns - i);
            }

            return 0;
        }
    }

    private readonly struct BackwardBody<TKind>(float* output, float* gradient, float* scoreGradient, nint columns) : IRowBody
    {
        [MethodImpl(Jit.Inline)]
        public double Run<TLanes>(int row) where TLanes : unmanaged, ILanes<TLanes>
        {
            float* y = output + (row * columns);
            float* dy = gradient + (row * columns);
            float* ds = scoreGradient + (row * columns);
            LaneSum<TLanes> sum = default;
            for (nint i = 0; i < columns; i += TLanes.Count)
            {
                sum.Add(typeof(TKind) == typeof(Plain) ? TLanes.Load(y + i, columns - i) * TLanes.Load(dy + i, columns - i) : TLanes.Load(dy + i, columns - i));
            }

            float total = (float)sum.Total;
            for (nint i = 0; i < columns; i += TLanes.Count)
            {
                TLanes other = typeof(TKind) == typeof(Plain)
                    ? TLanes.Load(dy + i, columns - i) - total
                    : VectorMath.Exp(TLanes.Load(y + i, columns - i)) * total;
                TLanes value = typeof(TKind) == typeof(Plain) ? TLanes.Load(y + i, columns - i) * other : TLanes.Load(dy + i, columns - i) - other;
                value.Store(ds + i, columns - i);
            }

            return 0;
        }
    }

    /// <summary>Softmax, cross-entropy and its gradient for one row, with t′ = keep·t + spread.</summary>
    private readonly struct CrossEntropyBody(
        float* scores, float* targets, float* gradient, float* classWeights, float* sampleWeights, nint columns,
        float keep, float spread, float scale) : IRowBody
    {
        [MethodImpl(Jit.Inline)]
        public double Run<TLanes>(int row) where TLanes : unmanaged, ILanes<TLanes>
        {
            if (columns == 0) return 0;
            float* s = scores + (row * columns);
            float* t = targets + (row * columns);
            float* ds = gradient == null ? null : gradient + (row * columns);
            float max = Max<TLanes>(s, columns);

            // With a = s − max: −ln q = ln Σeᵃ − a, so the loss is Σwt′·ln Σeᵃ − Σ wt′a.
            LaneSum<TLanes> exponentialSum = default;
            LaneSum<TLanes> targetSum = default;
            LaneSum<TLanes> product = default;
            LaneSum<TLanes> plainSum = default;
            for (nint i = 0; i < columns; i += TLanes.Count)
            {
                nint rest = columns - i;
                TLanes a = TLanes.Load(s + i, rest) - max;
                TLanes plain = TLanes.Load(t + i, rest);
                plainSum.Add(TLanes.Select((plain >= TLanes.Zero) & (plain <= TLanes.One), plain, float.NaN));
                TLanes target = Target(plain, i, rest);
                TLanes e = VectorMath.Exp(a);
                if (ds != null) e.Store(ds + i, rest);
                exponentialSum.Add(TLanes.KeepFirst(e, rest));
                targetSum.Add(TLanes.KeepFirst(target, rest));
                product.Add(TLanes.KeepFirst(target * a, rest));
            }

            double sum = exponentialSum.Total;
            double weight = targetSum.Total;
            float sampleWeight = sampleWeights == null ? 1 : sampleWeights[row];
            float factor = (float)(weight / sum);
            float rowScale = scale * sampleWeight;
            for (nint i = 0; ds != null && i < columns; i += TLanes.Count)
            {
                nint rest = columns - i;
                (rowScale * ((TLanes.Load(ds + i, rest) * factor) - Target(TLanes.Load(t + i, rest), i, rest))).Store(ds + i, rest);
            }

            return Math.Abs(plainSum.Total - 1) <= SumTolerance ? sampleWeight * ((weight * Math.Log(sum)) - product.Total) : double.NaN;
        }

        /// <summary>w·t′, the weighted and smoothed target.</summary>
        [MethodImpl(Jit.Inline)]
        private TLanes Target<TLanes>(TLanes plain, nint i, nint rest)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            TLanes smoothed = TLanes.MultiplyAdd(plain, keep, spread);
            return classWeights == null ? smoothed : smoothed * TLanes.Load(classWeights + i, rest);
        }
    }
}
