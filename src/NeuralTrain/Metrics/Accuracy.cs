using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The fraction of correct decisions.</summary>
/// <remarks>
/// <para>
/// Several columns are classes: a row is right if its largest output is in the column of its largest target (the first of equal ones). A single column
/// decides between negative and positive: positive is above 0 for raw scores and margins, above ½ for plain values. Several columns of
/// <see cref="OutputKind.BinaryScores"/> are separate decisions, each counted separately; a <see cref="Trainer"/> refuses that for rows that each belong to one class,
/// since most decisions are then trivial negatives.
/// </para>
/// <para>
/// Plain values, such as those of <see cref="MeanSquaredError"/>, are decisions only if the targets are classes: other targets are refused.
/// scikit-learn's <c>accuracy_score</c>; for several binary decisions Keras' <c>BinaryAccuracy</c>.
/// </para>
/// </remarks>
public sealed class Accuracy() : Metric(MetricName, isRatio: true)
{
    internal const string MetricName = "accuracy";

    /// <inheritdoc/>
    [MethodImpl(Jit.Full)]
    protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
    {
        Decision.Check(Name, OutputKind, target);
        if (!Decision.IsPerColumn(OutputKind, Outputs))
        {
            Count(Decision.Largest(prediction) == Decision.Largest(target) ? 1 : 0, weight);
            return;
        }

        for (int column = 0; column < prediction.Length; column++)
        {
            Count(Decision.IsYes(OutputKind, prediction[column]) == Decision.IsYesTarget(OutputKind, target[column]) ? 1 : 0, weight);
        }
    }
}
