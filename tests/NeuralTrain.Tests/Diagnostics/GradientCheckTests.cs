using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Diagnostics;

[Trait("Lecture", "L1.1")]
public sealed class GradientCheckTests
{
    public static TheoryData<string> Sound => [.. LayerCases.All.Where(layerCase => !layerCase.IsRandom).Select(layerCase => layerCase.Name)];

    public static TheoryData<string> Broken =>
    [
        "wrong sign", "missing term", "missing factor", "ignores the batch", "divides by the batch", "overwrites gradients",
        "needs an input gradient", "adds to the input gradient", "writes to the upstream gradient", "writes to the input",
    ];

    [Theory]
    [MemberData(nameof(Sound))]
    public void Every_sound_layer_passes_for_every_seed(string name)
    {
        LayerCase layerCase = LayerCases.All.Single(candidate => candidate.Name == name);
        for (int seed = 1; seed <= 10; seed++)
        {
            var options = new GradientCheckOptions { Seed = (ulong)seed, BatchSize = Math.Max(3, layerCase.LeastTrainingRows) };
            GradientCheckResult result = GradientCheck.Run(layerCase.CreateReady(seed), layerCase.CreateInput(options.BatchSize, seed), options);
            result.Verdict.Should().Be(GradientCheckVerdict.Passed, "of {0}", result);
            if (layerCase.Categories.Length > 0) continue;
            result = GradientCheck.Run(layerCase.CreateReady(seed), layerCase.InputSize, options);
            result.Verdict.Should().Be(GradientCheckVerdict.Passed, "of {0}", result);
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_layer_is_found(string fault)
    {
        for (int seed = 1; seed <= 50; seed++)
        {
            GradientCheckResult result = GradientCheck.Run(new BreakableLayer(fault), 5, new GradientCheckOptions { Seed = (ulong)seed });
            result.Verdict.Should().Be(GradientCheckVerdict.Wrong, "with seed {0} of {1}", seed, result);
            result.Invoking(r => r.ThrowIfWrong()).Should().Throw<GradientCheckException>().WithMessage("Gradient check of*WRONG*");
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_layer_is_found_inside_a_network_if_it_matters_there(string fault)
    {
        bool matters = fault is not ("needs an input gradient" or "writes to the upstream gradient");
        for (int seed = 1; seed <= 20; seed++)
        {
            var network = new Sequential(new Linear(5, 5, new Random(seed)), new BreakableLayer(fault), new Sigmoid());
            GradientCheckResult result = GradientCheck.Run(network, 5, new GradientCheckOptions { Seed = (ulong)seed });
            result.Verdict.Should().Be(matters ? GradientCheckVerdict.Wrong : GradientCheckVerdict.Passed, "with seed {0} of {1}", seed, result);
        }
    }

    [Fact]
    public void The_sound_layer_they_are_broken_from_passes() => GradientCheck.Run(new BreakableLayer("none"), 5).ThrowIfWrong();

    [Fact]
    public void A_layer_wrong_for_one_row_is_found_with_one_row() =>
        GradientCheck.Run(new BreakableLayer("wrong for one row"), 5, new GradientCheckOptions { BatchSize = 1 })
            .Verdict.Should().Be(GradientCheckVerdict.Wrong);

    [Theory]
    [InlineData(1.01f)]
    [InlineData(0.99f)]
    [InlineData(-1f)]
    [InlineData(0f)]
    public void A_gradient_wrong_by_one_percent_is_found_for_every_seed(float factor)
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            var layer = new FormulaLayer(MathF.Tanh, x => factor * (1 - (MathF.Tanh(x) * MathF.Tanh(x))));
            GradientCheckResult result = GradientCheck.Run(layer, 5, new GradientCheckOptions { Seed = (ulong)seed });
            result.Rows.Should().ContainSingle().Which.Wrong.Should().BeGreaterThan(10, "of {0}", result);
            result.Rows[0].WorstError.Should().BeApproximately(
                Math.Abs(1 - factor) / Math.Max(1, Math.Abs(factor)), 0.004);
        }
    }

    [Fact]
    public void One_wrong_value_among_many_is_named_with_its_place()
    {
        Matrix input = new float[,] { { 0.5f, 1, -1 }, { 0.25f, 7, 2 } };
        GradientCheckRow row = GradientCheck.Run(new FormulaLayer(x => x * x, x => x == 7 ? x : 2 * x), input).Rows.Single();
        row.Should().BeEquivalentTo(new { Name = "(input)", Count = 6, Checked = 6, Agreeing = 5, Wrong = 1, OnKinks = 0, WorstAt = "[1, 1]" });
        row.WorstError.Should().BeApproximately(0.5, 1e-4);
        row.Analytic.Should().BeApproximately(row.Numeric / 2, 1e-4);
        input[1, 1].Should().Be(7);
    }

    [Fact]
    public void Networks_with_many_kinks_pass_for_every_seed()
    {
        for (int seed = 1; seed <= 10; seed++)
        {
            GradientCheckResult result = GradientCheck.Run(KinkedNetwork(seed, 1), 9, new GradientCheckOptions { Seed = (ulong)seed, BatchSize = 8 });
            result.Verdict.Should().Be(GradientCheckVerdict.Passed, "of {0}", result);
            result.Rows.Sum(row => row.Agreeing).Should().BeGreaterThan(result.Rows.Sum(row => row.Checked) * 3 / 4, "of {0}", result);
        }
    }

    [Fact]
    public void An_error_of_one_percent_is_found_among_many_kinks_for_every_seed()
    {
        for (int seed = 1; seed <= 10; seed++)
        {
            GradientCheckResult result = GradientCheck.Run(KinkedNetwork(seed, 1.01f), 9, new GradientCheckOptions { Seed = (ulong)seed, BatchSize = 8 });
            result.Verdict.Should().Be(GradientCheckVerdict.Wrong, "of {0}", result);
            result.Rows.Where(row => row.Verdict == GradientCheckVerdict.Wrong).Select(row => row.Name)
                .Should().Contain(["(input)", "0.weight", "2.weight"]).And.NotContain(["4.weight", "4.bias", "6.weight", "6.bias"]);
            result.Rows.Take(5).Sum(row => row.Agreeing).Should().BeLessThan(10, "all that lies before the error is wrong, of {0}", result);
        }
    }

    [Fact]
    public void Values_on_a_kink_are_counted_apart()
    {
        Matrix input = new float[,] { { 0.5f, 0, -1 }, { 0.25f, 7, 0 } };
        foreach (FormulaLayer layer in new[] { FormulaLayer.Abs, FormulaLayer.Rectifier })
        {
            GradientCheckResult result = GradientCheck.Run(layer, input);
            result.Rows.Single().Should().BeEquivalentTo(new { Checked = 6, Agreeing = 4, Wrong = 0, OnKinks = 2, FirstKinkAt = "[0, 1]" });
            result.Verdict.Should().Be(GradientCheckVerdict.Passed);
            result.ToString().Should().Contain("2 on a kink, the first at [0, 1]");
        }
    }

    [Fact]
    public void A_point_that_lies_entirely_on_kinks_is_no_pass()
    {
        GradientCheckResult result = GradientCheck.Run(FormulaLayer.Abs, new Matrix(2, 3));
        result.Verdict.Should().Be(GradientCheckVerdict.NotCheckable);
        result.Invoking(r => r.ThrowIfWrong()).Should().Throw<GradientCheckException>().WithMessage("*not checkable*6 on a kink*");
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.01f)]
    [InlineData(0.001f)]
    [InlineData(0.0003f)]
    [InlineData(0.0001f)]
    [InlineData(0.00003f)]
    [InlineData(0.000001f)]
    public void A_kink_nearby_is_never_taken_for_an_error(float distance)
    {
        Matrix input = new float[,] { { distance, -distance, 1 } };
        foreach (FormulaLayer layer in new[] { FormulaLayer.Abs, FormulaLayer.Rectifier })
        {
            GradientCheckRow row = GradientCheck.Run(layer, input).Rows.Single();
            row.Wrong.Should().Be(0);
            row.Agreeing.Should().BeGreaterThan(distance >= 0.001f ? 2 : 0);
        }
    }

    [Fact]
    public void A_wrong_slope_beside_a_kink_is_found()
    {
        Matrix input = new float[,] { { 0.01f, -0.01f, 1 } };
        GradientCheck.Run(new FormulaLayer(MathF.Abs, x => 1), input).Rows.Single().Should().BeEquivalentTo(new { Agreeing = 2, Wrong = 1 });
    }

    [Fact]
    public void A_random_layer_is_reported_as_such_and_does_not_pass()
    {
        var random = new Random(1);
        FormulaLayer Create() => new(x => random.Next(2) * x, x => 1);
        foreach (GradientCheckResult result in new[]
        {
            GradientCheck.Run(Create(), 5),
            GradientCheck.Run(new Sequential(new Linear(3, 4, random), Create()), 3),
            GradientCheck.Run(new Sequential(Create()), new float[,] { { 1, 2 } }, new Matrix(1, 2), new MeanSquaredError()),
        })
        {
            result.Verdict.Should().Be(GradientCheckVerdict.NotCheckable);
            result.Obstacle.Should().Contain("random").And.Contain("p = 0");
            result.Rows.Should().BeEmpty();
            result.Invoking(r => r.ThrowIfWrong()).Should().Throw<GradientCheckException>().WithMessage("*not checkable*random*");
        }
    }

    [Fact]
    public void Randomness_that_shows_late_is_reported_too()
    {
        int passes = 0;
        GradientCheckResult result = GradientCheck.Run(new FormulaLayer(x => ++passes > 100 ? x + 1 : x, x => 1), 3);
        result.Verdict.Should().Be(GradientCheckVerdict.NotCheckable);
        result.Obstacle.Should().Contain("random");
    }

    [Fact]
    public void Gradients_that_are_zero_on_both_sides_agree() =>
        GradientCheck.Run(FormulaLayer.Rectifier, new float[,] { { -1, -2, 1 } }).Rows.Single().Agreeing.Should().Be(3);

    [Fact]
    public void Gradients_hidden_by_rounding_neither_pass_nor_fail()
    {
        // The large constant leaves of x only a few places.
        var layer = new FormulaLayer(x => 100_000 + x, x => 1.03f);
        GradientCheckResult result = GradientCheck.Run(layer, 5);
        result.Rows.Single().Should().BeEquivalentTo(new { Wrong = 0, Agreeing = 0, Unresolved = 15 });
        result.Verdict.Should().Be(GradientCheckVerdict.NotCheckable);
        result.ToString().Should().Contain("15 shown neither right nor wrong");
    }

    [Fact]
    public void Values_that_are_not_finite_are_reported()
    {
        GradientCheckResult result = GradientCheck.Run(new FormulaLayer(MathF.Log, x => 1 / x), new float[,] { { -1, 1 } });
        result.Verdict.Should().Be(GradientCheckVerdict.NotCheckable);
        result.Obstacle.Should().StartWith("Forward gives NaN at [0, 0] of its output");

        result = GradientCheck.Run(new FormulaLayer(x => x, x => x > 1 ? float.NaN : 1), new float[,] { { 1, 2 } });
        result.Verdict.Should().Be(GradientCheckVerdict.Wrong);
        result.Rows.Single().Should().BeEquivalentTo(new { Wrong = 1, Agreeing = 1, WorstAt = "[0, 1]", Analytic = double.NaN });

        result = GradientCheck.Run(new FormulaLayer(x => x < 1 ? float.NaN : MathF.Log(x), x => 1 / x), new float[,] { { 1, 2 } });
        result.Rows.Single().Should().BeEquivalentTo(new { NotFinite = 1, Agreeing = 1 });
        result.ToString().Should().Contain("at 1 the forward pass gives NaN");

        result = GradientCheck.Run(
            new Sequential(new FormulaLayer(x => 1e30f * x, x => 1)), new float[,] { { 1, 2e38f } }, new Matrix(1, 2), new FormulaLoss("infinite"));
        result.Verdict.Should().Be(GradientCheckVerdict.NotCheckable);
    }

    [Fact]
    public void The_formula_may_end_near_the_point() =>
        GradientCheck.Run(new FormulaLayer(MathF.Log, x => 1 / x), new float[,] { { 0.01f, 0.3f, 200 } }).Rows.Single().Agreeing.Should().Be(3);

    [Theory]
    [InlineData(1e-6f)]
    [InlineData(1e-3f)]
    [InlineData(1e3f)]
    [InlineData(1e6f)]
    public void Inputs_of_any_size_are_checked(float size)
    {
        var layer = new FormulaLayer(x => MathF.Tanh(x / size), x => (1 - (MathF.Tanh(x / size) * MathF.Tanh(x / size))) / size);
        Matrix input = new float[,] { { 0, -0.7f * size }, { 1.1f * size, 0.9f * size } };
        GradientCheckRow row = GradientCheck.Run(layer, input).Rows.Single();
        row.Agreeing.Should().Be(4, "of {0}", row);
    }

    private static Sequential KinkedNetwork(int seed, float factor)
    {
        var random = new Random(seed);
        var bent = new FormulaLayer(MathF.Tanh, x => factor * (1 - (MathF.Tanh(x) * MathF.Tanh(x))));
        return new Sequential(
            new Linear(9, 20, random), FormulaLayer.Rectifier, new Linear(20, 15, random), bent,
            new Linear(15, 20, random), FormulaLayer.Abs, new Linear(20, 4, random));
    }
}
