using System.Globalization;

namespace NeuralTrain;

/// <summary>The order in which classes found in data are numbered: by value if all are numbers, else by their characters. It does not depend on the order of the rows.</summary>
internal static class LabelOrder
{
    public static string[] Sort(IEnumerable<string> labels)
    {
        string[] sorted = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        double[] numbers = new double[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            if (!double.TryParse(sorted[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return sorted;
            }
        }

        return [.. sorted.Zip(numbers).OrderBy(pair => pair.Second).Select(pair => pair.First)];
    }
}
