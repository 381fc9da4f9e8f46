using System.Globalization;

namespace NeuralTrain.Samples;

/// <summary>Tables drawn by code and written as CSV, so that the sample runs anywhere.</summary>
public static class DrawnTables
{
    /// <summary>Three sorts of plants: measures on very different scales, a soil as a text, and the sort.</summary>
    /// <param name="sample">The run: its folder and its seed.</param>
    public static string WritePlants(SampleRun sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        Random random = new Random(sample.Seed);
        (string Name, double Leaf, double Height, double Weight, double Sand)[] sorts =
            [("alder", 4, 1200, 0.020, 0.3), ("birch", 5, 1500, 0.012, 0.7), ("cherry", 6, 1100, 0.016, 0.5)];
        IEnumerable<string> rows = Enumerable.Range(0, 900).Select(i => sorts[i % sorts.Length]).Select(sort => Line(
            sort.Leaf + (0.7 * Normal(random)), sort.Height + (150 * Normal(random)), sort.Weight + (0.003 * Normal(random)),
            random.NextDouble() < sort.Sand ? "sand" : "clay", sort.Name));
        return Write(sample, "drawn-plants.csv", "leaf_cm,height_cm,seed_g,soil,sort", rows);
    }

    /// <summary>The strength of a mixture after some days: with a best proportion of water, and rising with the logarithm of its age.</summary>
    /// <param name="sample">The run: its folder and its seed.</param>
    public static string WriteMixtures(SampleRun sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        Random random = new Random(sample.Seed);
        IEnumerable<string> rows = Enumerable.Range(0, 800).Select(_ =>
        {
            double cement = 150 + (350 * random.NextDouble()), water = 120 + (120 * random.NextDouble()), days = Math.Round(Math.Exp(5 * random.NextDouble()));
            double share = (water / cement) - 0.45;
            double strength = (8 + (0.05 * cement)) * Math.Exp(-6 * share * share) * Math.Log(1 + days) / 3;
            return Line(cement, water, days, strength + Normal(random));
        });
        return Write(sample, "drawn-mixtures.csv", "cement_kg,water_kg,age_days,strength_mpa", rows);
    }

    private static string Write(SampleRun sample, string name, string header, IEnumerable<string> rows)
    {
        string path = sample.PathOf(name);
        File.WriteAllLines(path, rows.Prepend(header));
        return path;
    }

    private static string Line(params object[] fields) => string.Join(',', fields.Select(field =>
        field is double number ? number.ToString("0.####", CultureInfo.InvariantCulture) : field.ToString()));

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
