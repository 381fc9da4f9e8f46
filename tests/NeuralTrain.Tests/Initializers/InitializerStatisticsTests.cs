namespace NeuralTrain.Tests.Initializers;

/// <summary>
/// Mean, variance and share inside one deviation of 200 000 draws each, within three standard errors of the estimator: a sound
/// distribution fails one check for about one seed in 370, and the seeds here are fixed.
/// </summary>
public sealed class InitializerStatisticsTests
{
    private static int Count => 200_000;
    private static int FanIn => 40;
    private static int FanOut => 25;

    // Kurtosis E z⁴ and share P(|z| ≤ 1) of each shape with deviation 1, and where it ends. For the truncated normal, with φ(2) = 0.0539909665,
    // Z = 0.9544997361: m₂ = 1 − 4φ/Z = 0.87962566², m₄ = 3m₂ − 16φ/Z, kurtosis m₄ / m₂², and the share is P(|z| ≤ 0.87962566) / Z.
    private static Shape NormalShape { get; } = new(3, 0.6826894921, double.PositiveInfinity);
    private static Shape UniformShape { get; } = new(1.8, 0.5773502692, 1.7320508076);
    private static Shape TruncatedShape { get; } = new(2.3655367171, 0.6505374949, 2 / 0.87962566103423978);

    private static Dictionary<string, (Initializer Initializer, double Deviation, Shape Shape)> Cases { get; } = new()
    {
        ["Normal"] = (new Normal(0.3), 0.3, NormalShape),
        ["Normal, too small (L2.2)"] = (new Normal(0.01), 0.01, NormalShape),
        ["Normal, truncated"] = (new Normal(0.3, truncated: true), 0.3, TruncatedShape),
        ["Uniform"] = (new Uniform(-0.5, 0.5), 0.5 / Math.Sqrt(3), UniformShape),
        ["GlorotNormal"] = (new GlorotNormal(), Math.Sqrt(2.0 / (FanIn + FanOut)), NormalShape),
        ["GlorotNormal, truncated"] = (new GlorotNormal(truncated: true), Math.Sqrt(2.0 / (FanIn + FanOut)), TruncatedShape),
        ["GlorotUniform"] = (new GlorotUniform(), Math.Sqrt(2.0 / (FanIn + FanOut)), UniformShape),
        ["HeNormal"] = (new HeNormal(), Math.Sqrt(2.0 / FanIn), NormalShape),
        ["HeNormal, leaky"] = (new HeNormal(negativeSlope: 0.5), Math.Sqrt(2.0 / (1.25 * FanIn)), NormalShape),
        ["HeNormal, leaky, truncated"] = (new HeNormal(0.5, truncated: true), Math.Sqrt(2.0 / (1.25 * FanIn)), TruncatedShape),
        ["HeUniform"] = (new HeUniform(), Math.Sqrt(2.0 / FanIn), UniformShape),
        ["HeUniform, leaky"] = (new HeUniform(negativeSlope: 0.5), Math.Sqrt(2.0 / (1.25 * FanIn)), UniformShape),
        ["LeCunNormal"] = (new LeCunNormal(), Math.Sqrt(1.0 / FanIn), NormalShape),
        ["LeCunNormal, truncated"] = (new LeCunNormal(truncated: true), Math.Sqrt(1.0 / FanIn), TruncatedShape),
        ["LeCunUniform"] = (new LeCunUniform(), Math.Sqrt(1.0 / FanIn), UniformShape),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Lecture", "L2.2")]
    [Trait("Lecture", "L2.3")]
    [Trait("Lecture", "L2.4")]
    [Trait("Lecture", "L2.5")]
    [Trait("Lecture", "L2.6")]
    public void Draws_have_the_mean_variance_shape_and_bounds_of_their_distribution(string name)
    {
        (Initializer initializer, double deviation, Shape shape) = Cases[name];
        var values = new float[Count];
        initializer.Fill(values, FanIn, FanOut, new Random(1));

        double mean = values.Average(value => (double)value);
        double variance = values.Sum(value => (value - mean) * (value - mean)) / (Count - 1);
        double inside = values.Count(value => Math.Abs(value) <= deviation) / (double)Count;
        double farthest = values.Max(value => Math.Abs((double)value));

        mean.Should().BeApproximately(0, 3 * deviation / Math.Sqrt(Count));
        variance.Should().BeApproximately(deviation * deviation, 3 * deviation * deviation * Math.Sqrt((shape.Kurtosis - 1) / Count));
        inside.Should().BeApproximately(shape.Inside, 3 * Math.Sqrt(shape.Inside * (1 - shape.Inside) / Count));
        if (double.IsFinite(shape.End))
        {
            farthest.Should().BeInRange(0.99 * shape.End * deviation, shape.End * deviation * (1 + 1e-6));
        }
        else
        {
            // P(|z| ≤ 3.5) of all draws would be e^−93.
            farthest.Should().BeGreaterThan(3.5 * deviation);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others(string name)
    {
        float[] Draw(int seed)
        {
            var values = new float[33];
            Cases[name].Initializer.Fill(values, FanIn, FanOut, new Random(seed));
            return values;
        }

        Draw(5).Should().Equal(Draw(5));
        Draw(5).Should().NotEqual(Draw(6));
    }

    private sealed record Shape(double Kurtosis, double Inside, double End);
}
