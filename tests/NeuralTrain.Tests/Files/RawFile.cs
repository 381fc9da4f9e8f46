using System.Buffers.Binary;
using System.Text;

namespace NeuralTrain.Tests.Files;

/// <summary>Files in the safetensors format put together by hand, byte by byte, so that they may be wrong in any way.</summary>
internal static class RawFile
{
    /// <summary>A length, a header and data.</summary>
    public static byte[] Of(string header, params ReadOnlySpan<byte> data) => Of((ulong)Encoding.UTF8.GetByteCount(header), header, data);

    /// <summary>A header whose length is said to be another one.</summary>
    public static byte[] Of(ulong length, string header, params ReadOnlySpan<byte> data)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length);
        return [.. prefix, .. Encoding.UTF8.GetBytes(header), .. data];
    }

    /// <summary>Floats as a file has them.</summary>
    public static byte[] Floats(params ReadOnlySpan<float> values)
    {
        var bytes = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values[i]);
        }

        return bytes;
    }
}
