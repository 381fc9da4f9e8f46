using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

/// <summary>The counter-based generator: published answers, the same bits however it is asked, and its distribution.</summary>
public sealed unsafe class CounterRandomTests
{
    private const ulong Seed = 0x0123456789ABCDEF;

    /// <summary>The vectors of Random123 (kat_vectors, philox4x32 with 7 rounds): counter, key, result.</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x5f6fb709u, 0x0d893f64u, 0x4f121f81u, 0x4f730a48u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x5207ddc2u, 0x45165e59u, 0x4d8ee751u, 0x8c52f662u)]
    [InlineData(
        0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0x4dfccabau, 0x190a87f0u, 0xc47362bau, 0xb6b5242au)]
    public void The_plain_form_gives_the_published_answers(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint r0, uint r1, uint r2, uint r3) =>
        Plain([c0, c1, c2, c3], k0, k1).Should().Equal(r0, r1, r2, r3);

    [Theory]
    [InlineData(0ul, 0ul)]
    [InlineData(Seed, 5ul)]
    [InlineData(ulong.MaxValue, (1ul << 29) - 2)]
    public void Every_width_gives_the_words_of_the_plain_form(ulong seed, ulong firstGroup)
    {
        // The last case lets the block number pass 2³².
        const int groups = 5;
        uint[] expected = [.. Enumerable.Range(0, groups * 32).Select(i => Word(seed, (firstGroup * 32) + (ulong)i))];
        Words<Counters128>(seed, firstGroup, groups).Should().Equal(expected);
        Words<Counters256>(seed, firstGroup, groups).Should().Equal(expected);
        Words<Counters512>(seed, firstGroup, groups).Should().Equal(expected);
    }

    [Fact]
    public void An_element_depends_on_seed_and_position_alone()
    {
        const int n = 1500;
        var uniform = new float[n];
        var normal = new float[n];
        CounterRandom.FillUniform(uniform, Seed, 0);
        CounterRandom.FillNormal(normal, Seed, 0, 0, 1);
        for (int i = 0; i < n; i++)
        {
            uniform[i].Should().Be((Word(Seed, (ulong)i) >> 8) / 16777216f);
        }

        foreach (int offset in (int[])[0, 1, 15, 16, 31, 32, 33, 500, 517])
        {
            for (int length = 0; length <= 257; length++)
            {
                var part = new Guarded(length);
                CounterRandom.FillUniform(part.Span, Seed, (ulong)offset);
                part.Span.SequenceEqual(uniform.AsSpan(offset, length)).Should().BeTrue();
                CounterRandom.FillNormal(part.Span, Seed, (ulong)offset, 0, 1);
                part.Span.SequenceEqual(normal.AsSpan(offset, length)).Should().BeTrue();
                part.ShouldBeUntouchedOutside();
            }
        }

        var long_ = new float[n];
        CounterRandom.FillUniform(long_.AsSpan(0, 777), Seed, 0);
        CounterRandom.FillUniform(long_.AsSpan(777), Seed, 777);
        long_.Should().Equal(uniform);
    }

    [Fact]
    public void Normals_are_those_of_Box_and_Muller_at_every_width()
    {
        const int n = 640;
        float[][] widths = [Normals<Lanes128, Counters128>(n), Normals<Lanes256, Counters256>(n), Normals<Lanes512, Counters512>(n)];
        for (int i = 0; i < n; i++)
        {
            // Elements 0-15 of a group of 32 are the cosines, 16-31 the sines.
            int first = (i / 32 * 32) + (i % 16);
            double u = (Word(Seed, (ulong)first) >> 8) / 16777216.0;
            double v = (Word(Seed, (ulong)(first + 16)) >> 8) / 16777216.0;
            double angle = 2 * Math.PI * v;
            double expected = Math.Sqrt(-2 * Math.Log(1 - u)) * (i % 32 < 16 ? Math.Cos(angle) : Math.Sin(angle));
            foreach (float[] width in widths)
            {
                ((double)width[i]).Should().BeApproximately(expected, 1e-6);
            }
        }
    }

    [Fact]
    public void A_mask_drops_with_the_probability_and_dropout_applies_it()
    {
        foreach (int length in (int[])[0, 1, 15, 16, 17, 100, 257])
        {
            float[] x = Guarded.Random(length, 31);
            var uniform = new float[length];
            var mask = new Guarded(length);
            var fused = new Guarded(length);
            var y = new Guarded(length);
            CounterRandom.FillUniform(uniform, Seed, 7);
            CounterRandom.FillDropoutMask(mask.Span, Seed, 7, 0.3f, 1.25f);
            CounterRandom.Dropout(new Guarded(x).Span, fused.Span, y.Span, Seed, 7, 0.3f, 1.25f);
            for (int i = 0; i < length; i++)
            {
                mask.Span[i].Should().Be(uniform[i] >= 0.3f ? 1.25f : 0);
                fused.Span[i].Should().Be(mask.Span[i]);
                y.Span[i].Should().Be(x[i] * mask.Span[i]);
            }

            mask.ShouldBeUntouchedOutside();
            fused.ShouldBeUntouchedOutside();
            y.ShouldBeUntouchedOutside();
        }

        var all = new float[100];
        CounterRandom.FillDropoutMask(all, Seed, 0, 0, 1);
        all.Should().OnlyContain(m => m == 1, "nothing is dropped with probability 0");
    }

    [Fact]
    public void The_share_dropped_is_the_probability()
    {
        // A binomial count of n = 10⁶: five deviations, exceeded by chance once in 1.7 million seeds.
        const int n = 1_000_000;
        var mask = new float[n];
        foreach (float p in (float[])[0.05f, 0.2f, 0.5f, 0.9f])
        {
            CounterRandom.FillDropoutMask(mask, Seed, 0, p, 1);
            double dropped = n - Reduce.Sum(mask, default(Itself));
            dropped.Should().BeApproximately(n * (double)p, 5 * Math.Sqrt(n * p * (1 - p)));
        }
    }

    [Fact]
    public void Uniform_values_fill_their_range_evenly_and_without_memory()
    {
        const int n = 1_000_000;
        var u = new float[n];
        CounterRandom.FillUniform(u, Seed, 0);
        u.Should().OnlyContain(x => x >= 0 && x < 1);

        // χ² over 256 bins: 255 degrees of freedom, 99.9999 % below 374.
        var bins = new int[256];
        double lag = 0;
        for (int i = 0; i < n; i++)
        {
            bins[(int)(u[i] * 256)]++;
            lag += i == 0 ? 0 : (u[i] - 0.5) * (u[i - 1] - 0.5);
        }

        bins.Sum(b => (b - (n / 256.0)) * (b - (n / 256.0)) / (n / 256.0)).Should().BeLessThan(374);

        // The product of neighbours has mean 0 and variance 1/144: five deviations of its mean.
        (lag / n).Should().BeApproximately(0, 5 / 12.0 / Math.Sqrt(n));
    }

    [Fact]
    public void Normal_values_have_the_moments_asked_for()
    {
        const int n = 1_000_000;
        var z = new float[n];
        CounterRandom.FillNormal(z, Seed, 3, 2, 0.5f);
        double[] d = Array.ConvertAll(z, x => (x - 2.0) / 0.5);

        // Five deviations of each estimate: its variances are 1, 2, 15 and 96 over n.
        d.Average().Should().BeApproximately(0, 5 / Math.Sqrt(n));
        d.Average(x => x * x).Should().BeApproximately(1, 5 * Math.Sqrt(2.0 / n));
        d.Average(x => x * x * x).Should().BeApproximately(0, 5 * Math.Sqrt(15.0 / n));
        d.Average(x => x * x * x * x).Should().BeApproximately(3, 5 * Math.Sqrt(96.0 / n));
    }

    [Fact]
    public void Other_seeds_give_unrelated_streams()
    {
        const int n = 100_000;
        var a = new float[n];
        var b = new float[n];
        CounterRandom.FillUniform(a, 1, 0);
        foreach (ulong seed in (ulong[])[0, 2, 1ul << 32, ulong.MaxValue])
        {
            CounterRandom.FillUniform(b, seed, 0);
            double correlation = 0;
            for (int i = 0; i < n; i++)
            {
                correlation += 12 * (a[i] - 0.5) * (b[i] - 0.5) / n;
            }

            correlation.Should().BeApproximately(0, 5 / Math.Sqrt(n));
        }
    }

    /// <summary>Word i of the stream: groups of 32 words of eight blocks, words 0 and 1 of each block in turn, then 2 and 3.</summary>
    private static uint Word(ulong seed, ulong i)
    {
        ulong place = i % 32;
        ulong block = (i / 32 * 8) + (place % 16 / 2);
        ulong word = (place / 16 * 2) + (place % 2);
        return Plain([(uint)block, (uint)(block >> 32), 0, 0], (uint)seed, (uint)(seed >> 32))[word];
    }

    /// <summary>Philox4x32 with 7 rounds as the paper writes it.</summary>
    private static uint[] Plain(uint[] counter, uint key0, uint key1)
    {
        uint[] c = [.. counter];
        for (int round = 0; round < 7; round++)
        {
            ulong p0 = 0xD2511F53ul * c[0];
            ulong p1 = 0xCD9E8D57ul * c[2];
            c = [(uint)(p1 >> 32) ^ c[1] ^ key0, (uint)p1, (uint)(p0 >> 32) ^ c[3] ^ key1, (uint)p0];
            key0 += 0x9E3779B9;
            key1 += 0xBB67AE85;
        }

        return c;
    }

    private static uint[] Words<TCounters>(ulong seed, ulong firstGroup, int groups)
        where TCounters : unmanaged, ICounters<TCounters>
    {
        var words = new uint[groups * 32];
        fixed (uint* p = words)
        {
            Philox.Fill<TCounters>(p, seed, firstGroup, groups);
        }

        return words;
    }

    private static float[] Normals<TLanes, TCounters>(int n)
        where TLanes : unmanaged, ILanes<TLanes>
        where TCounters : unmanaged, ICounters<TCounters>
    {
        var values = new float[n];
        fixed (float* p = values)
        {
            RandomLoop.RunRange<CounterRandom.NormalBody, TLanes, TCounters>(new CounterRandom.NormalBody(p, 1, 0), 0, n, Seed, 0);
        }

        return values;
    }
}
