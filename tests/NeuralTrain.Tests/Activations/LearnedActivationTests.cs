namespace NeuralTrain.Tests.Activations;

[Trait("Lecture", "L3")]
public sealed class LearnedActivationTests
{
    [Fact]
    public void A_parametric_rectifier_starts_at_a_quarter_and_is_never_decayed()
    {
        var shared = new PReLU();
        var perUnit = new PReLU(units: 3, start: 0.1);

        shared.Weight.ToString().Should().Be("weight [1]");
        shared.Weight.Value.Span.ToArray().Should().Equal(0.25f);
        perUnit.Weight.ToString().Should().Be("weight [3]");
        perUnit.Weight.Value.Span.ToArray().Should().Equal(0.1f, 0.1f, 0.1f);
        new[] { shared, perUnit }.Should().OnlyContain(layer => !layer.Weight.IsRegularized);
    }

    [Fact]
    public void A_shared_slope_takes_any_width_and_slopes_per_unit_take_theirs()
    {
        new PReLU().InputSize.Should().BeNull();
        new PReLU(units: 1).InputSize.Should().Be(1);

        Action build = () => _ = new Sequential(new Linear(2, 4, new Random(1)), new PReLU(units: 3));
        build.Should().Throw<ArgumentException>().WithMessage("*PReLU*expects 3 columns, received 4*");
    }

    [Fact]
    public void A_slope_per_unit_gathers_the_gradient_of_its_own_column()
    {
        var layer = new PReLU(units: 2);
        Matrix input = new float[,] { { -1, 2 }, { -3, -4 } };
        Matrix upstream = new float[,] { { 10, 100 }, { 1, 0.5f } };
        var output = new Matrix(2, 2);
        layer.Forward(input, output);
        layer.Backward(input, output, upstream, default);

        layer.Weight.Gradient.Span.ToArray().Should().Equal((-1 * 10) + (-3 * 1), -4 * 0.5f);
    }

    [Fact]
    public void A_frozen_slope_gathers_no_gradient_but_hands_it_down()
    {
        foreach (PReLU layer in new[] { new PReLU(), new PReLU(units: 1) })
        {
            layer.Freeze();

            Evaluate.Derivatives(layer, -1, 2).Should().Equal(0.25f, 1);
            layer.Weight.Gradient.Span.ToArray().Should().Equal(0);
        }
    }

    [Fact]
    public void An_adaptive_unit_adds_its_hinges_to_a_rectifier()
    {
        var layer = new APL(1, 2, new Random(1));
        new[] { 0.5f, -2 }.CopyTo(layer.Slopes.Value.Span);
        new[] { 1f, -1 }.CopyTo(layer.Offsets.Value.Span);

        // x = 3: no hinge; x = 0.5: the first, ½·½; x = −2: both, ½·3 − 2·1.
        Evaluate.Values(layer, 3, 0.5f, -2).Should().Equal(3, 0.5f + 0.25f, 1.5f - 2);
        Evaluate.Derivatives(layer, 3, 0.5f, -2).Should().Equal(1, 1 - 0.5f, -0.5f + 2);
    }

    [Fact]
    public void A_hinge_contributes_no_gradient_at_its_own_kink()
    {
        var layer = new APL(1, 1, new Random(1));
        layer.Slopes.Value.Span.Fill(4);
        layer.Offsets.Value.Span.Fill(1);

        Evaluate.Derivatives(layer, 1, 0).Should().Equal(1, -4);
        layer.Slopes.Gradient.Span.ToArray().Should().Equal(1);
        layer.Offsets.Gradient.Span.ToArray().Should().Equal(4);
    }

    [Fact]
    public void Adaptive_units_start_apart_by_the_authors_distributions_and_a_seed_repeats_them()
    {
        var layer = new APL(1000, 5, new Random(1));
        float[] slopes = layer.Slopes.Value.Span.ToArray();
        float[] offsets = layer.Offsets.Value.Span.ToArray();

        layer.Slopes.ToString().Should().Be("a [5, 1000]");
        layer.Offsets.ToString().Should().Be("b [5, 1000]");
        slopes.Should().OnlyContain(slope => Math.Abs(slope) <= 0.2f);
        Deviation(slopes).Should().BeApproximately(0.2 / Math.Sqrt(3), 0.005);
        Deviation(offsets).Should().BeApproximately(0.5, 0.02);
        new APL(1000, 5, new Random(1)).Offsets.Value.Span.ToArray().Should().Equal(offsets);
        layer.Parameters.Should().OnlyContain(parameter => !parameter.IsRegularized);
        var followed = new APL(3, 5, new Random(1));
        _ = new Sequential(followed, new SELU());
        followed.Parameters.Select(parameter => $"{parameter.Initializer}").Should().Equal(["Uniform(-0.2, 0.2)", "Normal(0.5)"], "another activation behind does not change them");

        static double Deviation(float[] values) => Math.Sqrt(values.Average(value => (double)value * value));
    }

    [Fact]
    public void A_frozen_adaptive_unit_gathers_no_gradient_but_hands_it_down()
    {
        var layer = new APL(1, 1, new Random(1));
        layer.Slopes.Value.Span.Fill(4);
        layer.Offsets.Value.Span.Fill(1);
        layer.Freeze();

        Evaluate.Derivatives(layer, 2, 0.5f).Should().Equal(1, -3);
        layer.Parameters.SelectMany(parameter => parameter.Gradient.Span.ToArray()).Should().OnlyContain(value => value == 0);
    }
}
