using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

/// <summary>The operations of a register at every width, each against the plain one on single floats.</summary>
public sealed unsafe class LanesTests
{
    private static readonly float[] Values =
    [
        0f, -0f, 1f, -1f, 0.5f, 1.5f, 2.5f, -2.5f, 3e38f, -3e38f, 1e-45f, -1e-45f, 1.17549435e-38f, 1e-40f,
        float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 16777216f,
    ];

    [Fact]
    public void Operations_agree_with_single_floats_at_128_bits() => Operations<Lanes128>();

    [Fact]
    public void Operations_agree_with_single_floats_at_256_bits() => Operations<Lanes256>();

    [Fact]
    public void Operations_agree_with_single_floats_at_512_bits() => Operations<Lanes512>();

    [Fact]
    public void Partial_loads_and_stores_touch_nothing_beyond_at_128_bits() => Partial<Lanes128>();

    [Fact]
    public void Partial_loads_and_stores_touch_nothing_beyond_at_256_bits() => Partial<Lanes256>();

    [Fact]
    public void Partial_loads_and_stores_touch_nothing_beyond_at_512_bits() => Partial<Lanes512>();

    [Fact]
    public void Partial_loads_and_stores_without_masks_touch_nothing_beyond()
    {
        float[] source = Guarded.Random(5, 1);
        for (int count = 1; count <= 4; count++)
        {
            var target = new Guarded(count);
            fixed (float* from = source, to = target.Span) LanesSupport.Copy(from, to, count);
            target.Span.ToArray().Should().Equal(source[..count]);
            target.ShouldBeUntouchedOutside();
        }
    }

    [Fact]
    public void Powers_of_two_are_split_off_and_put_back_at_128_bits() => Powers<Lanes128>();

    [Fact]
    public void Powers_of_two_are_split_off_and_put_back_at_256_bits() => Powers<Lanes256>();

    [Fact]
    public void Powers_of_two_are_split_off_and_put_back_at_512_bits() => Powers<Lanes512>();

    [Fact]
    public void An_estimated_reciprocal_is_good_to_14_bits_with_the_same_bits_at_every_width()
    {
        for (uint bits = 0x3F000000; bits < 0x5F000000; bits += 100_003)
        {
            float value = BitConverter.UInt32BitsToSingle(bits);
            float estimate = Read(Lanes128.ReciprocalEstimate(value))[0];
            (estimate * (double)value).Should().BeApproximately(1, 1.0 / (1 << 14));
            Each(Lanes128.ReciprocalEstimate(-value), -estimate);
            Each(Lanes256.ReciprocalEstimate(value), estimate);
            Each(Lanes512.ReciprocalEstimate(value), estimate);
        }
    }

    [Fact]
    public void Sums_in_double_hold_every_lane()
    {
        SumOfLanes<Lanes128>();
        SumOfLanes<Lanes256>();
        SumOfLanes<Lanes512>();
    }

    private static void Operations<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes>
    {
        foreach (float a in Values)
        {
            Each(-(TLanes)a, -a);
            Each(TLanes.Abs(a), MathF.Abs(a));
            Each(TLanes.Sqrt(a), MathF.Sqrt(a));
            Each(TLanes.Round(a), MathF.Round(a));
            Mask<TLanes>(TLanes.IsNaN(a), float.IsNaN(a));
            foreach (float b in Values)
            {
                Each((TLanes)a + b, a + b);
                Each((TLanes)a - b, a - b);
                Each((TLanes)a * b, a * b);
                Each((TLanes)a / b, a / b);
                Each(TLanes.CopySign(a, b), MathF.CopySign(a, b));
                Mask<TLanes>((TLanes)a < b, a < b);
                Mask<TLanes>((TLanes)a > b, a > b);
                Mask<TLanes>((TLanes)a <= b, a <= b);
                Mask<TLanes>((TLanes)a >= b, a >= b);
                Mask<TLanes>(TLanes.AreEqual(a, b), a == b);

                // A NaN value wins, as in MathF; only the sign of a zero is left open.
                if (!float.IsNaN(b))
                {
                    Each(TLanes.AtLeast(a, b) + TLanes.Zero, MathF.Max(a, b) + 0f);
                    Each(TLanes.AtMost(a, b) + TLanes.Zero, MathF.Min(a, b) + 0f);
                }
            }
        }

        // 3·5 + 1 is exact; fused or not must not matter there.
        Each(TLanes.MultiplyAdd(3, 5, 1), 16);
    }

    private static void Partial<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes>
    {
        for (int count = 0; count <= TLanes.Count + 3; count++)
        {
            int held = Math.Min(count, TLanes.Count);
            float[] values = Guarded.Random(held, count);
            var source = new Guarded(values);
            var destination = new Guarded(held);
            var sums = new double[TLanes.Count + 1];
            var kept = new float[TLanes.Count];
            fixed (float* pSource = source.Span, pDestination = destination.Span, pKept = kept)
            fixed (double* pSums = sums)
            {
                // An empty span has no place to point at.
                float nothing = 0;
                TLanes loaded = TLanes.Load(pSource == null ? &nothing : pSource, count);
                loaded.Store(pDestination == null ? &nothing : pDestination, count);
                loaded.AddTo(pSums, count);
                TLanes.KeepFirst(TLanes.One, count).Store(pKept, TLanes.Count);
                loaded.Store(pKept, 0);
                float[] all = Read(loaded);
                all.Skip(held).Should().Equal(new float[TLanes.Count - held], "lanes beyond are zero");
            }

            destination.Span.ToArray().Should().Equal(values);
            destination.ShouldBeUntouchedOutside();
            sums.Should().Equal(values.Select(x => (double)x).Concat(new double[sums.Length - held]));
            kept.Should().Equal(Enumerable.Range(0, TLanes.Count).Select(i => i < held ? 1f : 0f));
        }
    }

    private static void Powers<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes>
    {
        foreach (float value in (float[])[1f, -1.5f, 0.75f, 1.9999999f, 0f])
        {
            for (int n = -252; n <= 252; n++)
            {
                Each(TLanes.ScaleByPowerOfTwo(value, n), (float)Math.ScaleB(value, n));
            }
        }

        for (uint bits = 1; bits < 0x7F800000; bits += 10_007)
        {
            float value = BitConverter.UInt32BitsToSingle(bits);
            float exponent = Read(TLanes.SplitExponent(value, out TLanes mantissa))[0];
            float m = Read(mantissa)[0];
            m.Should().BeInRange(0.75f, 1.4999999f);
            Math.ScaleB(m, (int)exponent).Should().Be(value);
        }
    }

    private static void SumOfLanes<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float[] values = Guarded.Random(TLanes.Count, 9);
        LaneSum<TLanes> sum = default;
        fixed (float* p = values)
        {
            sum.Add(TLanes.Load(p, TLanes.Count));
            sum.Add(TLanes.Load(p, TLanes.Count));
            TLanes.Load(p, TLanes.Count).HorizontalMax().Should().Be(values.Max());
        }

        sum.Total.Should().BeApproximately(2 * values.Sum(x => (double)x), 1e-14);
    }

    private static void Each<TLanes>(TLanes actual, float expected)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        foreach (float lane in Read(actual))
        {
            // Every NaN is as good as another.
            bool same = float.IsNaN(expected)
                ? float.IsNaN(lane)
                : BitConverter.SingleToUInt32Bits(lane) == BitConverter.SingleToUInt32Bits(expected);
            same.Should().BeTrue("{0:R} was expected, {1:R} received", expected, lane);
        }
    }

    private static void Mask<TLanes>(TLanes mask, bool expected)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        Guarded.Bits(Read(mask)).Should().OnlyContain(bits => bits == (expected ? uint.MaxValue : 0));
        Each(TLanes.Select(mask, 3, 4), expected ? 3 : 4);
    }

    private static float[] Read<TLanes>(TLanes value)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var lanes = new float[TLanes.Count];
        fixed (float* p = lanes)
        {
            value.Store(p, TLanes.Count);
        }

        return lanes;
    }
}
