using System.Globalization;

namespace NeuralTrain;

/// <summary>The order in which classes found in data are numbered: by value if all are numbers, otherwise by character. It does not depend on the order of the rows.</summary>
internal static class LabelOrder
{
    public static string[] Sort(IEnumerable<string> labels)
    {
        string[] sorted = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return sorted.All(label => double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            ? [.. sorted.OrderBy(label => double.Parse(label, NumberStyles.Float, CultureInfo.InvariantCulture))]
            : sorted;
    }
}
