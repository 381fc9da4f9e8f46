namespace NeuralTrain.Kernels;

/// <summary>
/// Softmax of each row of a block, q = e^(s − max) / Σ e^(s − max), its logarithm, their backward passes, and the fused
/// cross-entropy. Stable for any finite scores; sums are accumulated in double. An output may be the very same span as an
/// input, except that the gradient of the cross-entropy must not be its targets.
/// </summary>
internal static unsafe class SoftmaxRows
{
    /// <summary>probabilities = softmax(scores), row by row.</summary>
    internal static void Forward(ReadOnlySpan<float> scores, Span<float> probabilities, int rows, int columns)
    {
        int count = KernelGuard.Block(rows, columns);
        KernelGuard.Length(scores, count);
        KernelGuard.Length<float>(probabilities, count);
        fixed (float* pScores = scores, pProbabilities = probabilities)
        {
            RowLoop.Run(new SoftmaxForwardBody(pScores, pProbabilities, columns), rows, columns);
        }
    }

    /// <summary>logarithms = ln softmax(scores) = (s − max) − ln Σ e^(s − max), row by row.</summary>
    internal static void LogForward(ReadOnlySpan<float> scores, Span<float> logarithms, int rows, int columns)
    {
        int count = KernelGuard.Block(rows, columns);
        KernelGuard.Length(scores, count);
        KernelGuard.Length<float>(logarithms, count);
        fixed (float* pScores = scores, pLogarithms = logarithms)
        {
            RowLoop.Run(new LogSoftmaxForwardBody(pScores, pLogarithms, columns), rows, columns);
        }
    }

    /// <summary>s̄ⱼ = qⱼ(q̄ⱼ − Σₖ q̄ₖqₖ), from the probabilities and their gradient.</summary>
    internal static void Backward(
        ReadOnlySpan<float> probabilities,
        ReadOnlySpan<float> probabilityGradient,
        Span<float> scoreGradient,
        int rows,
        int columns)
    {
        int count = KernelGuard.Block(rows, columns);
        KernelGuard.Length(probabilities, count);
        KernelGuard.Length(probabilityGradient, count);
        KernelGuard.Length<float>(scoreGradient, count);
        fixed (float* pOutput = probabilities, pOutputGradient = probabilityGradient, pResult = scoreGradient)
        {
            RowLoop.Run(new SoftmaxBackwardBody(pOutput, pOutputGradient, pResult, columns), rows, columns);
        }
    }

    /// <summary>s̄ⱼ = l̄ⱼ − e^lⱼ·Σₖ l̄ₖ, from the logarithms l and their gradient.</summary>
    internal static void LogBackward(
        ReadOnlySpan<float> logarithms,
        ReadOnlySpan<float> logarithmGradient,
        Span<float> scoreGradient,
        int rows,
        int columns)
    {
        int count = KernelGuard.Block(rows, columns);
        KernelGuard.Length(logarithms, count);
        KernelGuard.Length(logarithmGradient, count);
        KernelGuard.Length<float>(scoreGradient, count);
        fixed (float* pOutput = logarithms, pOutputGradient = logarithmGradient, pResult = scoreGradient)
        {
            RowLoop.Run(new LogSoftmaxBackwardBody(pOutput, pOutputGradient, pResult, columns), rows, columns);
        }
    }

    /// <summary>
    /// Cross-entropy of softmax(scores) with soft targets: returns Σᵣ vᵣ·Σₖ wₖt′ᵣₖ(−ln qᵣₖ) and writes
    /// gradient = scale·vᵣ·(qⱼ·Σₖ wₖt′ₖ − wⱼt′ⱼ) in the same sweep, with t′ = (1 − ε)t + ε/columns.
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
    internal static double CrossEntropy(
        ReadOnlySpan<float> scores,
        ReadOnlySpan<float> targets,
        Span<float> gradient,
        int rows,
        int columns,
        ReadOnlySpan<float> classWeights,
        ReadOnlySpan<float> sampleWeights,
        float labelSmoothing,
        float scale)
    {
        int count = KernelGuard.Block(rows, columns);
        KernelGuard.Length(scores, count);
        KernelGuard.Length(targets, count);
        KernelGuard.LengthOrEmpty<float>(gradient, count);
        KernelGuard.LengthOrEmpty(classWeights, columns);
        KernelGuard.LengthOrEmpty(sampleWeights, rows);

        // An empty span is pinned as null, which the body takes for no gradient and for weights of 1.
        fixed (float* pScores = scores, pTargets = targets, pGradient = gradient)
        fixed (float* pClassWeights = classWeights, pSampleWeights = sampleWeights)
        {
            var body = new SoftmaxCrossEntropyBody(
                pScores, pTargets, pGradient, pClassWeights, pSampleWeights, columns, labelSmoothing, scale);
            return RowLoop.Run(in body, rows, columns);
        }
    }

    /// <summary>Σᵣ vᵣ·Σₖ wₖtᵣₖ: what a weighted mean divides by. Empty weights are all 1.</summary>
    internal static double WeightSum(
        ReadOnlySpan<float> targets,
        int rows,
        int columns,
        ReadOnlySpan<float> classWeights,
        ReadOnlySpan<float> sampleWeights)
    {
        KernelGuard.Length(targets, KernelGuard.Block(rows, columns));
        KernelGuard.LengthOrEmpty(classWeights, columns);
        KernelGuard.LengthOrEmpty(sampleWeights, rows);
        double total = 0;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> target = targets.Slice(row * columns, columns);
            double sum = classWeights.IsEmpty
                ? Reduce.Sum(target, default(Itself))
                : Reduce.Sum(target, classWeights, default(Product));
            total += sampleWeights.IsEmpty ? sum : sampleWeights[row] * sum;
        }

        return total;
    }
}
