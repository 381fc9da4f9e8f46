using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Layers;

/// <summary>Rows, and columns of the gradient of γ, are shared among threads where there are many.</summary>
[Collection(ComputeTestGroup.Name)]
public sealed class LayerNormThreadTests : IDisposable
{
    private readonly int _threads = Compute.MaxThreads;

    public void Dispose() => Compute.MaxThreads = _threads;

    [Theory]
    [InlineData(2, 397, 330)]
    [InlineData(3, 397, 330)]
    [InlineData(7, 797, 330)]
    [InlineData(2, 2_000, 70)]
    public void Any_number_of_threads_gives_the_bits_of_one_and_allocates_nothing(int threads, int rows, int size)
    {
        var layer = new LayerNorm(size);
        Matrix input = Draw(rows, size, 1), upstream = Draw(rows, size, 2);
        Draw(1, size, 3).Span.CopyTo(layer.Weight!.Value.Span);
        Draw(1, size, 4).Span.CopyTo(layer.Bias!.Value.Span);

        Compute.MaxThreads = 1;
        int[] alone = Run();
        Compute.MaxThreads = threads;
        int[] shared = Run();
        var result = new Matrix(rows, size);
        long allocated = Allocation.PerCall(() =>
        {
            layer.Forward(input, result);
            layer.Backward(input, result, upstream, result);
        });

        shared.Should().Equal(alone);
        allocated.Should().Be(0);

        int[] Run()
        {
            Matrix predicted = new(rows, size), output = new(rows, size), inputGradient = new(rows, size);
            layer.Infer(input, predicted);
            layer.Forward(input, output);
            layer.Weight.Gradient.Span.Clear();
            layer.Bias.Gradient.Span.Clear();
            layer.Backward(input, output, upstream, inputGradient);
            float[] all = [.. predicted.Span, .. output.Span, .. inputGradient.Span, .. layer.Weight.Gradient.Span, .. layer.Bias.Gradient.Span];
            return Array.ConvertAll(all, BitConverter.SingleToInt32Bits);
        }
    }

    private static Matrix Draw(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var values = new Matrix(rows, columns);
        foreach (ref float value in values.Span)
        {
            value = random.NextSingle() - 0.5f;
        }

        return values;
    }

    [Fact]
    public void The_backward_pass_of_another_batch_is_refused()
    {
        var layer = new LayerNorm(3);
        Matrix batch = new float[,] { { 1, 2, 3 }, { 4, 5, 7 } }, output = new(2, 3), one = batch.SliceRows(0, 1);
        layer.Invoking(norm => norm.Backward(batch, output, batch, default)).Should().Throw<InvalidOperationException>().WithMessage("*LayerNorm(3)*2×3*Call Forward (not Infer)*");
        layer.Forward(batch, output);
        layer.Invoking(norm => norm.Backward(one, output.SliceRows(0, 1), one, default)).Should().Throw<InvalidOperationException>().WithMessage("*1×3*Call Forward*");
    }
}
