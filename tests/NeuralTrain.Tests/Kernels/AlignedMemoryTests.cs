using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

public sealed unsafe class AlignedMemoryTests
{
    [Theory]
    [InlineData(256)]
    [InlineData(1_001)]
    [InlineData(30_000)]
    public void What_is_kept_begins_on_a_cache_line_after_a_collection_too(int length)
    {
        for (int i = 0; i < 20; i++)
        {
            float[] values = AlignedMemory.AllocateToKeep(length, out int start);
            GC.Collect(0);

            fixed (float* first = &values[start])
            {
                ((nuint)first % 64).Should().Be(0);
            }

            (values.Length - start).Should().BeGreaterThanOrEqualTo(length);
            values.Should().AllBeEquivalentTo(0f);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    public void Few_numbers_take_no_more_memory_than_they_need(int length)
    {
        AlignedMemory.AllocateToKeep(length, out int start).Should().HaveCount(length);
        start.Should().Be(0);
        AlignedMemory.Allocate(length, out start).Should().HaveCount(length);
        start.Should().Be(0);
    }

    [Fact]
    public void Weights_gradients_and_large_matrices_begin_on_a_cache_line()
    {
        var weight = new Parameter("weight", 40, 30);
        foreach (Matrix matrix in new[] { weight.Value, weight.Gradient, new Matrix(300, 100) })
        {
            fixed (float* first = matrix.Span)
            {
                ((nuint)first % 64).Should().Be(0);
            }
        }
    }
}
