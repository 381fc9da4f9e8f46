using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NeuralTrain;

/// <summary>Writes a file next to the one it replaces and renames it at the end: at any moment there is the complete old one or the complete new one.</summary>
/// <remarks>
/// The part next to it has a name that cannot be guessed, <c>name.machine-process-random.part</c>, and is created exclusively: no link is followed, and two writers never
/// open each other's part; the last one to finish wins. The new file has the Unix permissions of the one it replaces.
/// </remarks>
internal static partial class ReplacedFile
{
    private const string Suffix = ".part";
    private static readonly TimeSpan OldAge = TimeSpan.FromHours(1);

    // A folder can be shared by machines, and then a process number means nothing on another one.
    private static readonly string Machine = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Environment.MachineName)))[..8];

    /// <summary>Writes and renames. If anything fails, an existing file stays unchanged, and nothing is left next to it. Parts left by killed writers are removed.</summary>
    /// <param name="path">The file; if it is a link, what it points to.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="flush">Brings a file or a folder to the disk; null: as the operating system does.</param>
    /// <exception cref="IOException">The folder does not exist, or the disk is full, or the file is in use.</exception>
    /// <exception cref="UnauthorizedAccessException">Writing to the folder is not permitted.</exception>
    public static void Write(string path, Action<Stream> write, Action<SafeFileHandle>? flush = null)
    {
        flush ??= RandomAccess.FlushToDisk;
        string target = Target(path), folder = Path.GetDirectoryName(target)!;
        RemoveParts(folder, Path.GetFileName(target));
        string part = $"{target}.{Machine}-{Environment.ProcessId}-{Guid.NewGuid():N}{Suffix}";
        var stream = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        try
        {
            using (stream)
            {
                // Before there is anything to read in it.
                if (!OperatingSystem.IsWindows() && File.Exists(target)) File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(target));
                write(stream);

                // Without it a power failure after the renaming could leave a file without its content. The handle is given after what the stream held back.
                flush(stream.SafeFileHandle);
            }

            File.Move(part, target, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }

        // The name is in the folder, which is on the disk only when it is flushed too; where it cannot be opened the renaming comes there in its time.
        if (OperatingSystem.IsWindows()) return;
        using var handle = new SafeFileHandle(OpenFolder(folder, 0), ownsHandle: true);
        if (!handle.IsInvalid) flush(handle);
    }

    private static string Target(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var file = new FileInfo(path);
        string target = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        if (Directory.Exists(target)) throw new IOException($"'{path}' is a folder. Give the name of a file in it.");
        return Directory.Exists(Path.GetDirectoryName(target))
            ? target
            : throw new DirectoryNotFoundException($"The folder '{Path.GetDirectoryName(target)}' of '{path}' does not exist. Create it first, or correct the path.");
    }

    private static void RemoveParts(string folder, string name)
    {
        foreach (string part in Directory.EnumerateFiles(folder, $"*{Suffix}").Where(part => IsLeftBehind(Path.GetFileName(part), name, File.GetLastWriteTimeUtc(part))))
        {
            try
            {
                File.Delete(part);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // It stays until somebody may delete it.
            }
        }
    }

    // Nothing but what a writer of this very file named, hours ago or in a process of this machine that is gone.
    private static bool IsLeftBehind(string part, string name, DateTime written)
    {
        if (!part.StartsWith($"{name}.", StringComparison.Ordinal) || part[(name.Length + 1)..^Suffix.Length].Split('-') is not [{ Length: 8 } machine, var process, { Length: 32 } random]) return false;
        return (machine + random).All(char.IsAsciiHexDigitLower) && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            && (DateTime.UtcNow - written > OldAge || (machine == Machine && !IsAlive(id)));
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint OpenFolder(string path, int flags);
}
