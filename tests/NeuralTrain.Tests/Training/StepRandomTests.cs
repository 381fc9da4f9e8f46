namespace NeuralTrain.Tests.Training;

/// <summary>What augmentations draw from: a generator as any other, that begins anew for each batch.</summary>
public sealed class StepRandomTests
{
    [Fact]
    public void It_draws_every_value_of_a_range_alike_and_none_outside()
    {
        StepRandom random = Begun();
        int[] counts = new int[3], between = new int[3];
        for (int i = 0; i < 3000; i++)
        {
            counts[random.Next(3)]++;
            between[random.Next(-4, -1) + 4]++;
            random.Next().Should().BeInRange(0, int.MaxValue - 1);
            random.NextInt64(1L << 60).Should().BeInRange(0, (1L << 60) - 1);
            random.NextInt64().Should().BeInRange(0, long.MaxValue - 1);
            random.NextSingle().Should().BeInRange(0, 0.99999994f);
            random.NextDouble().Should().BeInRange(0, 1 - 1e-16);
        }

        counts.Should().AllSatisfy(count => count.Should().BeInRange(900, 1100));
        between.Should().AllSatisfy(count => count.Should().BeInRange(900, 1100));
        (random.Next(1), random.Next(0), random.Next(7, 8)).Should().Be((0, 0, 7));
        random.Invoking(own => own.Next(2, 1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void The_mean_and_the_bytes_are_those_of_even_numbers()
    {
        StepRandom random = Begun();
        Enumerable.Range(0, 10_000).Average(_ => random.NextDouble()).Should().BeApproximately(0.5, 0.01);
        Enumerable.Range(0, 10_000).Average(_ => (double)random.NextSingle()).Should().BeApproximately(0.5, 0.01);
        byte[] bytes = new byte[10_000];
        random.NextBytes(bytes);
        bytes.Average(value => value).Should().BeApproximately(127.5, 3);
        bytes.Distinct().Should().HaveCount(256);
        random.Invoking(own => own.NextBytes(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void The_same_seed_epoch_and_batch_give_the_same_numbers_and_any_other_gives_others()
    {
        double[] Draw(ulong seed, int epoch, int batch)
        {
            var random = new StepRandom();
            random.Begin(seed, epoch, batch);
            return [random.NextDouble(), random.NextDouble(), random.NextDouble()];
        }

        Draw(1, 2, 3).Should().Equal(Draw(1, 2, 3)).And.OnlyHaveUniqueItems();
        (ulong, int, int)[] all = [.. from seed in (ulong[])[0, 1, ulong.MaxValue] from epoch in Enumerable.Range(0, 20) from batch in Enumerable.Range(0, 20) select (seed, epoch, batch)];
        all.SelectMany(place => Draw(place.Item1, place.Item2, place.Item3)).Should().OnlyHaveUniqueItems();
    }

    private static StepRandom Begun()
    {
        var random = new StepRandom();
        random.Begin(seed: 5, epoch: 1, batch: 2);
        return random;
    }
}
