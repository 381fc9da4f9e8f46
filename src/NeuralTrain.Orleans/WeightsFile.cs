using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NeuralTrain;

/// <summary>The values of a network in a checkpoint store: their number, all of them in the order of <c>NamedParameters</c> as little-endian float32, and the SHA-256 of both.</summary>
internal static class WeightsFile
{
    /// <summary>The number of values of a network, statistics included.</summary>
    public static int CountOf(Layer network) => network.NamedParameters().Sum(named => named.Parameter.Value.Span.Length);

    /// <summary>The values of a network.</summary>
    public static float[] Of(Layer network)
    {
        float[] values = new float[CountOf(network)];
        int start = 0;
        foreach ((_, Parameter parameter) in network.NamedParameters())
        {
            parameter.Value.Span.CopyTo(values.AsSpan(start));
            start += parameter.Value.Span.Length;
        }

        return values;
    }

    /// <summary>Puts values into a network.</summary>
    public static void Fill(Layer network, ReadOnlySpan<float> values)
    {
        foreach ((_, Parameter parameter) in network.NamedParameters())
        {
            int length = parameter.Value.Span.Length;
            parameter.SetValues(values[..length]);
            values = values[length..];
        }
    }

    /// <summary>Writes values in place of those of this name.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public static void Write(ICheckpointStore store, string name, float[] values) => store.Write(name, stream =>
    {
        byte[] bytes = new byte[sizeof(int) + (sizeof(float) * values.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, values.Length);
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(Place(i)), values[i]);
        stream.Write(bytes);
        stream.Write(SHA256.HashData(bytes));
    });

    /// <summary>Reads values.</summary>
    /// <exception cref="InvalidDataException">There are none of this name, another number, or they are damaged.</exception>
    public static void Read(ICheckpointStore store, string name, float[] values)
    {
        using Stream stream = store.Open(name)
            ?? throw new InvalidDataException($"'{name}' is not in the checkpoint store, where another worker has written it. Give all workers the same store, and restore the file if it was removed.");
        byte[] bytes = new byte[sizeof(int) + (sizeof(float) * values.Length)], sum = new byte[SHA256.HashSizeInBytes];
        try
        {
            stream.ReadExactly(bytes.AsSpan(0, sizeof(int)));
            int count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            if (count != values.Length) throw new InvalidDataException($"'{name}' has {count} values, but the network of this worker has {values.Length}: it was made by other code. Run the same code on all workers.");
            stream.ReadExactly(bytes.AsSpan(sizeof(int)));
            stream.ReadExactly(sum);
        }
        catch (EndOfStreamException problem)
        {
            throw new InvalidDataException($"'{name}' ends too early. Restore the file.", problem);
        }

        if (!sum.AsSpan().SequenceEqual(SHA256.HashData(bytes))) throw new InvalidDataException($"'{name}' is damaged: its checksum is wrong. Restore the file.");
        for (int i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(Place(i)));
    }

    private static int Place(int value) => sizeof(int) + (sizeof(float) * value);
}
