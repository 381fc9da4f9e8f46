using System.Collections;

namespace NeuralTrain;

/// <content>Parts of a data set: chosen rows, splits, folds.</content>
public sealed partial class Dataset
{
    private int[]? _labels;

    /// <summary>The class of each sample as a number: the column of the 1 in a one-hot row, or the value of a single column of 0 and 1.</summary>
    /// <exception cref="InvalidOperationException">The targets are not classes.</exception>
    public ReadOnlySpan<int> Labels => _labels ??= FindLabels();

    /// <summary>A new data set with some of the rows.</summary>
    /// <param name="rows">The rows, in their new order; a row may occur several times.</param>
    /// <exception cref="ArgumentException">No rows are given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row is not in this data set.</exception>
    public Dataset Select(ReadOnlySpan<int> rows)
    {
        if (rows.IsEmpty) throw new ArgumentException("A data set needs at least one row, received none.", nameof(rows));
        var block = new RowBlock(rows.Length, InputSize, TargetSize, isWeighted: _sampleWeights.Length > 0);
        for (int i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] >= (uint)Inputs.Rows) throw new ArgumentOutOfRangeException(nameof(rows), rows[i], $"The rows must lie in 0 to {Inputs.Rows - 1}, received {rows[i]}.");
            block.Copy(Inputs, Targets, rows[i], i, _sampleWeights);
        }

        return new Dataset(block.Inputs, block.Targets, InputNames, TargetNames, Classes, block.Weights);
    }

    /// <summary>At most the given number of rows, evenly spread over all; this data set itself if it has no more.</summary>
    internal Dataset Spread(int most) => most >= Count ? this : Select([.. Enumerable.Range(0, most).Select(i => (int)((long)i * Count / most))]);

    /// <summary>Splits the rows at random into two new data sets: <c>var (train, test) = data.Split(0.8, random)</c>.</summary>
    /// <remarks>Both have their rows in random order. The first has fraction · samples rows, rounded; each has at least one.</remarks>
    /// <param name="fraction">The fraction that goes to the first part, in (0, 1).</param>
    /// <param name="random">The random number generator: the same seed gives the same split.</param>
    /// <param name="stratified">
    /// Whether each class is split by this fraction (to within a row), so that both parts contain the rare ones; a class with a single sample can only be in one. Default false.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction lies outside (0, 1).</exception>
    /// <exception cref="InvalidOperationException">There are fewer than two rows; or <paramref name="stratified"/> and the targets are not classes.</exception>
    public (Dataset Train, Dataset Test) Split(double fraction, Random random, bool stratified = false)
    {
        ArgumentNullException.ThrowIfNull(random);
        Guard.InOpen(fraction, 0, 1, nameof(fraction), "It is the size of the first part, such as 0.8.");
        if (Inputs.Rows < 2) throw new InvalidOperationException("A data set of one row cannot be split: both parts need at least one.");

        int[] groupOfRow = Groups(stratified), quota = Quotas(groupOfRow, fraction);
        var first = new List<int>();
        var second = new List<int>();
        foreach (int row in Permutation(random)) (--quota[groupOfRow[row]] >= 0 ? first : second).Add(row);

        return (Select([.. first]), Select([.. second]));
    }

    /// <summary>Splits the rows at random into three new data sets: <c>var (train, validation, test) = data.Split(0.7, 0.15, random)</c>.</summary>
    /// <remarks>Splits off the test data first, then divides the remainder. The third part gets 1 − train − validation.</remarks>
    /// <param name="train">The fraction that goes to the first part, in (0, 1).</param>
    /// <param name="validation">The fraction that goes to the second part, in (0, 1 − train).</param>
    /// <param name="random">The random number generator: the same seed gives the same split.</param>
    /// <param name="stratified">Whether each class is split by these fractions. Default false.</param>
    /// <exception cref="ArgumentOutOfRangeException">A fraction lies outside its range.</exception>
    /// <exception cref="InvalidOperationException">There are too few rows for three parts; or <paramref name="stratified"/> and the targets are not classes.</exception>
    public (Dataset Train, Dataset Validation, Dataset Test) Split(double train, double validation, Random random, bool stratified = false)
    {
        Guard.InOpen(train, 0, 1, nameof(train), "It is the size of the first part, such as 0.7.");
        Guard.InOpen(validation, 0, Math.Round(1 - train, 12), nameof(validation), "It is the size of the second part; the rest goes to the third.");
        (Dataset rest, Dataset test) = Split(train + validation, random, stratified);
        (Dataset first, Dataset second) = rest.Split(train / (train + validation), random, stratified);
        return (first, second, test);
    }

    /// <summary>
    /// Divides the data into k parts at random, each of which is held out once while the others are used for training:
    /// <c>foreach (var (train, validation) in data.Folds(5, random))</c>.
    /// </summary>
    /// <remarks>Every row is held out exactly once. A fold is copied when it is taken from the list, so only one at a time is in memory.</remarks>
    /// <param name="count">k, 2 to the number of rows.</param>
    /// <param name="random">The random number generator: the same seed gives the same folds.</param>
    /// <param name="stratified">Whether each part gets the same fraction of each class, to within a row. Default false.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is less than 2 or greater than the number of rows.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="stratified"/>, and the targets are not classes.</exception>
    public IReadOnlyList<(Dataset Train, Dataset Validation)> Folds(int count, Random random, bool stratified = false)
    {
        ArgumentNullException.ThrowIfNull(random);
        Guard.AtLeast(count, 2, nameof(count), "one part is held out, the others are trained on");
        if (count > Inputs.Rows) throw new ArgumentOutOfRangeException(nameof(count), count, $"count must be at most the number of rows, {Inputs.Rows}, received {count}.");

        // Rows are dealt like cards, class by class without starting over: the parts are as equal as possible, overall and in each class.
        int[] groupOfRow = Groups(stratified), foldOfRow = new int[Inputs.Rows];
        foreach ((int place, int row) in Permutation(random).OrderBy(row => groupOfRow[row]).Index()) foldOfRow[row] = place % count;
        return new FoldList(this, foldOfRow, count);
    }

    // How many of each group go into the first part: together the rounded fraction of all, in each group to within a row.
    private static int[] Quotas(int[] groupOfRow, double fraction)
    {
        int[] sizes = new int[groupOfRow.Max() + 1], quota = new int[sizes.Length];
        foreach (int group in groupOfRow) sizes[group]++;
        int taken = 0, seen = 0;
        for (int group = 0; group < sizes.Length; group++)
        {
            seen += sizes[group];
            int due = (int)Math.Round(fraction * seen) - taken;
            quota[group] = sizes[group] < 2 ? Math.Clamp(due, 0, sizes[group]) : Math.Clamp(due, 1, sizes[group] - 1);
            taken += quota[group];
        }

        // A part can only be empty if all groups have a single row.
        int total = quota.Sum();
        if (total == 0) quota[Array.FindIndex(sizes, size => size > 0)] = 1;
        if (total == seen) quota[^1]--;
        return quota;
    }

    private int[] Groups(bool stratified) => stratified ? Labels.ToArray() : new int[Inputs.Rows];

    private int[] Permutation(Random random)
    {
        int[] rows = [.. Enumerable.Range(0, Inputs.Rows)];
        random.Shuffle(rows);
        return rows;
    }

    private int[] FindLabels()
    {
        int[] labels = new int[Targets.Rows];
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> target = Targets.Row(row);
            if (!Decision.IsClass(target))
            {
                throw new InvalidOperationException(
                    $"The targets are not classes: row {row} is neither one 1 among zeros nor a single 0 or 1. Make classes with OneHot.Encode or Dataset.FromClasses.");
            }

            labels[row] = target.Length > 1 ? Decision.Largest(target) : (int)target[0];
        }

        return labels;
    }
}

/// <summary>The folds of a data set. Each is copied when it is asked for, so that only one at a time is in memory.</summary>
internal sealed class FoldList(Dataset data, int[] foldOfRow, int count) : IReadOnlyList<(Dataset Train, Dataset Validation)>
{
    public int Count => count;

    public (Dataset Train, Dataset Validation) this[int index]
    {
        get
        {
            if ((uint)index >= (uint)count) throw new ArgumentOutOfRangeException(nameof(index), index, $"The fold must lie in 0 to {count - 1}, received {index}.");
            ILookup<bool, int> rows = Enumerable.Range(0, foldOfRow.Length).ToLookup(row => foldOfRow[row] == index);
            return (data.Select([.. rows[false]]), data.Select([.. rows[true]]));
        }
    }

    public IEnumerator<(Dataset Train, Dataset Validation)> GetEnumerator() => Enumerable.Range(0, count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
