namespace NeuralTrain.Tests.Activations;

public sealed class PreferredInitializerTests
{
    private static readonly Dictionary<string, (Layer Activation, string Initializer)> Cases = new()
    {
        ["Identity"] = (new Identity(), "GlorotUniform"),
        ["Sigmoid"] = (new Sigmoid(), "GlorotUniform"),
        ["Tanh"] = (new Tanh(), "GlorotUniform"),
        ["Softmax"] = (new Softmax(), "GlorotUniform"),
        ["LogSoftmax"] = (new LogSoftmax(), "GlorotUniform"),
        ["Maxout"] = (new Maxout(4, 1, new Random(1)), "GlorotUniform"),
        ["ReLU"] = (new ReLU(), "HeNormal"),
        ["LeakyReLU"] = (new LeakyReLU(), "HeNormal(0.01)"),
        ["PReLU"] = (new PReLU(), "HeNormal(0.25)"),
        ["RReLU"] = (new RReLU(new Random(1), 0, 0.3), "HeNormal(0.17320508075688773)"),
        ["ELU"] = (new ELU(), "HeNormal"),
        ["APL"] = (new APL(4, 1, new Random(1)), "HeNormal"),
        ["Softplus"] = (new Softplus(), "HeNormal"),
        ["GELU"] = (new GELU(), "HeNormal"),
        ["SiLU"] = (new SiLU(), "HeNormal"),
        ["SELU"] = (new SELU(), "LeCunNormal"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Lecture", "L2.4")]
    [Trait("Lecture", "L2.5")]
    [Trait("Lecture", "L2.6")]
    public void A_linear_layer_draws_its_weights_as_the_activation_behind_it_prefers(string name)
    {
        var linear = new Linear(3, 4, new Random(1));
        _ = new Sequential(linear, Cases[name].Activation);

        linear.Weight.Initializer!.ToString().Should().Be(Cases[name].Initializer);
    }
}
