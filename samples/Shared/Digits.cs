namespace NeuralTrain.Samples;

/// <summary>Handwritten digits for a sample: MNIST where <c>--data</c> names its folder, otherwise digits drawn by code.</summary>
public static class Digits
{
    /// <summary>Loads or draws as many as are asked for, and says which they are. Unless they are standardised, 0 is paper and 1 is ink.</summary>
    public static (Dataset Train, Dataset Test) Load(SampleRun sample, int train, int test, bool standardize = true)
    {
        (Dataset first, Dataset second) = sample.Data is string folder
            ? (Read(folder, "train", train, sample.Seed), Read(folder, "t10k", test, sample.Seed))
            : (BuiltInDigits.Create(train, sample.Seed, sample), BuiltInDigits.Create(test, sample.Seed + 1_000_000, sample));
        SampleRun.Say($"Data: {(sample.Data is null ? "digits drawn by code (--data DIR takes MNIST's files)" : $"MNIST from {sample.Data}")}, " +
            $"{first.Count} to train on, {second.Count} to measure on.");
        if (!standardize) return (first, second);

        // One mean and one standard deviation for all pixels: separate ones would blow up the nearly empty pixels at the edge.
        double[] pixels = first.Inputs.Doubles();
        double mean = pixels.Average(), deviation = Math.Sqrt(pixels.Average(value => (value - mean) * (value - mean)));
        foreach (Dataset part in new[] { first, second })
        {
            foreach (ref float value in part.Inputs.Span) value = (float)((value - mean) / deviation);
        }

        return (first, second);
    }

    /// <summary>Some of the ten digits, with only these as classes.</summary>
    public static Dataset Only(Dataset digits, params int[] taken)
    {
        int[] labels = digits.Labels.ToArray();
        int[] rows = [.. Enumerable.Range(0, labels.Length).Where(row => taken.Contains(labels[row]))];
        Matrix targets = OneHot.Encode([.. rows.Select(row => taken.IndexOf(labels[row]))], taken.Length);
        return new Dataset(digits.Select(rows).Inputs, targets, classes: [.. taken.Select(digit => $"{digit}")]);
    }

    private static Dataset Read(string folder, string part, int count, int seed)
    {
        Dataset all = Dataset.FromIdx(Find(folder, $"{part}-images-idx3-ubyte"), Find(folder, $"{part}-labels-idx1-ubyte"));
        int[] rows = [.. Enumerable.Range(0, all.Inputs.Rows)];
        new Random(seed).Shuffle(rows);
        return all.Select(rows.AsSpan(0, Math.Min(count, rows.Length)));
    }

    private static string Find(string folder, string name) =>
        new[] { name, name + ".gz" }.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"--data needs MNIST's four files: there is no {name} or {name}.gz in {folder}. Leave it out for digits drawn by code.");
}
