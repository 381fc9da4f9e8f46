using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

[Collection(ComputeTestGroup.Name)]
public sealed class MaxPiecesTests : IDisposable
{
    private const int Padding = 20;

    private readonly int _threadsBefore = Compute.MaxThreads;

    public void Dispose() => Compute.MaxThreads = _threadsBefore;

    [Fact]
    public void Every_shape_gives_the_maximum_its_winner_and_the_gradient_of_the_winner_and_touches_nothing_beside()
    {
        var random = new Random(1);
        foreach (int columns in Enumerable.Range(0, 70).Concat([127, 128, 129, 255, 256, 257]))
        {
            foreach (int pieces in new[] { 1, 2, 3, 5 })
            {
                foreach (int rows in new[] { 0, 1, 3 })
                {
                    Check(rows, columns, pieces, random);
                }
            }
        }
    }

    [Fact]
    public void The_bits_do_not_depend_on_the_number_of_threads()
    {
        const int Rows = 257, Columns = 301, Pieces = 3;
        var random = new Random(1);
        float[] scores = Numbers(Rows * Columns * Pieces, random);
        float[]? expected = null;
        foreach (int threads in new[] { 1, 2, 7 })
        {
            Compute.MaxThreads = threads;
            var result = new float[Rows * Columns];
            var winners = new float[Rows * Columns];
            var gradients = new float[scores.Length];
            MaxPieces.Forward(scores, result, winners, Rows, Columns, Pieces);
            MaxPieces.Backward(winners, result, gradients, Rows, Columns, Pieces);
            expected ??= [.. result, .. winners, .. gradients];
            expected.AsSpan().SequenceEqual([.. result, .. winners, .. gradients]).Should().BeTrue();
        }
    }

    [Fact]
    public void Spans_of_other_lengths_are_refused_before_anything_is_touched()
    {
        foreach ((int scores, int result, int winners) in new[] { (11, 6, 6), (12, 5, 6), (12, 6, 5), (12, 6, 7) })
        {
            Action forward = () => MaxPieces.Forward(new float[scores], new float[result], new float[winners], 2, 3, 2);
            forward.Should().Throw<ArgumentException>();
        }

        foreach ((int winners, int gradient, int scores) in new[] { (5, 6, 12), (6, 7, 12), (6, 6, 13) })
        {
            Action backward = () => MaxPieces.Backward(new float[winners], new float[gradient], new float[scores], 2, 3, 2);
            backward.Should().Throw<ArgumentException>();
        }

        Action negative = () => MaxPieces.Forward([], [], [], -1, 3, 2);
        negative.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static void Check(int rows, int columns, int pieces, Random random)
    {
        int count = rows * columns;
        float[] scores = Padded(count * pieces);
        Numbers(count * pieces, random).CopyTo(scores, Padding);
        float[] result = Padded(count), winners = Padded(count), gradients = Padded(count * pieces);
        float[] upstream = Numbers(count, random);

        MaxPieces.Forward(Inner(scores), Inner(result), Inner(winners), rows, columns, pieces);
        MaxPieces.Backward(Inner(winners), upstream, Inner(gradients), rows, columns, pieces);

        string shape = $"{rows}×{columns}, {pieces} pieces";
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                float[] candidates = [.. Enumerable.Range(0, pieces).Select(p => Inner(scores)[(((row * pieces) + p) * columns) + column])];
                int at = (row * columns) + column;
                int winner = Array.IndexOf(candidates, candidates.Max());
                Assert.True(Inner(result)[at] == candidates.Max(), shape);
                Assert.True(Inner(winners)[at] == winner, shape);
                for (int piece = 0; piece < pieces; piece++)
                {
                    float expected = piece == winner ? upstream[at] : 0;
                    Assert.True(Inner(gradients)[(((row * pieces) + piece) * columns) + column] == expected, shape);
                }
            }
        }

        foreach (float[] array in new[] { scores, result, winners, gradients })
        {
            Assert.True(array.AsSpan(0, Padding).ToArray().All(float.IsNaN), shape);
            Assert.True(array.AsSpan(array.Length - Padding).ToArray().All(float.IsNaN), shape);
        }
    }

    private static Span<float> Inner(float[] array) => array.AsSpan(Padding, array.Length - (2 * Padding));

    private static float[] Padded(int count)
    {
        var array = new float[count + (2 * Padding)];
        array.AsSpan().Fill(float.NaN);
        return array;
    }

    // Few different numbers, so that there are equals among the pieces.
    private static float[] Numbers(int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-4, 5))];
}
