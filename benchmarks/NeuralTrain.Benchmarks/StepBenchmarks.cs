using BenchmarkDotNet.Attributes;

namespace NeuralTrain.Benchmarks;

/// <summary>Whole training steps of the usual sizes, on one thread.</summary>
[MemoryDiagnoser]
public class StepBenchmarks
{
    private Training _training = null!;

    /// <summary>Which network.</summary>
    [ParamsSource(nameof(Networks))]
    public string Network { get; set; } = null!;

    /// <summary>Layer sizes, then the batch.</summary>
    public static IEnumerable<string> Networks =>
        ["3-4-1/4", "64-64-10/64", "784-30-10/10", "784-128-10/32", "32-64-64-1/1024", "784-512-512-10/128"];

    /// <summary>Which optimizer.</summary>
    [Params("SGD", "Adam")]
    public string Rule { get; set; } = null!;

    /// <summary>Builds the network.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Compute.MaxThreads = 1;
        _training = new Training(
            Network, (network, rate) => Rule == "SGD" ? new SGD(network, rate) : new Adam(network, rate));
    }

    /// <summary>Forward, loss, backward, update.</summary>
    [Benchmark]
    public double Step() => _training.Step();
}
