using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using NeuralTrain.Kernels;

namespace NeuralTrain.Benchmarks;

/// <summary>
/// The three products of a fully connected layer, one thread: ours, MathNet's managed provider, and a loop of
/// <see cref="TensorPrimitives.Dot{T}"/>.
/// </summary>
[MemoryDiagnoser]
public class ProductBenchmarks
{
    private float[] _x = [];
    private float[] _w = [];
    private float[] _y = [];
    private Matrix<float> _mathX = null!;
    private Matrix<float> _mathW = null!;
    private Matrix<float> _mathY = null!;
    private Matrix<float> _mathInputGradient = null!;
    private Matrix<float> _mathWeightGradient = null!;
    private int _m;
    private int _n;
    private int _k;

    /// <summary>Rows of the batch × outputs × inputs.</summary>
    [Params("128x512x784", "512x512x512", "64x64x64", "128x10x512", "10x30x784", "1x128x784", "4x4x3")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        Compute.MaxThreads = 1;
        Control.UseManaged();
        Control.UseSingleThread();
        int[] sizes = Array.ConvertAll(Shape.Split('x'), int.Parse);
        (_m, _n, _k) = (sizes[0], sizes[1], sizes[2]);
        var random = new Random(1);
        _x = Values(_m * _k, random);
        _w = Values(_n * _k, random);
        _y = Values(_m * _n, random);
        _mathX = Matrix<float>.Build.DenseOfRowMajor(_m, _k, _x);
        _mathW = Matrix<float>.Build.DenseOfRowMajor(_n, _k, _w);
        _mathY = Matrix<float>.Build.DenseOfRowMajor(_m, _n, _y);
        _mathInputGradient = Matrix<float>.Build.Dense(_m, _k);
        _mathWeightGradient = Matrix<float>.Build.Dense(_n, _k);
    }

    [Benchmark(Baseline = true)]
    public void TimesTransposed() => Products.TimesTransposed(_x, _w, default, _y, _m, _n, _k);

    [Benchmark]
    public void Times() => Products.Times(_y, _w, _x, _m, _n, _k);

    [Benchmark]
    public void AddTransposedTimes()
    {
        // Started afresh, or the sum would grow with the number of rounds.
        Array.Clear(_w);
        Products.AddTransposedTimes(_y, _x, _w, _m, _n, _k);
    }

    [Benchmark]
    public void TimesTransposedMathNet() => _mathX.TransposeAndMultiply(_mathW, _mathY);

    [Benchmark]
    public void TimesMathNet() => _mathY.Multiply(_mathW, _mathInputGradient);

    [Benchmark]
    public void TransposedTimesMathNet() => _mathY.TransposeThisAndMultiply(_mathX, _mathWeightGradient);

    [Benchmark]
    public void TimesTransposedByTensorPrimitives()
    {
        for (int i = 0; i < _m; i++)
        {
            ReadOnlySpan<float> row = _x.AsSpan(i * _k, _k);
            for (int j = 0; j < _n; j++)
            {
                _y[(i * _n) + j] = TensorPrimitives.Dot(row, _w.AsSpan(j * _k, _k));
            }
        }
    }

    private static float[] Values(int length, Random random)
    {
        var values = new float[length];
        foreach (ref float value in values.AsSpan())
        {
            value = (random.NextSingle() - 0.5f) * 1e-2f;
        }

        return values;
    }
}
