using System.Globalization;

namespace NeuralTrain;

/// <summary>The order in which classes found in data are numbered: by value if all are numbers, otherwise by their characters. It does not depend on the order of the rows.</summary>
internal static class LabelOrder
{
    public static string[] Sort(IEnumerable<string> labels)
    {
        string[] sorted = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return sorted.All(label => TryParse(label, out _)) ? [.. sorted.OrderBy(label => TryParse(label, out double number) ? number : 0)] : sorted;

        static bool TryParse(string label, out double number) => double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }
}
