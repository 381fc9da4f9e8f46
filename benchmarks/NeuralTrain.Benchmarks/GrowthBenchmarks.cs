using BenchmarkDotNet.Attributes;

namespace NeuralTrain.Benchmarks;

/// <summary>How the cost of a step grows when the batch or the width doubles, on one thread: 64-width-width-10 with Adam.</summary>
[MemoryDiagnoser]
public class GrowthBenchmarks
{
    private Training _training = null!;

    /// <summary>Rows of the batch.</summary>
    [Params(1, 2, 4, 8, 16, 32, 64, 128, 256)]
    public int Batch { get; set; }

    /// <summary>Units of both hidden layers.</summary>
    [Params(16, 32, 64, 128, 256, 512)]
    public int Width { get; set; }

    /// <summary>Builds the network.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Compute.MaxThreads = 1;
        _training = new Training([64, Width, Width, 10], Batch, (network, rate) => new Adam(network, rate));
    }

    /// <summary>Forward, loss, backward, update.</summary>
    [Benchmark]
    public double Step() => _training.Step();
}
