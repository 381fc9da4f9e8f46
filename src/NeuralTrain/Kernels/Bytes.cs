using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NeuralTrain.Kernels;

/// <summary>Floats as the bytes of a file, which are little-endian, and other numbers of files as floats; nothing is copied where nothing has to be.</summary>
internal static class Bytes
{
    /// <summary>The memory of the floats as bytes, in the order of this machine. Writing to one writes to the other.</summary>
    public static Span<byte> Of(Span<float> values) => MemoryMarshal.AsBytes(values);

    /// <summary>The memory of the floats as bytes, in the order of this machine.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<float> values) => MemoryMarshal.AsBytes(values);

    /// <summary>Turns floats whose bytes came from a file into floats of this machine, in place: nothing to do on a little-endian one.</summary>
    public static void FromFile(Span<float> values)
    {
        if (!BitConverter.IsLittleEndian) Reverse(values, values);
    }

    /// <summary>Turns the bytes of each float around. Source and destination may be the same memory.</summary>
    public static void Reverse(ReadOnlySpan<float> source, Span<float> destination)
    {
        KernelGuard.Length<float>(destination, source.Length);
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(source), MemoryMarshal.Cast<float, int>(destination));
    }

    /// <summary>Widens floats of 16 bits (5 of exponent, IEEE's half) from a file, which loses nothing.</summary>
    public static void WidenHalf(ReadOnlySpan<byte> source, Span<float> destination)
    {
        KernelGuard.Length(source, 2 * destination.Length);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(source[(2 * i)..]);
        }
    }

    /// <summary>Widens floats of 16 bits (8 of exponent, the upper half of a float32) from a file, which loses nothing.</summary>
    public static void WidenBrainFloat(ReadOnlySpan<byte> source, Span<float> destination)
    {
        KernelGuard.Length(source, 2 * destination.Length);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(source[(2 * i)..]) << 16);
        }
    }
}
