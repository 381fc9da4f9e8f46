namespace NeuralTrain.Tests.Layers;

public sealed class RandomStreamTests
{
    [Fact]
    public void The_same_generator_gives_the_same_stream_and_another_one_another()
    {
        new RandomStream(new Random(1)).Seed.Should().Be(new RandomStream(new Random(1)).Seed);
        new RandomStream(new Random(1)).Seed.Should().NotBe(new RandomStream(new Random(2)).Seed);
    }

    [Fact]
    public void One_generator_gives_each_source_a_stream_of_its_own()
    {
        var random = new Random(1);

        new RandomStream(random).Seed.Should().NotBe(new RandomStream(random).Seed);
    }

    [Fact]
    public void Numbers_are_taken_one_after_another_and_none_twice()
    {
        var source = new RandomStream(new Random(1));

        source.Take(5).Should().Be(0);
        source.Take(7).Should().Be(5);
        source.Take(0).Should().Be(12);
        source.Take(int.MaxValue).Should().Be(12);
        source.Take(1).Should().Be(12UL + int.MaxValue);
    }
}
