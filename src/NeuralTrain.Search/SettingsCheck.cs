namespace NeuralTrain;

/// <summary>Compares settings that must be the same wherever a study or a training continues.</summary>
internal static class SettingsCheck
{
    /// <summary>Throws if they differ.</summary>
    /// <param name="what">The study or the training.</param>
    /// <param name="expected">Its settings.</param>
    /// <param name="received">The settings of the process that wants to continue it.</param>
    /// <exception cref="ArgumentException">They differ; all differences are listed.</exception>
    public static void Require(string what, IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> received)
    {
        string[] differences = [.. expected.Keys.Union(received.Keys).Where(key => expected.GetValueOrDefault(key) != received.GetValueOrDefault(key)).Order(StringComparer.Ordinal)
            .Select(key => $"\n  {Guard.Shorten(key)}: expected {Shown(expected, key)}, received {Shown(received, key)}")];
        if (differences.Length > 0) throw new ArgumentException($"{what} was begun with other settings; nothing was changed.{string.Concat(differences)}\nGive it the settings that are expected, the same in every process, or begin another one under another name.");
    }

    private static string Shown(IReadOnlyDictionary<string, string> settings, string key) => settings.GetValueOrDefault(key) is { Length: > 0 } text ? Guard.Shorten(text, 300) : "none";
}
