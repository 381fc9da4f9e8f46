namespace NeuralTrain;

/// <summary>Knows the words for yes and no.</summary>
internal static class YesNo
{
    private static readonly HashSet<string> Yes = new(["yes", "y", "true", "t", "1", "ja", "j", "oui", "o", "sí", "si", "s", "sì", "sim", "tak", "да"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> No = new(["no", "n", "false", "f", "0", "nein", "nee", "nej", "nei", "non", "não", "nie", "нет"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Which of two categories is the affirmative one; −1 if they are not yes and no.</summary>
    public static int PlaceOfYes(IReadOnlyList<string> categories) =>
        categories is not [string first, string second] ? -1 : No.Contains(first) && Yes.Contains(second) ? 1 : Yes.Contains(first) && No.Contains(second) ? 0 : -1;
}
