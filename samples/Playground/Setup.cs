namespace NeuralTrain.Samples;

/// <summary>What the page asks for: data, network and training. Everything has a bound, so that no request can make the server train a giant.</summary>
internal sealed record Setup
{
    public const int MostPoints = 2000, MostLayers = 10, MostUnits = 16, MostEpochs = 10_000;

    /// <summary>Half the side of the square in which points lie.</summary>
    public const double Reach = 2.5;

    public string Data { get; init; } = "circle";

    public int Points { get; init; } = 300;

    public double Noise { get; init; } = 0.1;

    public double TestShare { get; init; } = 0.5;

    /// <summary>Points drawn on the page, each as x, y and class 0 or 1; used when <see cref="Data"/> is "drawn".</summary>
    public double[][] Drawn { get; init; } = [];

    /// <summary>What both inputs are multiplied with: 100 is the trap of forgotten scaling.</summary>
    public double InputScale { get; init; } = 1;

    public bool Standardize { get; init; }

    public int[] Units { get; init; } = [6, 4];

    public string Activation { get; init; } = "tanh";

    public string Weights { get; init; } = "suited";

    public double Biases { get; init; }

    public string Normalization { get; init; } = "none";

    public double Dropout { get; init; }

    /// <summary>What follows the last linear layer.</summary>
    public string Output { get; init; } = "scores";

    public string Loss { get; init; } = "suited";

    public string Optimizer { get; init; } = "SGD";

    public double Rate { get; init; } = 0.03;

    /// <summary>α of momentum, and the forgetting factor of RMSprop and of Adam's first moment.</summary>
    public double Momentum { get; init; } = 0.9;

    public double L2 { get; init; }

    public string Schedule { get; init; } = "constant";

    /// <summary>How long the schedule is meant to last.</summary>
    public int Epochs { get; init; } = 200;

    public int Batch { get; init; } = 10;

    public int Seed { get; init; } = 1;

    public bool IsRegression => Choices.Data[Data].IsRegression;

    /// <summary>Refuses what is unknown, out of range or not finite, with a sentence that says which.</summary>
    public Setup Checked()
    {
        Known(Data, Choices.Data.Keys, "data");
        Known(Activation, Choices.Activations.Keys, "activation");
        Known(Weights, Choices.Weights.Keys, "weights");
        Known(Normalization, Choices.Normalizations.Keys, "normalization");
        Known(Output, Choices.Outputs.Keys, "output");
        Known(Loss, Choices.Losses.Keys, "loss");
        Known(Optimizer, Choices.Optimizers.Keys, "optimizer");
        Known(Schedule, Choices.Schedules.Keys, "schedule");
        Within(Points, 10, MostPoints, "points");
        Within(Noise, 0, 1, "noise");
        Within(TestShare, 0.1, 0.9, "testShare");
        Within(InputScale, 0.001, 1000, "inputScale");
        Within(Biases, 0, 1, "biases");
        Within(Dropout, 0, 0.9, "dropout");
        Within(Rate, 1e-9, 1000, "rate");
        Within(Momentum, 0, 0.999, "momentum");
        Within(L2, 0, 10, "l2");
        Within(Epochs, 1, MostEpochs, "epochs");
        Within(Batch, 1, MostPoints, "batch");
        Within(Seed, 0, int.MaxValue, "seed");
        Within((Units ?? []).Length, 0, MostLayers, "the number of hidden layers");
        foreach (int units in Units ?? [])
        {
            Within(units, 1, MostUnits, "each of units");
        }

        Within((Drawn ?? []).Length, 0, MostPoints, "the number of drawn points");
        foreach (double[] point in Drawn ?? [])
        {
            Within(point?.Length ?? 0, 3, 3, "the length of a drawn point (x, y, class)");
            Within(Math.Max(Math.Abs(point![0]), Math.Abs(point[1])), 0, Reach, "each coordinate of drawn");
            if (point[2] is not (0 or 1)) throw new ArgumentException($"The class of a drawn point must be 0 or 1, received {point[2]}.");
        }

        if (Data == "drawn" && (Drawn ?? []).Length < 4)
        {
            throw new ArgumentException($"drawn needs at least 4 points to train and test on, received {(Drawn ?? []).Length}. Click into the plane to add some.");
        }

        return this with { Units = Units ?? [], Drawn = Drawn ?? [] };
    }

    private static void Known(string value, ICollection<string> choices, string name)
    {
        if (value is null || !choices.Contains(value))
        {
            throw new ArgumentException($"{name} must be one of {string.Join(", ", choices)}, received {value ?? "null"}.");
        }
    }

    // Written so that NaN is refused too.
    private static void Within(double value, double low, double high, string name)
    {
        if (!(value >= low && value <= high))
        {
            throw new ArgumentException($"{name} must lie in {low} to {high}, received {value}.");
        }
    }
}
