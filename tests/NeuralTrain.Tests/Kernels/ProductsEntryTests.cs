using NeuralTrain.Kernels;
using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Kernels;

public sealed class ProductsEntryTests
{
    public static TheoryData<string, int, int, int> WrongLengths => new()
    {
        // 3 rows, 4 outputs, 5 inputs: x 15, w 20, y 12, bias 4.
        { "x", 14, 20, 12 },
        { "x", 16, 20, 12 },
        { "w", 15, 19, 12 },
        { "w", 15, 21, 12 },
        { "y", 15, 20, 11 },
        { "y", 15, 20, 13 },
    };

    [Theory]
    [MemberData(nameof(WrongLengths))]
    public void A_wrong_length_is_refused_by_every_product_and_named(string which, int x, int w, int y)
    {
        Action forward = () => Products.TimesTransposed(new float[x], new float[w], default, new float[y], 3, 4, 5);
        Action toInput = () => Products.Times(new float[y], new float[w], new float[x], 3, 4, 5);
        Action toWeight = () => Products.AddTransposedTimes(new float[y], new float[x], new float[w], 3, 4, 5);

        forward.Should().Throw<ArgumentException>().WithParameterName(which);
        toInput.Should().Throw<ArgumentException>().WithParameterName(which switch { "x" => "dx", "y" => "dy", _ => which });
        toWeight.Should().Throw<ArgumentException>().WithParameterName(which switch { "w" => "dw", "y" => "dy", _ => which });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_bias_of_a_wrong_length_is_refused(int length)
    {
        Action act = () => Products.TimesTransposed(new float[15], new float[20], new float[length], new float[12], 3, 4, 5);

        act.Should().Throw<ArgumentException>().WithParameterName("bias").WithMessage($"*4 values*received {length}*");
    }

    [Theory]
    [InlineData(-1, 4, 5)]
    [InlineData(3, -4, 5)]
    [InlineData(3, 4, -5)]
    [InlineData(-3, -4, -5)]
    [InlineData(65536, 65536, 1)]
    [InlineData(65536, 1, 65536)]
    [InlineData(1, 65536, 65536)]
    public void Sizes_that_are_negative_or_whose_product_overflows_are_refused(int m, int n, int k)
    {
        Action forward = () => Products.TimesTransposed(default, default, default, default, m, n, k);
        Action toInput = () => Products.Times(default, default, default, m, n, k);
        Action toWeight = () => Products.AddTransposedTimes(default, default, default, m, n, k);

        forward.Should().Throw<ArgumentException>();
        toInput.Should().Throw<ArgumentException>();
        toWeight.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Column_sums_of_a_wrong_length_are_refused()
    {
        Action rows = () => Products.AddColumnSums(new float[11], new float[4], 3, 4);
        Action sums = () => Products.AddColumnSums(new float[12], new float[5], 3, 4);
        Action negative = () => Products.AddColumnSums(default, default, -3, -4);

        rows.Should().Throw<ArgumentException>().WithParameterName("dy");
        sums.Should().Throw<ArgumentException>().WithParameterName("sum");
        negative.Should().Throw<ArgumentException>();
    }

    [Theory]
    [InlineData(4, 4, 3)]
    [InlineData(1, 128, 784)]
    [InlineData(128, 10, 512)]
    [InlineData(130, 210, 300)]
    public void Products_allocate_nothing(int m, int n, int k)
    {
        float[] x = new float[m * k], w = new float[n * k], y = new float[m * n], bias = new float[n];

        Allocation.PerCall(() =>
        {
            Products.TimesTransposed(x, w, bias, y, m, n, k);
            Products.AddTransposedTimes(y, x, w, m, n, k);
            Products.AddColumnSums(y, bias, m, n);
            Products.Times(y, w, x, m, n, k);
        }).Should().Be(0);
    }
}
