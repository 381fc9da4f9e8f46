using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

/// <summary>
/// One product of random operands inside NaN, and the same product in double precision by the plain formula.
/// For <see cref="ProductKind.Times"/> and <see cref="ProductKind.AddTransposedTimes"/> the first operand is dy.
/// </summary>
internal sealed unsafe class ProductCase
{
    private readonly ProductKind _kind;
    private readonly int _m;
    private readonly int _n;
    private readonly int _k;
    private readonly float[] _before;

    // What the formula gives and the sum of the magnitudes of its terms, computed once for all widths.
    private (double Value, double Magnitude)[]? _expected;

    public ProductCase(ProductKind kind, int m, int n, int k)
    {
        (_kind, _m, _n, _k) = (kind, m, n, k);
        var random = new Random(HashCode(m, n, k));
        First = PaddedArray.Random(kind is ProductKind.Times or ProductKind.AddTransposedTimes ? m * n : m * k, random);
        Second = PaddedArray.Random(kind == ProductKind.AddTransposedTimes ? m * k : n * k, random);
        Bias = PaddedArray.Random(kind == ProductKind.TimesTransposedWithBias ? n : 0, random);
        (Rows, Columns, Inner) = kind switch
        {
            ProductKind.Times => (m, k, n),
            ProductKind.AddTransposedTimes => (n, k, m),
            _ => (m, n, k),
        };

        // What an overwriting product finds in the result must not matter; an accumulating one adds to it.
        Result = kind == ProductKind.AddTransposedTimes ? PaddedArray.Random(n * k, random) : new PaddedArray(Rows * Columns);
        _before = Result.Values.ToArray();
    }

    public PaddedArray First { get; }

    public PaddedArray Second { get; }

    public PaddedArray Bias { get; }

    public PaddedArray Result { get; }

    public int Rows { get; }

    public int Columns { get; }

    public int Inner { get; }

    /// <summary>Computes the product at one width in a number of parts.</summary>
    public float[] Run(ProductWidth.Run run, int parts = 1)
    {
        _before.CopyTo(Result.Values);
        fixed (float* first = First.Values, second = Second.Values, bias = Bias.Values, result = Result.Values)
        {
            run(
                _kind switch
                {
                    ProductKind.Times => ProductOperands.Times(first, second, result, _m, _n, _k),
                    ProductKind.AddTransposedTimes => ProductOperands.AddTransposedTimes(first, second, result, _m, _n, _k),
                    _ => ProductOperands.TimesTransposed(first, second, bias, result, _m, _n, _k),
                },
                parts);
        }

        return Result.Values.ToArray();
    }

    /// <summary>Computes the product through the entry the layers use.</summary>
    public float[] Run()
    {
        _before.CopyTo(Result.Values);
        switch (_kind)
        {
            case ProductKind.Times:
                Products.Times(First.Values, Second.Values, Result.Values, _m, _n, _k);
                break;
            case ProductKind.AddTransposedTimes:
                Products.AddTransposedTimes(First.Values, Second.Values, Result.Values, _m, _n, _k);
                break;
            default:
                Products.TimesTransposed(First.Values, Second.Values, Bias.Values, Result.Values, _m, _n, _k);
                break;
        }

        return Result.Values.ToArray();
    }

    /// <summary>What is wrong with the last result, or null.</summary>
    public string? Fault()
    {
        if (!First.IsPaddingIntact || !Second.IsPaddingIntact || !Bias.IsPaddingIntact || !Result.IsPaddingIntact)
        {
            return $"{this}: something outside the result was written";
        }

        _expected ??= Expected();
        ReadOnlySpan<float> result = Result.Values;
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                (double expected, double magnitude) = _expected[(i * Columns) + j];

                // Each of the roundings of a sum errs by at most half a unit in the last place of what is summed.
                double bound = (Inner + 2) * Math.ScaleB(1, -24) * magnitude;
                float value = result[(i * Columns) + j];
                if (!(Math.Abs(value - expected) <= bound))
                {
                    return $"{this}: [{i},{j}] is {value:R}, expected {expected:R} within {bound:R}";
                }
            }
        }

        return null;
    }

    public override string ToString() => $"{_kind} {_m}×{_n}×{_k}";

    private static int HashCode(int m, int n, int k) => (((m * 1009) + n) * 1009) + k;

    private (double Value, double Magnitude)[] Expected()
    {
        var expected = new (double Value, double Magnitude)[Rows * Columns];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                expected[(i * Columns) + j] = Expected(i, j);
            }
        }

        return expected;
    }

    // The formula itself: y = x·wᵀ + bias, dx = dy·w, dw = dw + dyᵀ·x; and the sum of the magnitudes of its terms.
    private (double Value, double Magnitude) Expected(int i, int j)
    {
        ReadOnlySpan<float> first = First.Values;
        ReadOnlySpan<float> second = Second.Values;
        double sum = _kind switch
        {
            ProductKind.TimesTransposedWithBias => Bias.Values[j],
            ProductKind.AddTransposedTimes => _before[(i * _k) + j],
            _ => 0,
        };
        double magnitude = Math.Abs(sum);
        for (int p = 0; p < Inner; p++)
        {
            (int a, int b) = _kind switch
            {
                ProductKind.Times => ((i * _n) + p, (p * _k) + j),
                ProductKind.AddTransposedTimes => ((p * _n) + i, (p * _k) + j),
                _ => ((i * _k) + p, (j * _k) + p),
            };
            double term = (double)first[a] * second[b];
            sum += term;
            magnitude += Math.Abs(term);
        }

        return (sum, magnitude);
    }
}
