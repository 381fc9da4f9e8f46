namespace NeuralTrain.Tests.Kernels;

public sealed class ProductsTests
{
    private static readonly int[] Sizes = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65];

    public static TheoryData<ProductKind> Kinds => new(Enum.GetValues<ProductKind>());

    public static TheoryData<ProductKind, int> KindsAndWidths
    {
        get
        {
            var data = new TheoryData<ProductKind, int>();
            foreach (ProductKind kind in Enum.GetValues<ProductKind>())
            {
                foreach (int width in ProductWidth.All)
                {
                    data.Add(kind, width);
                }
            }

            return data;
        }
    }

    [Theory]
    [Trait("Lecture", "L1.2")]
    [MemberData(nameof(Kinds))]
    public void Every_shape_agrees_with_the_plain_formula_at_every_width_and_through_the_entry(ProductKind kind)
    {
        var faults = new List<string>();
        foreach (int m in Sizes)
        {
            foreach (int n in Sizes)
            {
                foreach (int k in Sizes)
                {
                    var shape = new ProductCase(kind, m, n, k);
                    foreach (int width in ProductWidth.All)
                    {
                        shape.Run(ProductWidth.Runner(width));
                        Collect(faults, shape, $"{width} bits");
                    }

                    shape.Run();
                    Collect(faults, shape, "through the entry");
                }
            }
        }

        faults.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Shapes_beyond_the_blocks_agree_with_the_plain_formula(ProductKind kind)
    {
        var faults = new List<string>();

        // Longer than a block in the inner index, in the rows, and in both, whichever the product's inner index is; few
        // rows with many weights (of one, two and four panels); rows that lie a power of two apart,
        // in one block and in two; short sums.
        foreach ((int m, int n, int k) in new[]
        {
            (130, 260, 410), (541, 37, 21), (21, 541, 37), (37, 21, 541), (3, 5, 2050), (2050, 5, 3),
            (15, 130, 90), (32, 130, 450), (63, 300, 200), (125, 290, 401), (33, 270, 1024), (340, 1024, 65), (20, 1024, 257),
            (140, 10, 301), (10, 141, 301), (270, 32, 100),
        })
        {
            var shape = new ProductCase(kind, m, n, k);
            foreach (int width in ProductWidth.All)
            {
                shape.Run(ProductWidth.Runner(width));
                Collect(faults, shape, $"{width} bits");
            }
        }

        faults.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(KindsAndWidths))]
    public void The_bits_do_not_depend_on_the_number_of_parts(ProductKind kind, int width)
    {
        ProductWidth.Run run = ProductWidth.Runner(width);
        foreach ((int m, int n, int k) in new[] { (65, 33, 17), (130, 210, 300), (300, 10, 130), (3, 130, 65), (1, 257, 70), (17, 1, 1), (530, 40, 400), (32, 200, 300), (140, 10, 301), (10, 141, 301), (128, 396, 512) })
        {
            var shape = new ProductCase(kind, m, n, k);
            float[] alone = shape.Run(run);
            foreach (int parts in new[] { 2, 3, 5, 7, 16, 64 })
            {
                float[] divided = shape.Run(run, parts);

                Bits(divided).AsSpan().SequenceEqual(Bits(alone)).Should().BeTrue("{0} in {1} parts must be the same", shape, parts);
            }

            shape.Fault().Should().BeNull();
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndWidths))]
    public void The_bits_do_not_depend_on_what_stood_in_memory_before(ProductKind kind, int width)
    {
        ProductWidth.Run run = ProductWidth.Runner(width);
        var shape = new ProductCase(kind, 33, 47, 65);
        int[] first = Bits(shape.Run(run));

        // Another shape leaves other values, NaN among them, in the packing buffers.
        var other = new ProductCase(kind, 40, 40, 300);
        other.First.Values.Fill(float.NaN);
        other.Second.Values.Fill(float.NaN);
        other.Run(run);

        Bits(shape.Run(run)).Should().Equal(first);
    }

    [Theory]
    [MemberData(nameof(KindsAndWidths))]
    public void A_value_that_is_not_finite_reaches_exactly_the_results_it_is_part_of(ProductKind kind, int width)
    {
        ProductWidth.Run run = ProductWidth.Runner(width);
        foreach (float special in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            foreach ((int m, int n, int k) in new[] { (3, 5, 7), (17, 33, 18), (40, 50, 300) })
            {
                var shape = new ProductCase(kind, m, n, k);
                float[] clean = shape.Run(run);

                // In the second operand w or x, at row 1, column 2: column 1 of x·wᵀ, column 2 of dy·w and of dyᵀ·x.
                int spoiled = kind is ProductKind.TimesTransposed or ProductKind.TimesTransposedWithBias ? 1 : 2;
                shape.Second.Values[k + 2] = special;
                float[] result = shape.Run(run);

                for (int at = 0; at < result.Length; at++)
                {
                    float value = result[at];

                    // An infinity times a value other than zero is one; a sum of it and finite values, too.
                    bool isRight = at % shape.Columns != spoiled
                        ? value == clean[at]
                        : float.IsNaN(special) ? float.IsNaN(value) : float.IsInfinity(value);
                    if (!isRight)
                    {
                        Assert.Fail($"{shape} with {special}: {value} at [{at / shape.Columns},{at % shape.Columns}]");
                    }
                }
            }
        }
    }

    [Fact]
    public void An_empty_sum_gives_the_bias_or_zero_and_adds_nothing()
    {
        var biased = new ProductCase(ProductKind.TimesTransposedWithBias, 5, 19, 0);
        float[] y = biased.Run();
        for (int row = 0; row < 5; row++)
        {
            y.AsSpan(row * 19, 19).ToArray().Should().Equal(biased.Bias.Values.ToArray());
        }

        new ProductCase(ProductKind.TimesTransposed, 5, 19, 0).Run().Should().AllBeEquivalentTo(0f);
        new ProductCase(ProductKind.Times, 5, 0, 19).Run().Should().AllBeEquivalentTo(0f);

        var adding = new ProductCase(ProductKind.AddTransposedTimes, 0, 5, 19);
        float[] before = adding.Result.Values.ToArray();
        adding.Run().Should().Equal(before);
    }

    private static void Collect(List<string> faults, ProductCase shape, string way)
    {
        if (faults.Count < 10 && shape.Fault() is { } fault)
        {
            faults.Add($"{fault} ({way})");
        }
    }

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
