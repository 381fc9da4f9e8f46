namespace NeuralTrain.Tests;

[Collection(ComputeTestGroup.Name)]
public sealed class ComputeTests : IDisposable
{
    private readonly int _before = Compute.MaxThreads;

    public void Dispose() => Compute.MaxThreads = _before;

    [Fact]
    public void Every_processor_is_used_by_default()
    {
        Compute.MaxThreads.Should().Be(Environment.ProcessorCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void Any_positive_number_of_threads_is_accepted(int threads)
    {
        Compute.MaxThreads = threads;

        Compute.MaxThreads.Should().Be(threads);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(int.MinValue)]
    public void Less_than_one_thread_is_refused_with_advice_and_changes_nothing(int threads)
    {
        Compute.MaxThreads = 5;

        Action set = () => Compute.MaxThreads = threads;

        ArgumentOutOfRangeException error = set.Should().Throw<ArgumentOutOfRangeException>().Which;
        error.ParamName.Should().Be(nameof(Compute.MaxThreads));
        error.Message.Should()
            .Contain("MaxThreads must be 1 or more")
            .And.Contain($"received {threads}")
            .And.Contain("1 computes only on the calling thread, Environment.ProcessorCount");
        Compute.MaxThreads.Should().Be(5);
    }
}
