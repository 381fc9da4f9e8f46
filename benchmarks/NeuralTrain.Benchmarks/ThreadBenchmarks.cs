using BenchmarkDotNet.Attributes;

namespace NeuralTrain.Benchmarks;

/// <summary>What threads gain, from one to all of the machine: steps large and small, the small ones to see that nothing is lost.</summary>
[MemoryDiagnoser]
public class ThreadBenchmarks
{
    private Training _training = null!;

    /// <summary>Layer sizes, then the batch.</summary>
    [Params("64-64-10/64", "784-128-10/32", "784-512-512-10/128", "1024-1024-1024-1024-10/512")]
    public string Network { get; set; } = null!;

    /// <summary>The limit on threads.</summary>
    [ParamsSource(nameof(ThreadCounts))]
    public int Threads { get; set; }

    /// <summary>One, two, three and so on.</summary>
    public static IEnumerable<int> ThreadCounts => Enumerable.Range(1, Environment.ProcessorCount);

    /// <summary>Builds the network.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Compute.MaxThreads = Threads;
        _training = new Training(Network, (network, rate) => new Adam(network, rate));
    }

    /// <summary>Forward, loss, backward, update.</summary>
    [Benchmark]
    public double Step() => _training.Step();
}
