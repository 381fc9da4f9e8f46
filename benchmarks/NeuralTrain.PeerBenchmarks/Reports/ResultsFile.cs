namespace NeuralTrain.PeerBenchmarks;

/// <summary>The results page: figures by the program, and below them notes by hand, which a new run leaves as they are.</summary>
internal static class ResultsFile
{
    private const string NotesHeading = "## Notes";

    /// <summary>Writes the page, with the notes of the one that is there already.</summary>
    public static void Write(string path, string figures)
    {
        string notes = "";
        if (File.Exists(path))
        {
            string old = File.ReadAllText(path);
            int start = old.IndexOf("\n" + NotesHeading, StringComparison.Ordinal);
            notes = start < 0 ? "" : old[start..];
        }

        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string beside = full + ".new";
        File.WriteAllText(beside, figures + notes);
        File.Move(beside, full, overwrite: true);
    }
}
