namespace NeuralTrain.Tests.Activations;

public sealed class VanishingGradientTests
{
    [Fact]
    [Trait("Lecture", "L3.1")]
    public void The_gradient_of_a_sigmoid_is_a_quarter_at_most_and_vanishes_where_it_saturates()
    {
        float[] points = [.. Enumerable.Range(-1000, 2001).Select(i => i / 100f)];
        float[] derivatives = Evaluate.Derivatives(new Sigmoid(), points);

        derivatives.Max().Should().Be(0.25f);
        points[Array.IndexOf(derivatives, 0.25f)].Should().BeApproximately(0, 0.01f);
        derivatives[0].Should().BeInRange(0, 5e-5f);
        derivatives[^1].Should().BeInRange(0, 5e-5f);
    }

    [Fact]
    [Trait("Lecture", "L3.1")]
    public void A_sigmoid_gives_positive_outputs_only_and_tanh_both_signs()
    {
        float[] points = [-50, -5, -0.5f, 0, 0.5f, 5, 50];

        Evaluate.Values(new Sigmoid(), points).Should().OnlyContain(value => value > 0);
        Evaluate.Values(new Tanh(), points).Select(MathF.Sign).Should().Equal(-1, -1, -1, 0, 1, 1, 1);
    }

    [Fact]
    [Trait("Lecture", "L3.1")]
    public void Through_ten_sigmoids_the_gradient_fades_to_a_millionth_and_through_rectifiers_not_at_all()
    {
        Gradient(() => new Sigmoid()).Should().BeInRange(0, 1e-6f);
        Gradient(() => new ReLU()).Should().Be(1);
        Gradient(() => new Tanh()).Should().BeGreaterThan(1e3f * Gradient(() => new Sigmoid()));

        static float Gradient(Func<Layer> activation) =>
            Math.Abs(Evaluate.Derivatives(new Sequential([.. Enumerable.Range(0, 10).Select(_ => activation())]), 0.5f)[0]);
    }

    [Fact]
    [Trait("Lecture", "L3.2")]
    public void A_rectifier_saturates_only_for_negatives()
    {
        Evaluate.Derivatives(new ReLU(), -1e4f, -1, -1e-4f, 1e-4f, 1, 1e4f).Should().Equal(0, 0, 0, 1, 1, 1);
    }

    [Fact]
    [Trait("Lecture", "L3.2")]
    public void The_gradient_of_a_parametric_rectifier_never_dies()
    {
        Evaluate.Derivatives(new PReLU(), -1e4f, -1, -1e-4f, 1e-4f, 1, 1e4f).Should().Equal(0.25f, 0.25f, 0.25f, 1, 1, 1);
    }
}
