namespace NeuralTrain;

/// <summary>The fraction of rows whose class is among the k with the largest outputs.</summary>
/// <remarks>
/// Among equal outputs the first ones win, so k = 1 is the <see cref="Accuracy"/>. The class of a row is that of its largest target. Keras'
/// <c>TopKCategoricalAccuracy</c>, scikit-learn's <c>top_k_accuracy_score</c>.
/// </remarks>
/// <param name="k">The number of guesses k that count, 1 or more, at most the number of classes. Default 5, as in Keras.</param>
/// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
public sealed class TopK(int k = 5) : Metric($"top-{k} accuracy", isRatio: true)
{
    /// <summary>The number of guesses that count.</summary>
    public int K { get; } = Guard.AtLeast(k, 1, nameof(k), "at least one class is guessed");

    /// <inheritdoc/>
    protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
    {
        Decision.Check(Name, OutputKind, target);
        int actual = Decision.Largest(target);
        int better = 0;
        for (int column = 0; column < prediction.Length; column++)
        {
            better += prediction[column] > prediction[actual] || (prediction[column] == prediction[actual] && column < actual) ? 1 : 0;
        }

        Count(better < K ? 1 : 0, weight);
    }

    private protected override void CheckOutputs()
    {
        if (Decision.IsPerColumn(OutputKind, Outputs))
        {
            throw new NotSupportedException(
                $"'{Name}' chooses among classes, a column for each, but the network gives {Outputs} separate binary decisions. Use {nameof(Accuracy)}.");
        }

        if (K > Outputs) throw new NotSupportedException($"'{Name}' guesses {K} classes, but there are only {Outputs}. Use a smaller k.");
    }
}
