namespace NeuralTrain;

/// <summary>How everything wrong in a file is reported: file, byte, what was found.</summary>
internal static class FileProblem
{
    /// <summary>The report.</summary>
    public static InvalidDataException At(string file, long place, string what, Exception? inner = null) => new($"{file}, byte {place}: {what}", inner);
}
