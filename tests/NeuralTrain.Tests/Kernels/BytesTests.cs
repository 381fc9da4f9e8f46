using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

public sealed class BytesTests
{
    [Fact]
    public void Bytes_of_floats_are_their_memory()
    {
        float[] values = [1, -2];
        Bytes.Of(values.AsSpan())[3] = 0x40;
        values[0].Should().Be(BitConverter.Int32BitsToSingle(0x40800000));
        Bytes.Of((ReadOnlySpan<float>)values).ToArray().Should().Equal(0, 0, 0x80, 0x40, 0, 0, 0, 0xC0);
    }

    // What machines that write the high byte first do with every file.
    [Fact]
    public void Floats_are_turned_around_byte_by_byte_also_in_place()
    {
        float[] values = [BitConverter.Int32BitsToSingle(0x01020304), BitConverter.Int32BitsToSingle(0x7F000001)];
        var turned = new float[2];
        Bytes.Reverse(values, turned);
        Bytes.Of(turned.AsSpan()).ToArray().Should().Equal(1, 2, 3, 4, 0x7F, 0, 0, 1);
        Bytes.Reverse(turned, turned);
        turned.Select(BitConverter.SingleToInt32Bits).Should().Equal(0x01020304, 0x7F000001);
    }

    [Fact]
    public void Every_half_is_widened_to_the_same_number()
    {
        var bytes = new byte[2 * 65536];
        for (int i = 0; i < 65536; i++)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(2 * i), (ushort)i);
        }

        var half = new float[65536];
        var brain = new float[65536];
        Bytes.WidenHalf(bytes, half);
        Bytes.WidenBrainFloat(bytes, brain);
        for (int i = 0; i < 65536; i++)
        {
            // sign · 2^(exponent − 15) · 1.fraction, and the lower half of a float32 0
            int exponent = (i >> 10) & 31;
            double magnitude = exponent == 0 ? (i & 1023) * Math.Pow(2, -24) : Math.Pow(2, exponent - 15) * (1 + ((i & 1023) / 1024.0));
            if (exponent < 31)
            {
                ((double)half[i]).Should().Be(i < 32768 ? magnitude : -magnitude);
            }
            else
            {
                float.IsFinite(half[i]).Should().BeFalse();
            }

            BitConverter.SingleToUInt32Bits(brain[i]).Should().Be((uint)i << 16);
        }
    }

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        Action half = () => Bytes.WidenHalf(new byte[3], new float[2]);
        half.Should().Throw<ArgumentException>();
        Action brain = () => Bytes.WidenBrainFloat(new byte[5], new float[2]);
        brain.Should().Throw<ArgumentException>();
        Action reverse = () => Bytes.Reverse(new float[2], new float[3]);
        reverse.Should().Throw<ArgumentException>();
    }
}
