namespace NeuralTrain.Tests.Layers;

public sealed class MaskSourceTests
{
    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_another_seed_others()
    {
        float[] first = Draw(new MaskSource(new Random(1)), 1000);
        float[] again = Draw(new MaskSource(new Random(1)), 1000);
        float[] other = Draw(new MaskSource(new Random(2)), 1000);

        again.Should().Equal(first);
        Same(first, other).Should().BeLessThan(5);
    }

    [Fact]
    public void Each_draw_gives_new_numbers()
    {
        var source = new MaskSource(new Random(1));

        Same(Draw(source, 1000), Draw(source, 1000)).Should().BeLessThan(5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(1001)]
    public void A_source_with_the_same_seed_and_position_goes_on_with_the_same_numbers(int used)
    {
        var source = new MaskSource(new Random(1));
        _ = Draw(source, used);
        var restored = new MaskSource(new Random(99)) { Seed = source.Seed, Position = source.Position };

        Draw(restored, 100).Should().Equal(Draw(source, 100));
    }

    [Fact]
    public void The_numbers_are_spread_evenly_over_zero_to_one()
    {
        const int Count = 100_000;
        const int Bins = 100;
        float[] values = Draw(new MaskSource(new Random(1)), Count);

        values.Should().OnlyContain(value => value >= 0 && value < 1);
        var counts = new int[Bins];
        foreach (float value in values)
        {
            counts[(int)(value * Bins)]++;
        }

        // χ² with 99 degrees of freedom lies below 148.2 with probability 0.999.
        double expected = (double)Count / Bins;
        counts.Sum(count => (count - expected) * (count - expected) / expected).Should().BeLessThan(148.2);
    }

    private static float[] Draw(MaskSource source, int count)
    {
        var values = new float[count];
        source.Uniform(values);
        return values;
    }

    private static int Same(float[] left, float[] right) => left.Zip(right).Count(pair => pair.First == pair.Second);
}
