using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>How often rows of one class were predicted as another: a row for the actual class, a column for the predicted one.</summary>
/// <remarks>
/// Decisions are those of <see cref="Accuracy"/>; a single column gives the two classes 0 and 1. Each row of the data counts once, whatever its sample weight.
/// For precision, recall and F1 of each class see <see cref="ClassificationReport"/>.
/// </remarks>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class ConfusionMatrix
{
    private readonly long[][] _counts;

    /// <summary>Holds counts, as read from JSON.</summary>
    /// <param name="classes">The names of the classes.</param>
    /// <param name="counts">A row for each actual class, with a count for each predicted one.</param>
    /// <exception cref="ArgumentException">There is not one row, or not one count in a row, for each class.</exception>
    public ConfusionMatrix(IReadOnlyList<string> classes, IReadOnlyList<IReadOnlyList<long>> counts)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Count != classes.Count || counts.Any(row => row?.Count != classes.Count))
        {
            throw new ArgumentException($"The counts must be {classes.Count} rows of {classes.Count}, one for each class.", nameof(counts));
        }

        (Classes, _counts) = (classes, [.. counts.Select(row => row.ToArray())]);
    }

    /// <summary>The names of the classes, or their numbers if the data does not name them.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>How often a row of one class was predicted as another.</summary>
    /// <param name="actual">The number of the actual class, from 0.</param>
    /// <param name="predicted">The number of the predicted class, from 0.</param>
    public long this[int actual, int predicted] => _counts[actual][predicted];

    /// <summary>The counts, a row for each actual class.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Counts => _counts;

    /// <summary>The total number of rows.</summary>
    public long Total => _counts.Sum(row => row.Sum());

    /// <summary>The fraction of rows on the diagonal.</summary>
    public double Accuracy => _counts.Select((row, i) => (double)row[i]).Sum() / Total;

    /// <summary>The precision of a class: the fraction of the rows predicted as it that belongs to it; 0 if there are none.</summary>
    internal double Precision(int number) => Ratio(_counts[number][number], Predicted(number));

    /// <summary>The recall of a class: the fraction of its rows that is predicted correctly; 0 if there are none.</summary>
    internal double Recall(int number) => Ratio(_counts[number][number], Actual(number));

    /// <summary>The harmonic mean of precision and recall of a class: 2·right / (predicted + actual); 0 if it occurs in neither.</summary>
    internal double F1(int number) => Ratio(2 * _counts[number][number], Predicted(number) + Actual(number));

    /// <summary>Predicts all rows of the data and counts the results.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The data, with classes as one-hot rows, or a single column of 0 and 1 (or −1 and 1 for margins).</param>
    /// <param name="outputKind">What the outputs of the network mean: <see cref="Loss.OutputKind"/> of its loss. Default: class scores, of which there are two or more.</param>
    /// <returns>The counts.</returns>
    /// <exception cref="ArgumentException">The data do not fit the network, have no rows, their targets are not classes, each column is a separate binary decision, or a single column is declared to be class scores.</exception>
    public static ConfusionMatrix Of(Sequential network, BatchSource data, OutputKind outputKind = OutputKind.ClassScores)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        DataShape.Check(network, data, "given", nameof(data));
        int outputs = data.TargetSize;
        if (outputs > 1 && outputKind == OutputKind.BinaryScores)
        {
            throw new ArgumentException(
                $"The {outputs} columns are separate binary decisions, and a row may be positive in several. Count each column separately, or measure precision and recall.", nameof(outputKind));
        }

        if (outputs == 1 && outputKind == OutputKind.ClassScores)
        {
            throw new ArgumentException(
                $"A single column is a binary decision, not class scores: whether it is positive above 0 or above ½ depends on the loss. Pass what its outputs mean: ConfusionMatrix.Of(network, data, loss.OutputKind).", nameof(outputKind));
        }

        int[] classes = [.. Enumerable.Range(0, Math.Max(outputs, 2))];
        var matrix = new ConfusionMatrix(data.Classes.Count == classes.Length ? data.Classes : [.. classes.Select(i => $"{i}")], [.. classes.Select(_ => new long[classes.Length])]);
        using BatchReader reader = data.Read(new BatchPlan(DataSample.BlockRows));
        while (reader.Read())
        {
            Matrix predictions = network.Predict(reader.Inputs);
            for (int row = 0; row < predictions.Rows; row++) matrix.Count(predictions.Row(row), reader.Targets.Row(row), outputKind);
        }

        return matrix.Total > 0 ? matrix : throw DataShape.NoRows("data to measure on");
    }

    /// <summary>The counts as a table: a row for each class, a column for each prediction.</summary>
    public override string ToString()
    {
        var table = new TextTable(["actual \\ predicted", .. Classes.Select(name => $">{Guard.Shorten(name)}")]);
        foreach ((string name, long[] counts) in Classes.Zip(_counts)) table.Add([Guard.Shorten(name), .. counts.Select(count => $"{count}")]);
        return table.ToString();
    }

    private void Count(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, OutputKind outputKind)
    {
        if (!Decision.IsClass(target, outputKind)) Decision.Check("confusion matrix", OutputKind.Values, target);
        bool single = prediction.Length == 1;
        int predicted = !single ? Decision.Largest(prediction) : Decision.IsYes(outputKind, prediction[0]) ? 1 : 0;
        int actual = !single ? Decision.Largest(target) : Decision.IsYesTarget(outputKind, target[0]) ? 1 : 0;
        _counts[actual][predicted]++;
    }

    internal long Actual(int number) => _counts[number].Sum();

    internal long Predicted(int number) => _counts.Sum(row => row[number]);

    private static double Ratio(long part, long whole) => whole > 0 ? (double)part / whole : 0;
}
