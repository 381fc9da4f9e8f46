namespace NeuralTrain;

/// <summary>Writes a file next to the one it replaces and renames it at the end: at any moment there is the complete old one or the complete new one.</summary>
internal static class ReplacedFile
{
    /// <summary>Writes and renames. Whatever fails, an existing file stays as it was, and nothing is left next to it.</summary>
    /// <param name="path">The file; if it is a link, what it points to.</param>
    /// <param name="isOwned">
    /// Whether only one writer writes this file, such as a checkpoint: then the temporary name is always the same, so that killed processes leave at most one file, and a
    /// second writer is refused while the first one writes. Otherwise each writer uses a different name, and the last one to finish wins.
    /// </param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The folder does not exist, or the disk is full, or the file is in use.</exception>
    /// <exception cref="UnauthorizedAccessException">Writing to the folder or the file is not allowed.</exception>
    public static void Write(string path, bool isOwned, Action<Stream> write)
    {
        string target = Target(path);
        string beside = isOwned ? $"{target}.tmp" : $"{target}.{Guid.NewGuid():N}.tmp";
        FileStream stream = new(beside, isOwned ? FileMode.Create : FileMode.CreateNew, FileAccess.Write, FileShare.None);
        try
        {
            using (stream)
            {
                write(stream);

                // Without this, a power failure after the renaming could leave a file without its content.
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, target, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    private static string Target(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var file = new FileInfo(path);
        string target = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        if (Directory.Exists(target))
        {
            throw new IOException($"'{path}' is a folder. Give the name of a file in it.");
        }

        return Directory.Exists(Path.GetDirectoryName(target))
            ? target
            : throw new DirectoryNotFoundException($"The folder '{Path.GetDirectoryName(target)}' of '{path}' does not exist. Create it first, or correct the path.");
    }
}
