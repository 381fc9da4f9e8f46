using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

public sealed class RowGatherTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(67)]
    public void Rows_come_in_the_order_asked_for_and_nothing_else_is_written(int columns)
    {
        float[] source = [.. Enumerable.Range(0, 7 * columns).Select(i => (float)i)];
        foreach (int[] rows in new int[][] { [], [6], [0, 6], [3, 3, 0], [6, 5, 4, 3, 2, 1, 0, 6] })
        {
            var destination = new float[(rows.Length * columns) + 2];
            Array.Fill(destination, -1);
            RowGather.Gather(source, rows, destination.AsSpan(1, rows.Length * columns), columns);
            destination[1..^1].Should().Equal(rows.SelectMany(row => source[(row * columns)..((row + 1) * columns)]));
            (destination[0], destination[^1]).Should().Be((-1, -1));
        }
    }

    [Fact]
    public void Rows_outside_the_source_and_a_destination_too_short_are_refused_before_anything_is_written()
    {
        var destination = new float[4];
        foreach (int row in new[] { -1, 3, int.MaxValue })
        {
            ((Action)(() => RowGather.Gather(new float[6], [0, row], destination, 2))).Should().Throw<ArgumentOutOfRangeException>();
        }

        ((Action)(() => RowGather.Gather([1, 1, 1, 1, 1, 1], [0, 1, 2], destination, 2))).Should().Throw<ArgumentException>();
        destination.Should().OnlyContain(value => value == 0);
    }
}
