namespace NeuralTrain.Samples;

/// <summary>Handwritten digits for a sample: MNIST where <c>--data</c> names its folder, otherwise digits drawn by code.</summary>
public static class Digits
{
    /// <summary>Loads or draws them, and says which they are.</summary>
    /// <param name="sample">The run, whose options decide.</param>
    /// <param name="train">How many to train on at most.</param>
    /// <param name="test">How many to measure on at most.</param>
    /// <param name="standardize">Whether to standardise them over all pixels (the default); otherwise 0 is paper and 1 is ink.</param>
    public static (Dataset Train, Dataset Test) Load(SampleRun sample, int train, int test, bool standardize = true)
    {
        ArgumentNullException.ThrowIfNull(sample);
        (Dataset first, Dataset second) = sample.Data is string folder
            ? (Read(folder, "train", train, sample.Seed), Read(folder, "t10k", test, sample.Seed))
            : (Draw(sample, train, sample.Seed), Draw(sample, test, sample.Seed + 1_000_000));
        SampleRun.Say($"Data: {(sample.Data is null ? "digits drawn by code (--data DIR takes MNIST's files)" : $"MNIST from {sample.Data}")}, " +
            $"{first.Count} to train on, {second.Count} to measure on.");
        if (standardize)
        {
            Standardize(first, second);
        }

        return (first, second);
    }

    /// <summary>Some of the ten digits, with only these as classes.</summary>
    /// <param name="digits">All of them.</param>
    /// <param name="first">The first digit to take.</param>
    /// <param name="count">How many digits, from it on.</param>
    public static Dataset Only(Dataset digits, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(digits);
        int[] labels = digits.Labels.ToArray();
        int[] rows = [.. Enumerable.Range(0, labels.Length).Where(row => labels[row] >= first && labels[row] < first + count)];
        Matrix targets = OneHot.Encode([.. rows.Select(row => labels[row] - first)], count);
        return new Dataset(digits.Select(rows).Inputs, targets, classes: [.. Enumerable.Range(first, count).Select(digit => $"{digit}")]);
    }

    private static Dataset Draw(SampleRun sample, int count, int seed) => BuiltInDigits.Create(count, seed, sample.Steps("Drawing digits", count));

    private static Dataset Read(string folder, string part, int count, int seed)
    {
        Dataset all = Dataset.FromIdx(Find(folder, $"{part}-images-idx3-ubyte"), Find(folder, $"{part}-labels-idx1-ubyte"));
        int[] rows = [.. Enumerable.Range(0, all.Inputs.Rows)];
        new Random(seed).Shuffle(rows);
        return all.Select(rows.AsSpan(0, Math.Min(count, rows.Length)));
    }

    private static string Find(string folder, string name) =>
        new[] { name, name + ".gz" }.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"--data needs MNIST's four files: there is no {name} or {name}.gz in {folder}. " +
            "Leave it out for digits drawn by code.");

    // One mean and one standard deviation for all pixels: separate ones would blow up the nearly empty pixels at the edge.
    private static void Standardize(params Dataset[] parts)
    {
        float[] sample = [.. parts[0].Inputs.Span];
        double mean = sample.Average(value => (double)value);
        double deviation = Math.Sqrt(sample.Average(value => (value - mean) * (value - mean)));
        foreach (Dataset part in parts)
        {
            foreach (ref float value in part.Inputs.Span)
            {
                value = (float)((value - mean) / deviation);
            }
        }
    }
}
