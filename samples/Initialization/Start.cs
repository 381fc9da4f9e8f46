namespace NeuralTrain.Samples;

/// <summary>One way to start: how the weights are drawn, and the activation after them.</summary>
internal sealed record Start(string Name, Initializer Weights, Func<Layer> Activation, string ActivationName)
{
    /// <summary>The five of the lecture: L2.2 too small, L2.3 too large, L2.4 Xavier, and L2.5 He where Xavier no longer suffices.</summary>
    public static readonly Start[] All =
    [
        new("N(0, 0.01²)", new Normal(0.01), () => new Tanh(), "tanh"),
        new("N(0, 1²)", new Normal(1), () => new Tanh(), "tanh"),
        new("Xavier", new LeCunNormal(), () => new Tanh(), "tanh"),
        new("Xavier", new LeCunNormal(), () => new ReLU(), "ReLU"),
        new("He", new HeNormal(), () => new ReLU(), "ReLU"),
    ];

    /// <summary>Six hidden layers of one width and, with <paramref name="outputs"/>, a last layer of scores.</summary>
    public Sequential Build(int inputs, int width, int? outputs, Random random)
    {
        var layers = new List<Layer>();
        for (int i = 0; i < 6; i++)
        {
            layers.Add(new Linear(i == 0 ? inputs : width, width, random, weightInitializer: Weights));
            layers.Add(Activation());
        }

        if (outputs is int scores)
        {
            layers.Add(new Linear(width, scores, random, weightInitializer: Weights));
        }

        return new Sequential([.. layers]);
    }
}
