namespace NeuralTrain.Tests.Activations;

public sealed class ActivationBadInputTests
{
    private static readonly Dictionary<string, (Action Create, string Message)> Cases = new()
    {
        ["LeakyReLU of NaN"] = (() => _ = new LeakyReLU(double.NaN), "*slope must be a finite number, received NaN*0.01*"),
        ["LeakyReLU of infinity"] = (() => _ = new LeakyReLU(double.NegativeInfinity), "*slope must be a finite number*"),
        ["LeakyReLU beyond float32"] = (() => _ = new LeakyReLU(1e300), "*slope must be a finite number*"),
        ["PReLU of NaN"] = (() => _ = new PReLU(start: double.NaN), "*start must be a finite number, received NaN*0.25*"),
        ["PReLU of no units"] = (() => _ = new PReLU(units: 0), "*units must be 1 or more, received 0*"),
        ["RReLU of reversed bounds"] = (() => _ = new RReLU(new Random(1), 0.5, 0.1), "*upper must not be less than lower (0.5), received 0.1*Swap*"),
        ["RReLU of NaN below"] = (() => _ = new RReLU(new Random(1), double.NaN), "*lower must be a finite number, received NaN*"),
        ["RReLU of NaN above"] = (() => _ = new RReLU(new Random(1), 0.1, double.NaN), "*upper must be a finite number, received NaN*"),
        ["ELU of NaN"] = (() => _ = new ELU(double.NaN), "*alpha must be a finite number greater than 0, received NaN*"),
        ["ELU of zero"] = (() => _ = new ELU(0), "*alpha must be a finite number greater than 0, received 0*ReLU*"),
        ["ELU of a negative"] = (() => _ = new ELU(-1), "*alpha must be a finite number greater than 0, received -1*"),
        ["ELU beyond float32"] = (() => _ = new ELU(1e-60), "*alpha must be greater than 0 as float32*"),
        ["Maxout of no pieces"] = (() => _ = new Maxout(2, 3, new Random(1), pieces: 0), "*pieces must be 1 or more, received 0*"),
        ["Maxout of no inputs"] = (() => _ = new Maxout(0, 3, new Random(1)), "*inputSize must be 1 or more, received 0*"),
        ["Maxout of no outputs"] = (() => _ = new Maxout(2, -3, new Random(1)), "*outputSize must be 1 or more, received -3*"),
        ["Maxout too large"] = (() => _ = new Maxout(2, 50_000, new Random(1), pieces: 50_000), "*2500000000 values*"),
        ["APL of no hinges"] = (() => _ = new APL(3, 0, new Random(1)), "*hinges must be 1 or more, received 0*ReLU*"),
        ["APL of no units"] = (() => _ = new APL(0, 1, new Random(1)), "*units must be 1 or more, received 0*"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Bad_hyper_parameters_are_refused_when_the_layer_is_made(string name)
    {
        (Action create, string message) = Cases[name];

        create.Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);
    }

    [Fact]
    public void A_missing_generator_is_refused()
    {
        Action rrelu = () => _ = new RReLU(null!);
        Action maxout = () => _ = new Maxout(1, 1, null!);
        Action apl = () => _ = new APL(1, 1, null!);

        rrelu.Should().Throw<ArgumentNullException>().WithParameterName("random");
        maxout.Should().Throw<ArgumentNullException>().WithParameterName("random");
        apl.Should().Throw<ArgumentNullException>().WithParameterName("random");
    }

    [Fact]
    public void A_bias_initializer_without_biases_is_refused()
    {
        Action create = () => _ = new Maxout(2, 3, new Random(1), bias: false, biasInitializer: new Constant(1));

        create.Should().Throw<ArgumentException>().WithMessage("*layer without biases*bias: true*");
    }
}
