using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

public sealed class CounterRandomTests
{
    // Known answers of Philox4x32-10 published with the paper's reference implementation (Random123, kat_vectors), for a
    // counter and a key of zeros; the counter of ones has four words there and only two here, so it does not apply.
    [Fact]
    public void The_first_block_of_seed_zero_is_the_published_one()
    {
        var values = new float[4];
        CounterRandom.Uniform(values, seed: 0, firstBlock: 0);

        uint[] published = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8];
        values.Should().Equal(published.Select(word => (word >> 8) / 16777216f));
    }

    [Fact]
    public void Any_part_of_a_sequence_can_be_had_on_its_own()
    {
        var whole = new float[1003];
        CounterRandom.Uniform(whole, seed: 5, firstBlock: 0);
        for (int start = 0; start < whole.Length; start += 4)
        {
            foreach (int length in new[] { 0, 1, 3, 4, 17, 64 })
            {
                var part = new float[Math.Min(length, whole.Length - start)];
                CounterRandom.Uniform(part, seed: 5, firstBlock: (ulong)start / 4);
                part.Should().Equal(whole.AsSpan(start, part.Length).ToArray());
            }
        }
    }
}
