namespace NeuralTrain.Samples;

/// <summary>Handwritten digits to train on: MNIST where its files are given, digits drawn by code otherwise. It says which.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="Validation">To choose by: another part of the training data.</param>
/// <param name="Test">To measure with, once, at the end.</param>
public sealed record Digits(Dataset Train, Dataset Validation, Dataset Test)
{
    private const int SeedOfTest = 10_000;
    private const double TrainFraction = 11.0 / 12;

    /// <summary>Loads or draws them; a twelfth of the training data is set apart to choose by, as many of each digit.</summary>
    /// <param name="sample">The run, which may know where MNIST is.</param>
    /// <param name="rows">How many training images, or as many as there are if MNIST has fewer.</param>
    /// <param name="testRows">How many test images.</param>
    public static Digits Load(SampleRun sample, int rows, int testRows)
    {
        ArgumentNullException.ThrowIfNull(sample);
        (Dataset train, Dataset test) = sample.Data is string folder
            ? (Read(folder, "train"), Read(folder, "t10k"))
            : (BuiltInDigits.Create(rows, sample.Seed), BuiltInDigits.Create(testRows, sample.Seed + SeedOfTest));
        (train, test) = (Part(train, rows, sample), Part(test, testRows, sample));
        SampleRun.Say($"Data: {(sample.Data is string from ? $"MNIST from {from}" : "digits drawn by code (--data DIR takes MNIST's files)")}.");
        SampleRun.Say($"Training part: {train}; test part: {test.Inputs.Rows}.");
        (train, Dataset validation) = train.Split(TrainFraction, sample.NewRandom(), stratified: true);
        return new Digits(train, validation, test);
    }

    /// <summary>Loads or draws them, and standardises all pixels by one mean and one deviation, for networks that begin without a layer for it.</summary>
    /// <param name="sample">The run, which may know where MNIST is.</param>
    /// <param name="rows">How many training images at most.</param>
    /// <param name="testRows">How many test images at most.</param>
    public static (Dataset Train, Dataset Test) LoadStandardized(SampleRun sample, int rows, int testRows)
    {
        (Dataset train, Dataset validation, Dataset test) = Load(sample, rows, testRows);
        double mean = train.Inputs.Span.ToArray().Average(value => (double)value);
        double deviation = Math.Sqrt(train.Inputs.Span.ToArray().Average(value => (value - mean) * (value - mean)));
        foreach (Dataset part in new[] { train, validation, test })
        {
            foreach (ref float value in part.Inputs.Span)
            {
                value = (float)((value - mean) / deviation);
            }
        }

        return (train, test);
    }

    // The files' own names, plain or packed; some programs unpack them with a point in the name.
    private static Dataset Read(string folder, string part) =>
        Dataset.FromIdx(Find(folder, $"{part}-images", "idx3-ubyte"), Find(folder, $"{part}-labels", "idx1-ubyte"));

    private static string Find(string folder, string name, string ending)
    {
        string[] candidates = [.. from point in new[] { "-", "." } from packed in new[] { "", ".gz" } select Path.Combine(folder, name + point + ending + packed)];
        return candidates.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException(
            $"MNIST's file {name}-{ending} (plain or .gz) is not in {folder}. Give --data the folder with its four files.", candidates[0]);
    }

    private static Dataset Part(Dataset data, int rows, SampleRun sample) =>
        rows >= data.Inputs.Rows ? data : data.Split((double)rows / data.Inputs.Rows, sample.NewRandom(), stratified: true).Train;
}
