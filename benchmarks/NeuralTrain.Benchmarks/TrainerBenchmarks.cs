using BenchmarkDotNet.Attributes;

namespace NeuralTrain.Benchmarks;

/// <summary>What <see cref="Trainer.Fit(BatchSource, BatchSource, int, CancellationToken)"/> costs beyond the loop one would write by hand; see also <see cref="TrainerRatio"/>.</summary>
[MemoryDiagnoser]
public class TrainerBenchmarks
{
    private TrainerLoops _loops = null!;

    /// <summary>Layer sizes, rows of a batch, rows of the data.</summary>
    [Params("784-128-10/32/3200", "3-4-1/4/4096", "3-4-1/4/4")]
    public string Case { get; set; } = null!;

    /// <summary>Builds networks and data.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Compute.MaxThreads = 1;
        _loops = new TrainerLoops(Case);
    }

    /// <summary>One epoch by hand.</summary>
    [Benchmark(Baseline = true)]
    public double ByHand() => _loops.ByHand(epochs: 1);

    /// <summary>One epoch by a trainer without metrics.</summary>
    [Benchmark]
    public double Trainer() => _loops.Train(epochs: 1, measured: false);

    /// <summary>One epoch by a trainer with its default metrics.</summary>
    [Benchmark]
    public double TrainerWithMetrics() => _loops.Train(epochs: 1, measured: true);
}
