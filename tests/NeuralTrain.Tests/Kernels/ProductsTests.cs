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
    [MemberData(nameof(KindsAndWidths))]
    public void Every_shape_agrees_with_the_plain_formula_at_every_width(ProductKind kind, int width)
    {
        ProductWidth.Run run = ProductWidth.Runner(width);

        Faults(kind, shape => shape.Run(run)).Should().BeEmpty();
    }

    [Theory]
    [Trait("Lecture", "L1.2")]
    [MemberData(nameof(Kinds))]
    public void Every_shape_agrees_with_the_plain_formula_through_the_entry(ProductKind kind) =>
        Faults(kind, shape => shape.Run()).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(KindsAndWidths))]
    public void Shapes_beyond_the_blocks_agree_with_the_plain_formula(ProductKind kind, int width)
    {
        ProductWidth.Run run = ProductWidth.Runner(width);

        // Longer than a block in the inner index, in the rows, and in both, whichever the product's inner index is.
        foreach ((int m, int n, int k) in new[] { (130, 530, 790), (1041, 37, 21), (21, 1041, 37), (37, 21, 1041), (3, 5, 2050), (2050, 5, 3) })
        {
            var shape = new ProductCase(kind, m, n, k);
            shape.Run(run);
            shape.Fault().Should().BeNull();
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndWidths))]
    public void The_bits_do_not_depend_on_the_number_of_parts(ProductKind kind, int width)
    {
        ProductWidth.Run run = ProductWidth.Runner(width);
        foreach ((int m, int n, int k) in new[] { (65, 33, 17), (130, 210, 300), (300, 10, 130), (3, 130, 65), (1, 257, 70), (17, 1, 1), (530, 40, 600) })
        {
            var shape = new ProductCase(kind, m, n, k);
            float[] alone = shape.Run(run);
            foreach (int parts in new[] { 2, 3, 5, 7, 16, 64 })
            {
                float[] divided = shape.Run(run, parts);

                Bits(divided).Should().Equal(Bits(alone), "{0} in {1} parts", shape, parts);
                shape.Fault().Should().BeNull();
            }
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

                for (int i = 0; i < shape.Rows; i++)
                {
                    for (int j = 0; j < shape.Columns; j++)
                    {
                        float value = result[(i * shape.Columns) + j];
                        if (j == spoiled)
                        {
                            float.IsFinite(value).Should().BeFalse("{0} at [{1},{2}]", shape, i, j);
                            float.IsNaN(value).Should().Be(float.IsNaN(special), "an infinity times a value other than zero is one");
                        }
                        else
                        {
                            value.Should().Be(clean[(i * shape.Columns) + j], "{0} at [{1},{2}]", shape, i, j);
                        }
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

    private static List<string> Faults(ProductKind kind, Action<ProductCase> run)
    {
        var faults = new List<string>();
        foreach (int m in Sizes)
        {
            foreach (int n in Sizes)
            {
                foreach (int k in Sizes)
                {
                    var shape = new ProductCase(kind, m, n, k);
                    run(shape);
                    if (shape.Fault() is { } fault && faults.Count < 10)
                    {
                        faults.Add(fault);
                    }
                }
            }
        }

        return faults;
    }

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
