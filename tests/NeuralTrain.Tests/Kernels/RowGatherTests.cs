using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

public sealed class RowGatherTests
{
    [Fact]
    public void Every_width_gives_the_chosen_rows_and_touches_nothing_else()
    {
        for (int columns = 0; columns <= 67; columns++)
        {
            float[] source = [.. Enumerable.Range(0, 9 * columns).Select(i => (float)i)];
            int[] rows = [8, 0, 3, 3, 7];
            float[] target = new float[(rows.Length * columns) + 2];
            target.AsSpan().Fill(float.NaN);

            if (columns > 0) RowGather.Run(source, rows, target.AsSpan(1, rows.Length * columns), columns);
            else RowGather.Run(source, [], target.AsSpan(1, 0), columns);

            IEnumerable<float> expected = columns == 0 ? [] : rows.SelectMany(row => source[(row * columns)..((row + 1) * columns)]);
            Assert.Equal([float.NaN, .. expected, .. Enumerable.Repeat(float.NaN, target.Length - 1 - (rows.Length * columns))], target);
        }
    }

    [Fact]
    public void Lengths_that_do_not_fit_and_rows_that_are_not_there_are_refused()
    {
        Assert.Contains("'source' must hold whole rows of 3", Assert.Throws<ArgumentException>(() => RowGather.Run(new float[7], [0], new float[3], 3)).Message, StringComparison.Ordinal);
        Assert.Contains("'target' must hold 6", Assert.Throws<ArgumentException>(() => RowGather.Run(new float[9], [0, 1], new float[5], 3)).Message, StringComparison.Ordinal);
        foreach (int row in new[] { -1, 3 })
        {
            Assert.Contains("0 to 2, received", Assert.Throws<ArgumentOutOfRangeException>(() => RowGather.Run(new float[9], [row], new float[3], 3)).Message, StringComparison.Ordinal);
            // A row further on is looked at before it is copied.
            Assert.Throws<ArgumentOutOfRangeException>(() => RowGather.Run(new float[9], [0, 1, row], new float[9], 3));
        }
    }
}
