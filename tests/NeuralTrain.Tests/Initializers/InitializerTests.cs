namespace NeuralTrain.Tests.Initializers;

public sealed class InitializerTests
{
    private static Initializer[] All { get; } =
    [
        new Zeros(), new Constant(0.01), new Normal(1), new Uniform(-1, 1), new GlorotNormal(),
        new GlorotUniform(), new HeNormal(), new HeUniform(), new LeCunNormal(), new LeCunUniform(), new Orthogonal(),
    ];

    public static TheoryData<Type> Kinds => [.. All.Select(initializer => initializer.GetType())];

    [Fact]
    public void Every_initializer_of_the_library_is_in_the_list() => typeof(Initializer).Assembly.GetExportedTypes()
        .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(Initializer))).Should().BeEquivalentTo(All.Select(initializer => initializer.GetType()));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_fan_of_0_is_refused(Type kind)
    {
        Initializer initializer = All.Single(candidate => candidate.GetType() == kind);
        Action noInput = () => initializer.Fill(new float[3], 0, 3, new Random(1));
        Action noOutput = () => initializer.Fill(new float[3], 3, 0, new Random(1));
        Action noRandom = () => initializer.Fill(new float[3], 3, 1, null!);
        noInput.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*fanIn must be 1 or more, received 0*");
        noOutput.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*fanOut must be 1 or more, received 0*");
        noRandom.Should().Throw<ArgumentNullException>();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_value_is_overwritten_and_finite(Type kind)
    {
        Initializer initializer = All.Single(candidate => candidate.GetType() == kind);
        var values = new float[12];
        Array.Fill(values, float.NaN);
        initializer.Fill(values, 4, 3, new Random(1));
        values.Should().OnlyContain(value => float.IsFinite(value));
    }

    [Fact]
    [Trait("Lecture", "L2.1")]
    public void With_zero_weights_every_sigmoid_gives_a_half_and_all_units_of_a_layer_get_the_same_gradient()
    {
        var random = new Random(1);
        var network = new Sequential(
            new Linear(3, 4, random, weightInitializer: new Zeros()), new Sigmoid(),
            new Linear(4, 2, random, weightInitializer: new Zeros()), new Sigmoid());
        Matrix inputs = new float[,] { { 0, 0.3f, 1 }, { 0, 1, -1 }, { 1, 0, 1 } };
        Matrix targets = new float[,] { { 0, 0 }, { 1, 1 }, { 1, 1 } };
        var optimizer = new SGD(network, 1);
        var gradient = new Matrix(3, 2);
        for (int step = 0; step < 5; step++)
        {
            Matrix outputs = network.Forward(inputs);
            if (step == 0)
            {
                outputs.Span.ToArray().Should().OnlyContain(value => value == 0.5f);
            }

            new SumOfSquares().Evaluate(outputs, targets, gradient);
            network.Backward(gradient);
            foreach ((string path, Parameter parameter) in network.NamedParameters())
            {
                for (int unit = 1; unit < parameter.Gradient.Rows; unit++)
                {
                    parameter.Gradient.Row(unit).SequenceEqual(parameter.Gradient.Row(0)).Should().BeTrue("units of {0} are alike", path);
                }
            }

            optimizer.Step();
        }

        // Training has moved the weights, and moved them all alike.
        Parameter last = network.NamedParameters().Single(named => named.Path == "2.weight").Parameter;
        float first = last.Value[0, 0];
        first.Should().NotBe(0);
        last.Value.Span.ToArray().Should().OnlyContain(value => value == first);
    }

    [Fact]
    [Trait("Lecture", "L2.7")]
    public void Biases_start_at_zero_or_at_a_small_constant()
    {
        new Linear(3, 4, new Random(1)).Bias!.Value.Span.ToArray().Should().OnlyContain(value => value == 0);
        new Linear(3, 4, new Random(1), biasInitializer: new Constant(0.01)).Bias!.Value.Span.ToArray()
            .Should().OnlyContain(value => value == 0.01f);
    }

    [Fact]
    public void Bad_numbers_are_refused_at_construction()
    {
        foreach (Action create in new Action[]
        {
            () => _ = new Constant(double.NaN), () => _ = new Constant(1e300), () => _ = new Normal(0), () => _ = new Normal(double.NaN),
            () => _ = new Normal(-1, truncated: true), () => _ = new HeNormal(double.PositiveInfinity), () => _ = new HeUniform(double.NaN),
            () => _ = new Normal(1e300), () => _ = new Normal(1e-60), () => _ = new Normal(1e300, truncated: true), () => _ = new Normal(1e-60, truncated: true),
            () => _ = new Orthogonal(1e300), () => _ = new Uniform(-1e300, 1), () => _ = new Uniform(0, 1e300),
            () => _ = new Orthogonal(0), () => _ = new Orthogonal(double.NaN), () => _ = new Uniform(1, 1), () => _ = new Uniform(2, 1),
        })
        {
            create.Should().Throw<ArgumentOutOfRangeException>();
        }
    }

    [Fact]
    public void Names_say_what_was_drawn()
    {
        new HeNormal().ToString().Should().Be("HeNormal");
        new HeNormal(0.01, truncated: true).ToString().Should().Be("HeNormal(0.01, truncated)");
        new LeCunNormal(truncated: true).ToString().Should().Be("LeCunNormal(truncated)");
        new Orthogonal(2).ToString().Should().Be("Orthogonal(2)");
        new Constant(0.01).ToString().Should().Be("Constant(0.01)");
    }
}
