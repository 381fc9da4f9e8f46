using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using NeuralTrain.Kernels;

namespace NeuralTrain.Benchmarks;

/// <summary>The elementwise kernels against TensorPrimitives and a plain loop, on one thread.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class ElementwiseBenchmarks
{
    private float[] _x = [];
    private float[] _y = [];
    private float[] _gradient = [];
    private float[] _state1 = [];
    private float[] _state2 = [];

    [Params(4, 64, 1000, 65536)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Compute.MaxThreads = 1;
        var random = new Random(1);
        _x = new float[Length];
        for (int i = 0; i < Length; i++)
        {
            _x[i] = (float)((random.NextDouble() * 8) - 4);
        }

        _y = new float[Length];
        _gradient = new float[Length];
        _state1 = new float[Length];
        _state2 = new float[Length];
    }

    [Benchmark]
    [BenchmarkCategory("ReLU")]
    public void ReLU() => Elementwise.Map(_x, _y, default(ReLUFormula));

    [Benchmark]
    [BenchmarkCategory("ReLU")]
    public void ReLUTensorPrimitives() => TensorPrimitives.Max(_x, 0f, _y);

    [Benchmark]
    [BenchmarkCategory("Exp")]
    public void Exp() => Elementwise.Map(_x, _y, default(ExpFormula));

    [Benchmark]
    [BenchmarkCategory("Exp")]
    public void ExpTensorPrimitives() => TensorPrimitives.Exp(_x, _y);

    [Benchmark]
    [BenchmarkCategory("Exp")]
    public void ExpLoop()
    {
        for (int i = 0; i < _x.Length; i++)
        {
            _y[i] = MathF.Exp(_x[i]);
        }
    }

    [Benchmark]
    [BenchmarkCategory("Sigmoid")]
    public void Sigmoid() => Elementwise.Map(_x, _y, default(SigmoidFormula));

    [Benchmark]
    [BenchmarkCategory("Sigmoid")]
    public void SigmoidTensorPrimitives() => TensorPrimitives.Sigmoid(_x, _y);

    [Benchmark]
    [BenchmarkCategory("Sigmoid")]
    public void SigmoidLoop()
    {
        for (int i = 0; i < _x.Length; i++)
        {
            _y[i] = 1 / (1 + MathF.Exp(-_x[i]));
        }
    }

    [Benchmark]
    [BenchmarkCategory("Tanh")]
    public void Tanh() => Elementwise.Map(_x, _y, default(TanhFormula));

    [Benchmark]
    [BenchmarkCategory("Tanh")]
    public void TanhTensorPrimitives() => TensorPrimitives.Tanh(_x, _y);

    [Benchmark]
    [BenchmarkCategory("Tanh")]
    public void TanhLoop()
    {
        for (int i = 0; i < _x.Length; i++)
        {
            _y[i] = MathF.Tanh(_x[i]);
        }
    }

    [Benchmark]
    [BenchmarkCategory("GELU")]
    public void GELU() => Elementwise.Map(_x, _y, default(GELUFormula));

    [Benchmark]
    [BenchmarkCategory("Adam")]
    public void Adam() => Elementwise.Update(_y, _gradient, _state1, _state2, default(AdamRule));

    [Benchmark]
    [BenchmarkCategory("Sum of squares")]
    public double SumOfSquares() => Reduce.Sum(_x, _x, default(Product));

    [Benchmark]
    [BenchmarkCategory("Sum of squares")]
    public float SumOfSquaresTensorPrimitives() => TensorPrimitives.SumOfSquares(_x);

    [Benchmark]
    [BenchmarkCategory("Softmax")]
    public void SoftmaxOfOneRow() => SoftmaxRows.Forward<SoftmaxRows.Plain>(_x, _y, 1, Length);

    [Benchmark]
    [BenchmarkCategory("Softmax")]
    public void SoftmaxTensorPrimitives() => TensorPrimitives.SoftMax(_x, _y);

    [Benchmark]
    [BenchmarkCategory("Random")]
    public void Uniform() => CounterRandom.FillUniform(_y, 1, 0);

    [Benchmark]
    [BenchmarkCategory("Random")]
    public void Normal() => CounterRandom.FillNormal(_y, 1, 0, 0, 1);

    private readonly struct ReLUFormula : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => TLanes.AtLeast(x, TLanes.Zero);
    }

    private readonly struct ExpFormula : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Exp(x);
    }

    private readonly struct SigmoidFormula : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Sigmoid(x);
    }

    private readonly struct TanhFormula : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => VectorMath.Tanh(x);
    }

    private readonly struct GELUFormula : IMap1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes x)
            where TLanes : unmanaged, ILanes<TLanes> => x * TLanes.MultiplyAdd(VectorMath.Erf(x * 0.707106781f), 0.5f, 0.5f);
    }

    private readonly struct AdamRule : IUpdate2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<TLanes>(ref TLanes value, TLanes gradient, ref TLanes state1, ref TLanes state2)
            where TLanes : unmanaged, ILanes<TLanes>
        {
            state1 = (0.9f * state1) + (0.1f * gradient);
            state2 = (0.999f * state2) + (0.001f * gradient * gradient);
            value -= 0.001f * (state1 / 0.1f) / (TLanes.Sqrt(state2 / 0.001f) + 1e-8f);
        }
    }
}
