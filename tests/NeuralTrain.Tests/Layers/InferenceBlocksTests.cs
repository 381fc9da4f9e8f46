using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Layers;

[Collection(ComputeTestGroup.Name)]
public sealed class InferenceBlocksTests : IDisposable
{
    private const int Rows = 1_700;

    private readonly int _threads = Compute.MaxThreads;

    public void Dispose() => Compute.MaxThreads = _threads;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_prediction_of_many_rows_has_the_bits_of_its_parts_with_any_number_of_threads(int threads)
    {
        Sequential network = CreateNetwork();
        Matrix input = CreateInput();
        var parts = new Matrix(Rows, 10);
        Compute.MaxThreads = 1;
        int start = 0;
        foreach (int count in new[] { 13, 500, 64, 1_000, 123 })
        {
            network.Infer(input.SliceRows(start, count), parts.SliceRows(start, count));
            start += count;
        }

        Compute.MaxThreads = threads;
        Matrix whole = network.Predict(input);

        start.Should().Be(Rows);
        Bits(whole).Should().Equal(Bits(parts));
    }

    [Fact]
    public void Many_blocks_are_shared_among_threads_with_the_same_bits_and_nothing_allocated()
    {
        var random = new Random(3);
        var network = new Sequential(new Linear(2, 16, random), new Tanh(), new Linear(16, 3, random), new Softmax());
        var input = new Matrix(20_000, 2);
        foreach (ref float value in input.Span)
        {
            value = random.NextSingle();
        }

        Compute.MaxThreads = 1;
        int[] alone = Bits(network.Predict(input));
        Compute.MaxThreads = 2;
        var output = new Matrix(20_000, 3);
        long allocated = Allocation.PerCall(() => network.Infer(input, output));

        Bits(output).Should().Equal(alone);
        allocated.Should().Be(0);
    }

    private static Sequential CreateNetwork()
    {
        var random = new Random(5);
        var network = new Sequential(
            new Linear(20, 70, random), new BatchNorm(70), new ReLU(), new Dropout(0.3f, random),
            new Residual(new Linear(70, 70, random), new Sigmoid()), new LayerNorm(70), new Linear(70, 10, random), new LogSoftmax());
        network.Recalibrate(CreateInput());
        return network;
    }

    private static Matrix CreateInput()
    {
        var random = new Random(9);
        var input = new Matrix(Rows, 20);
        foreach (ref float value in input.Span)
        {
            value = random.NextSingle() - 0.5f;
        }

        return input;
    }

    private static int[] Bits(Matrix matrix) => Array.ConvertAll(matrix.Span.ToArray(), BitConverter.SingleToInt32Bits);
}
