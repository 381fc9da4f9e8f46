using System.Text.Json;

namespace NeuralTrain;

/// <summary>The errors of files: the file, the byte, and what was found.</summary>
internal static class FileProblem
{
    /// <summary>Creates the error.</summary>
    public static InvalidDataException At(string file, long place, string what, Exception? inner = null) => new($"{file}, byte {place}: {what}", inner);
}

/// <summary>The memory a file can make its reader allocate: 16 times its size and 1 MB, unless the caller allows more.</summary>
/// <remarks>Past allocations are measured, so none is missed; large allocations are requested first.</remarks>
internal sealed class MemoryBudget(string file, long size, long? limit)
{
    // The maximum size in memory of a number or text and of an object of JSON while they are read.
    private const int ValueBytes = 80, ObjectBytes = 400;

    private readonly double _limit = limit ?? ((16.0 * size) + (1 << 20));
    private readonly long _start = GC.GetAllocatedBytesForCurrentThread();

    /// <summary>Requests memory; without bytes it only checks what was allocated so far.</summary>
    /// <exception cref="InvalidDataException">It would be more than the limit.</exception>
    public void Take(double bytes = 0)
    {
        double needed = GC.GetAllocatedBytesForCurrentThread() - _start + bytes;
        if (needed <= _limit) return;
        throw new InvalidDataException(
            $"{file} of {size} bytes asks for {needed:0} bytes of memory, more than the {_limit:0} that are allowed. It is damaged or malicious; if you trust it, open it as a Stream and pass a larger maxMemory.");
    }

    /// <summary>Requests the memory that reading a JSON text takes.</summary>
    /// <exception cref="JsonException">It is not well-formed, or nests deeper than allowed.</exception>
    public void TakeJson(ReadOnlySpan<byte> json, int maxDepth)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        double bytes = 2.0 * json.Length;
        while (reader.Read()) bytes += reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? ObjectBytes : ValueBytes;

        Take(bytes);
    }
}
