using Gauss = MathNet.Numerics.Distributions.Normal;

namespace NeuralTrain.Tests.Activations;

[Trait("Lecture", "L6.5")]
public sealed class SELUTests
{
    [Fact]
    public void The_constants_are_the_papers()
    {
        SELU.Lambda.Should().Be(1.0507009873554804934193349852946);
        SELU.Alpha.Should().Be(1.6732632423543772848170429916717);
    }

    [Fact]
    public void The_constants_solve_the_papers_equations_for_mean_zero_and_variance_one()
    {
        // For z ~ N(0, 1):  E[SELU(z)] = λ(E[z; z > 0] + α(E[e^z; z ≤ 0] − ½)),  E[e^z; z ≤ 0] = √e·Φ(−1),  E[z; z > 0] = 1/√(2π)
        double cut1 = Math.Exp(0.5) * Gauss.CDF(0, 1, -1);
        double cut2 = Math.Exp(2) * Gauss.CDF(0, 1, -2);
        double mean = SELU.Lambda * ((1 / Math.Sqrt(2 * Math.PI)) + (SELU.Alpha * (cut1 - 0.5)));

        // E[SELU²] = λ²(½ + α²(E[e^2z] − 2·E[e^z] + ½)), all over z ≤ 0
        double square = SELU.Lambda * SELU.Lambda * (0.5 + (SELU.Alpha * SELU.Alpha * (cut2 - (2 * cut1) + 0.5)));

        mean.Should().BeApproximately(0, 1e-9);
        square.Should().BeApproximately(1, 1e-9);
    }

    [Fact]
    public void Mean_zero_and_variance_one_are_kept_on_a_large_normal_sample()
    {
        const int Count = 1_000_000;
        var random = new Random(1);
        var values = new float[Count];
        for (int i = 0; i < Count; i++)
        {
            values[i] = (float)Gauss.Sample(random, 0, 1);
        }

        float[] outputs = Evaluate.Values(new SELU(), values);

        // The mean of 10⁶ values of deviation 1 deviates by 0.001, that of their squares by less than 0.002: 4 deviations.
        outputs.Average(value => (double)value).Should().BeApproximately(0, 0.004);
        outputs.Average(value => (double)value * value).Should().BeApproximately(1, 0.008);
    }

    [Fact]
    public void Through_sixteen_layers_of_lecun_weights_mean_and_deviation_stay_near_zero_and_one()
    {
        const int Width = 256;
        var random = new Random(1);
        var layers = new List<Layer>();
        for (int i = 0; i < 16; i++)
        {
            layers.Add(new Linear(Width, Width, random));
            layers.Add(new SELU());
        }

        var network = new Sequential([.. layers]);
        layers.OfType<Linear>().Should().OnlyContain(linear => linear.Weight.Initializer is LeCunNormal);
        var input = new Matrix(64, Width);
        foreach (ref float value in input.Span)
        {
            // Mean ½ and deviation 2: the activations are pulled to the fixed point, not merely kept there.
            value = (float)Gauss.Sample(random, 0.5, 2);
        }

        float[] outputs = network.Predict(input).Span.ToArray();
        double mean = outputs.Average(value => (double)value);
        double deviation = Math.Sqrt(outputs.Average(value => (value - mean) * (value - mean)));
        mean.Should().BeApproximately(0, 0.1);
        deviation.Should().BeApproximately(1, 0.15);
    }
}
