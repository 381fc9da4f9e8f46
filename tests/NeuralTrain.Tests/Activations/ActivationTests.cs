namespace NeuralTrain.Tests.Activations;

[Trait("Lecture", "L3")]
public sealed class ActivationTests
{
    private const float Infinity = float.PositiveInfinity;

    // Name, layer, limits at −∞ and +∞, derivative far left and far right, value and derivative at 0.
    private static readonly Dictionary<string, Row> Rows = new()
    {
        ["Identity"] = new(new Identity(), -Infinity, Infinity, 1, 1, 0, 1),
        ["Sigmoid"] = new(new Sigmoid(), 0, 1, 0, 0, 0.5f, 0.25f),
        ["Tanh"] = new(new Tanh(), -1, 1, 0, 0, 0, 1),
        ["ReLU"] = new(new ReLU(), 0, Infinity, 0, 1, 0, 0),
        ["LeakyReLU"] = new(new LeakyReLU(), -Infinity, Infinity, 0.01f, 1, 0, 0.01f),
        ["VReLU 0.1"] = new(new LeakyReLU(0.1), -Infinity, Infinity, 0.1f, 1, 0, 0.1f),
        ["VReLU 0.5"] = new(new LeakyReLU(0.5), -Infinity, Infinity, 0.5f, 1, 0, 0.5f),
        ["PReLU"] = new(new PReLU(), -Infinity, Infinity, 0.25f, 1, 0, 0.25f),
        ["PReLU per unit"] = new(new PReLU(units: 1), -Infinity, Infinity, 0.25f, 1, 0, 0.25f),
        ["RReLU of equal bounds"] = new(new RReLU(new Random(1), 0.3, 0.3), -Infinity, Infinity, 0.3f, 1, 0, 0.3f),
        ["ELU"] = new(new ELU(), -1, Infinity, 0, 1, 0, 1),
        ["ELU, other alpha"] = new(new ELU(0.3), -0.3f, Infinity, 0, 1, 0, 0.3f),
        ["SELU"] = new(new SELU(), -1.7580993f, Infinity, 0, 1.050701f, 0, 1.7580993f),
        ["Softplus"] = new(new Softplus(), 0, Infinity, 0, 1, 0.6931472f, 0.5f),
        ["Softplus, centered"] = new(new Softplus(centered: true), -0.6931472f, Infinity, 0, 1, 0, 0.5f),
        ["GELU"] = new(new GELU(), 0, Infinity, 0, 1, 0, 0.5f),
        ["GELU, approximate"] = new(new GELU(approximate: true), 0, Infinity, 0, 1, 0, 0.5f),
        ["SiLU"] = new(new SiLU(), 0, Infinity, 0, 1, 0, 0.5f),
        ["Mish"] = new(new Mish(), 0, Infinity, 0, 1, 0, 0.6f),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Value_and_derivative_at_zero_are_those_of_the_formula(string name)
    {
        Row row = Rows[name];

        Evaluate.Values(row.Layer, 0f, -0f).Should().OnlyContain(value => Math.Abs(value - row.AtZero) < 1e-7);
        Evaluate.Derivatives(row.Layer, 0f, -0f).Should().OnlyContain(value => Math.Abs(value - row.SlopeAtZero) < 1e-7);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void At_infinity_the_value_is_the_limit(string name)
    {
        Row row = Rows[name];

        float[] values = Evaluate.Values(row.Layer, -Infinity, Infinity);

        RequireClose(values[0], row.FarLeft);
        RequireClose(values[1], row.FarRight);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Large_values_stay_finite_and_right(string name)
    {
        Row row = Rows[name];
        float[] points = [-1e30f, -1e10f, -1e4f, 1e4f, 1e10f, 1e30f];

        float[] values = Evaluate.Values(row.Layer, points);
        float[] derivatives = Evaluate.Derivatives(row.Layer, points);

        for (int i = 0; i < points.Length; i++)
        {
            // A finite limit is reached; otherwise the value is slope times x, up to a shift that is lost beside x.
            bool left = points[i] < 0;
            float limit = left ? row.FarLeft : row.FarRight;
            float slope = left ? row.SlopeFarLeft : row.SlopeFarRight;
            double expected = float.IsFinite(limit) ? limit : (double)slope * points[i];
            values[i].Should().BeApproximately((float)expected, (float)(1e-4 * Math.Max(1e-3, Math.Abs(expected))), "x is {0}", points[i]);
            derivatives[i].Should().BeApproximately(slope, 1e-6f, "x is {0}", points[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_derivative_at_infinity_is_the_limit(string name)
    {
        Row row = Rows[name];

        float[] derivatives = Evaluate.Derivatives(row.Layer, -Infinity, Infinity);

        RequireClose(derivatives[0], row.SlopeFarLeft);
        RequireClose(derivatives[1], row.SlopeFarRight);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Not_a_number_is_handed_on_and_touches_nothing_beside_it(string name)
    {
        Layer layer = Rows[name].Layer;

        float[] values = Evaluate.Values(layer, 1, float.NaN, -1);

        values[1].Should().Be(float.NaN);
        values[0].Should().Be(Evaluate.Values(layer, 1)[0]);
        values[2].Should().Be(Evaluate.Values(layer, -1)[0]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_smallest_numbers_of_either_sign_come_through_as_the_tangent_at_zero_has_them(string name)
    {
        // Around 1e-20 every formula is its tangent; a difference like e^x − 1 would give 0.
        Row row = Rows[name];
        float[] values = Evaluate.Values(row.Layer, 1e-20f, -1e-20f);
        float[] slopes = Evaluate.Derivatives(row.Layer, 1e-20f, -1e-20f);

        values[0].Should().BeApproximately(row.AtZero + (slopes[0] * 1e-20f), row.AtZero == 0 && name != "Softplus, centered" ? 1e-26f : 1e-7f);
        values[1].Should().BeApproximately(row.AtZero - (slopes[1] * 1e-20f), row.AtZero == 0 && name != "Softplus, centered" ? 1e-26f : 1e-7f);
    }

    [Fact]
    public void The_lectures_formulas_of_tanh_agree()
    {
        foreach (float x in new[] { -3f, -0.7f, 0.1f, 2f })
        {
            double expected = (2 / (1 + Math.Exp(-2.0 * x))) - 1;
            Evaluate.Values(new Tanh(), x)[0].Should().BeApproximately((float)expected, 1e-6f);
        }
    }

    [Fact]
    public void Leaky_rectifiers_are_the_maximum_of_both_lines_for_slopes_up_to_one()
    {
        foreach (double slope in new[] { -2, 0, 0.01, 0.1, 0.5, 1 })
        {
            foreach (float x in new[] { -3f, -0.5f, 0.5f, 3f })
            {
                Evaluate.Values(new LeakyReLU(slope), x)[0].Should().BeApproximately((float)Math.Max(x, slope * x), 1e-6f);
            }
        }
    }

    [Fact]
    public void A_leaky_rectifier_of_a_slope_above_one_goes_by_the_sign()
    {
        Evaluate.Values(new LeakyReLU(3), -2, 2).Should().Equal(-6, 2);
        Evaluate.Derivatives(new LeakyReLU(3), -2, 2).Should().Equal(3, 1);
    }

    [Fact]
    public void The_approximate_gelu_is_close_to_the_exact_one_but_another_function()
    {
        float[] points = [.. Enumerable.Range(-500, 1001).Select(i => i / 100f)];

        double difference = Evaluate.Values(new GELU(), points).Zip(Evaluate.Values(new GELU(approximate: true), points))
            .Max(pair => Math.Abs(pair.First - pair.Second));

        difference.Should().BeInRange(1e-4, 5e-4);
    }

    private static void RequireClose(float actual, float expected)
    {
        if (float.IsInfinity(expected))
        {
            actual.Should().Be(expected);
        }
        else
        {
            actual.Should().BeApproximately(expected, 1e-6f);
        }
    }

    private sealed record Row(
        Layer Layer, float FarLeft, float FarRight, float SlopeFarLeft, float SlopeFarRight, float AtZero, float SlopeAtZero);
}
