using BenchmarkDotNet.Attributes;

namespace NeuralTrain.Benchmarks;

/// <summary>Every layer, forward and backward: a batch of 128 rows of 512.</summary>
[MemoryDiagnoser]
public class LayerBenchmarks
{
    private const int Rows = 128;
    private const int Columns = 512;

    private Layer _layer = null!;
    private Matrix _input;
    private Matrix _output;
    private Matrix _outputGradient;
    private Matrix _inputGradient;

    /// <summary>Which layer.</summary>
    [ParamsSource(nameof(Layers))]
    public Named<Layer> Layer { get; set; } = null!;

    /// <summary>All layers.</summary>
    public static IEnumerable<Named<Layer>> Layers =>
    [
        new("Linear", () => new Linear(Columns, Columns, new Random(1))),
        new("Identity", () => new Identity()),
        new("ReLU", () => new ReLU()),
        new("LeakyReLU", () => new LeakyReLU()),
        new("PReLU", () => new PReLU()),
        new("RReLU", () => new RReLU(new Random(1))),
        new("ELU", () => new ELU()),
        new("SELU", () => new SELU()),
        new("GELU", () => new GELU()),
        new("SiLU", () => new SiLU()),
        new("Softplus", () => new Softplus()),
        new("Sigmoid", () => new Sigmoid()),
        new("Tanh", () => new Tanh()),
        new("Softmax", () => new Softmax()),
        new("LogSoftmax", () => new LogSoftmax()),
        new("APL", () => new APL(Columns, 2, new Random(1))),
        new("Maxout", () => new Maxout(Columns, 256, new Random(1))),
        new("Dropout", () => new Dropout(0.5, new Random(1))),
        new("AlphaDropout", () => new AlphaDropout(0.1, new Random(1))),
        new("GaussianNoise", () => new GaussianNoise(0.1, new Random(1))),
        new("BatchNorm", () => new BatchNorm(Columns)),
        new("LayerNorm", () => new LayerNorm(Columns)),
        new("Residual", () => new Residual(new Linear(Columns, Columns, new Random(1)), new ReLU())),
        new("Concatenate", () => new Concatenate(new Linear(Columns, 256, new Random(1)), new Linear(Columns, 256, new Random(2)))),
    ];

    /// <summary>Draws a batch and runs the layer once, so that what it remembers has its size.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _layer = Layer.Create();
        _input = Data.Batch(Rows, Columns, seed: 1);
        _output = new Matrix(Rows, _layer.OutputSize(Columns));
        _outputGradient = Data.Batch(Rows, _output.Columns, seed: 2);
        _inputGradient = new Matrix(Rows, Columns);
        _layer.Forward(_input, _output);
    }

    /// <summary>Prediction.</summary>
    [Benchmark]
    public void Infer() => _layer.Infer(_input, _output);

    /// <summary>The forward pass of training.</summary>
    [Benchmark]
    public void Forward() => _layer.Forward(_input, _output);

    /// <summary>The backward pass, with the gradient of the input.</summary>
    [Benchmark]
    public void Backward() => _layer.Backward(_input, _output, _outputGradient, _inputGradient);
}
