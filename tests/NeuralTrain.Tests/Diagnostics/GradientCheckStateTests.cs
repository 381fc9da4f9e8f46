namespace NeuralTrain.Tests.Diagnostics;

public sealed class GradientCheckStateTests
{
    [Fact]
    public void The_layer_is_left_as_it_was_bit_for_bit()
    {
        var network = new Sequential(new Linear(4, 3, new Random(1)), new MeasuringLayer(1.5f), new Linear(3, 2, new Random(2)));
        FillGradients(network);
        int[] before = Bits(network);
        GradientCheck.Run(network, 4).ThrowIfWrong();
        Bits(network).Should().Equal(before);
        GradientCheck.Run(network, new float[,] { { 1, 2, 3, 4 } }, new float[,] { { 1, 2 } }, new MeanSquaredError()).ThrowIfWrong();
        Bits(network).Should().Equal(before);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(40)]
    public void The_layer_is_left_as_it_was_even_when_it_throws(int passes)
    {
        var layer = new MeasuringLayer(1.5f) { PassesBeforeThrowing = passes };
        FillGradients(layer);
        int[] before = Bits(layer);
        layer.Invoking(l => GradientCheck.Run(l, 4)).Should().Throw<InvalidTimeZoneException>();
        Bits(layer).Should().Equal(before);
    }

    [Fact]
    public void Statistics_that_move_with_each_pass_do_not_disturb() =>
        GradientCheck.Run(new MeasuringLayer(1.5f) { MeansShiftTheOutput = true }, 4).ThrowIfWrong();

    [Fact]
    public void A_statistic_is_no_row_of_the_table() =>
        GradientCheck.Run(new MeasuringLayer(1.5f), 4).Rows.Select(row => row.Name).Should().Equal("(input)", "scale");

    [Fact]
    public void A_frozen_parameter_is_named_but_not_checked()
    {
        var network = new Sequential(new Linear(4, 3, new Random(1)), new Linear(3, 2, new Random(2)));
        network.Children[0].Freeze();
        GradientCheckResult result = GradientCheck.Run(network, 4);
        result.Verdict.Should().Be(GradientCheckVerdict.Passed);
        result.Rows.Where(row => row.IsFrozen).Select(row => (row.Name, row.Checked)).Should().Equal(("0.weight", 0), ("0.bias", 0));
        result.Rows.Single(row => row.Name == "1.weight").Agreeing.Should().Be(6);
    }

    [Fact]
    public void Of_a_long_array_a_random_sample_is_checked_and_the_table_says_so()
    {
        var layer = new Linear(50, 40, new Random(1));
        GradientCheckResult result = GradientCheck.Run(layer, 50, new GradientCheckOptions { ValuesPerArray = 30 });
        result.Rows.Single(row => row.Name == "weight").Should().BeEquivalentTo(new { Count = 2000, Checked = 30, Agreeing = 30 });
        result.ToString().Should().Contain("weight: a random sample of 30 of 2000 values (seed 1).");
    }

    [Fact]
    public void The_same_seed_gives_the_same_table_and_another_seed_another_one()
    {
        static string Table(int seed) => GradientCheck.Run(new Linear(20, 30, new Random(1)), 20, new GradientCheckOptions { Seed = (ulong)seed }).ToString();
        Table(5).Should().Be(Table(5)).And.NotBe(Table(6));
    }

    [Fact]
    public void Every_place_of_a_long_array_can_be_drawn()
    {
        var seen = new HashSet<string>();
        for (int seed = 1; seed <= 60; seed++)
        {
            var layer = new FormulaLayer(x => x, x => 2);
            seen.Add(GradientCheck.Run(layer, 4, new GradientCheckOptions { Seed = (ulong)seed, BatchSize = 2, ValuesPerArray = 1 }).Rows[0].WorstAt);
        }

        seen.Should().HaveCount(8);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("mean")]
    [InlineData("sum")]
    public void A_sound_loss_passes_for_every_seed(string name)
    {
        Loss loss = name switch { "mean" => new MeanSquaredError(), "sum" => new SumOfSquares(), _ => new FormulaLoss("none") };
        for (int seed = 1; seed <= 20; seed++)
        {
            Matrix target = RandomMatrix(5, 3, seed + 200);
            GradientCheck.Run(loss, target, new GradientCheckOptions { Seed = (ulong)seed }).ThrowIfWrong();
            GradientCheckRow row = GradientCheck.Run(loss, RandomMatrix(5, 3, seed + 100), target).Rows.Single();
            row.Should().BeEquivalentTo(new { Name = "(prediction)", Wrong = 0, OnKinks = 0 });
            row.Agreeing.Should().BeGreaterThan(13);
        }
    }

    [Theory]
    [InlineData("factor 1.01")]
    [InlineData("factor 0.99")]
    [InlineData("wrong sign")]
    [InlineData("no gradient")]
    [InlineData("leaves the gradient")]
    [InlineData("writes to the target")]
    [InlineData("another value with a gradient")]
    public void A_broken_loss_is_found(string fault)
    {
        Matrix target = RandomMatrix(5, 3, 9);
        GradientCheckResult result = GradientCheck.Run(new FormulaLoss(fault), target);
        result.Verdict.Should().Be(GradientCheckVerdict.Wrong, "of {0}", result);
        Bits(target).Should().Equal(Bits(RandomMatrix(5, 3, 9)));
    }

    [Theory]
    [InlineData("factor 1.01")]
    [InlineData("factor 0.99")]
    [InlineData("wrong sign")]
    public void A_broken_loss_is_found_behind_a_network(string fault)
    {
        var network = new Sequential(new Linear(4, 3, new Random(1)), new Sigmoid());
        GradientCheckResult result = GradientCheck.Run(network, RandomMatrix(5, 4, 1), RandomMatrix(5, 3, 2), new FormulaLoss(fault));
        result.Rows.Should().OnlyContain(row => row.Wrong > 0);
        GradientCheck.Run(network, RandomMatrix(5, 4, 1), RandomMatrix(5, 3, 2), new FormulaLoss("none")).ThrowIfWrong();
    }

    [Fact]
    public void Misuse_is_refused_with_a_remedy()
    {
        var linear = new Linear(4, 3, new Random(1));
        FluentActions.Invoking(() => GradientCheck.Run(linear, 5)).Should().Throw<ArgumentException>().WithMessage("*expects 4 columns*Pass inputSize: 4*");
        FluentActions.Invoking(() => GradientCheck.Run(linear, 0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => GradientCheck.Run(linear, new Matrix(2, 3))).Should().Throw<ArgumentException>().WithMessage("*expects 4 columns*");
        FluentActions.Invoking(() => GradientCheck.Run(linear, new Matrix(0, 4))).Should().Throw<ArgumentException>().WithMessage("*empty*");
        FluentActions.Invoking(() => GradientCheck.Run(linear, new Matrix(2, 4), new Matrix(2, 2), new SumOfSquares())).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => GradientCheck.Run(new SumOfSquares(), new Matrix(0, 4))).Should().Throw<ArgumentException>().WithMessage("*empty*");
        FluentActions.Invoking(() => new GradientCheckOptions { BatchSize = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new GradientCheckOptions { ValuesPerArray = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        foreach (double tolerance in new[] { 0, -1, 1, double.NaN })
        {
            FluentActions.Invoking(() => new GradientCheckOptions { Tolerance = tolerance }).Should().Throw<ArgumentOutOfRangeException>();
        }
    }

    [Fact]
    public void The_table_reads_well()
    {
        // Powers of two only: every difference is exact.
        var layer = new FormulaLayer(x => 2 * x, x => x > 1 ? 1 : 2);
        string table = GradientCheck.Run(new Sequential(layer, FormulaLayer.Abs), new float[,] { { 1, 2 } }, new float[,] { { 1, 2 } }, new SumOfSquares()).ToString();
        table.Should().Be("""
            Gradient check of Sequential(Formula, Formula) with SumOfSquares on a 1×2 input: WRONG.
            array    values  checked  agree  wrong  kinks  worst error  at      backward  differences  verdict
            (input)       2        2      1      1      0       5.0e-1  [0, 1]         2            4  WRONG
            """.ReplaceLineEndings("\n"));
    }

    private static void FillGradients(Layer layer)
    {
        var random = new Random(7);
        foreach ((_, Parameter parameter) in layer.NamedParameters())
        {
            foreach (ref float gradient in parameter.Gradient.Span)
            {
                gradient = random.NextSingle();
            }
        }
    }

    private static int[] Bits(Layer layer) => [.. layer.NamedParameters().SelectMany(
        named => Bits(named.Parameter.Value).Concat(Bits(named.Parameter.Gradient)))];

    private static int[] Bits(Matrix matrix) => Array.ConvertAll(matrix.Span.ToArray(), BitConverter.SingleToInt32Bits);

    private static Matrix RandomMatrix(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var matrix = new Matrix(rows, columns);
        foreach (ref float value in matrix.Span)
        {
            value = (float)((random.NextDouble() * 4) - 2);
        }

        return matrix;
    }
}
