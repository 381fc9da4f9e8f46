using BenchmarkDotNet.Attributes;

namespace NeuralTrain.Benchmarks;

/// <summary>Every optimizer: one update of a million weights.</summary>
[MemoryDiagnoser]
public class OptimizerBenchmarks
{
    private const int Size = 1024;

    private Linear _layer = null!;
    private Optimizer _optimizer = null!;
    private Matrix _gradient;

    /// <summary>Which optimizer.</summary>
    [ParamsSource(nameof(Optimizers))]
    public Named<Func<Layer, double, Optimizer>> Optimizer { get; set; } = null!;

    /// <summary>Strength of L2.</summary>
    [Params(0, 1e-4)]
    public double L2 { get; set; }

    /// <summary>All optimizers.</summary>
    public static IEnumerable<Named<Func<Layer, double, Optimizer>>> Optimizers =>
    [
        new("SGD", () => (network, rate) => new SGD(network, rate)),
        new("Momentum", () => (network, rate) => new Momentum(network, rate)),
        new("Nesterov", () => (network, rate) => new Nesterov(network, rate)),
        new("AdaGrad", () => (network, rate) => new AdaGrad(network, rate)),
        new("RMSprop", () => (network, rate) => new RMSprop(network, rate)),
        new("Adam", () => (network, rate) => new Adam(network, rate)),
        new("AdamW", () => (network, rate) => new AdamW(network, rate)),
    ];

    /// <summary>Builds one large layer.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _layer = new Linear(Size, Size, new Random(1), bias: false);
        _optimizer = Optimizer.Create()(_layer, 1e-7);
        _optimizer.L2 = L2;
        _gradient = Data.Batch(Size, Size, seed: 4);
        _optimizer.Step();
    }

    /// <summary>
    /// The update. The gradient is written anew each time, as the update clears it: its moments would sink below the normal range
    /// otherwise. See <see cref="WriteGradient"/> for what that costs.
    /// </summary>
    [Benchmark]
    public void Step()
    {
        _gradient.CopyTo(_layer.Weight.Gradient);
        _optimizer.Step();
    }

    /// <summary>The part of <see cref="Step"/> that is not the optimizer's.</summary>
    [Benchmark(Baseline = true)]
    public void WriteGradient() => _gradient.CopyTo(_layer.Weight.Gradient);
}
