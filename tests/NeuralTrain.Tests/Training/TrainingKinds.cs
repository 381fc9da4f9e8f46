namespace NeuralTrain.Tests.Training;

/// <summary>Trainings that each have something of their own to remember; every one has dropout, batch normalisation and a shuffled order.</summary>
internal static class TrainingKinds
{
    public static Dataset Train { get; } = Data(41, seed: 3);

    public static Dataset Validation { get; } = Data(13, seed: 4);

    /// <summary>The trainings by name.</summary>
    public static IReadOnlyDictionary<string, Func<Trainer>> All { get; } = new Dictionary<string, Func<Trainer>>
    {
        ["SGD"] = () => With(network => new SGD(network, 0.1)),
        ["Momentum"] = () => With(network => new Momentum(network, 0.1)),
        ["Nesterov"] = () => With(network => new Nesterov(network, 0.1)),
        ["AdaGrad"] = () => With(network => new AdaGrad(network, 0.1)),
        ["RMSprop"] = () => With(network => new RMSprop(network, 0.01)),
        ["Adam"] = () => With(network => new Adam(network, 0.01)),
        ["AdamW"] = () => With(network => new AdamW(network, 0.02)),
        ["plateau"] = () => With(network => new Adam(network, 0.05), trainer => trainer.Schedule = new ReduceOnPlateau(patience: 1, reduction: 0.5, threshold: 0.2)),
        ["one cycle"] = () => With(network => new Adam(network, 0.05), trainer => trainer.Schedule = new OneCycle()),
        ["early stopping"] = () => With(network => new Adam(network, 0.2), trainer => trainer.EarlyStopping = new EarlyStopping(patience: 2)),
        ["clipped"] = () => With(network => new Adam(network, 0.02) { ClipNorm = 0.05, L2 = 0.01 }),
        ["accumulated"] = () => With(network => new Adam(network, 0.02), trainer => trainer.AccumulationSteps = 3),
        ["partly slow"] = () => With(network => new Adam(network, 0.02), trainer => trainer.Optimizer.SetRate(trainer.Network.Children[0], 0.1)),
        ["partly frozen"] = () => With(network => new Adam(network, 0.02), trainer => trainer.Network.Children[0].Freeze()),
        ["everything"] = () => With(
            network => new AdamW(network, 0.05) { ClipNorm = 0.5, L2 = 0.001 },
            trainer =>
            {
                trainer.Seed = ulong.MaxValue;
                trainer.BatchSize = 5;
                trainer.Schedule = new WarmUp(4, new ReduceOnPlateau(patience: 1, reduction: 0.5, threshold: 0.1));
                trainer.EarlyStopping = new EarlyStopping(patience: 4);
            }),
    };

    /// <summary>The network of all of them, the same each time.</summary>
    public static Sequential Network()
    {
        var random = new Random(5);
        return new Sequential(
            new Linear(3, 8, random), new BatchNorm(8), new ReLU(), new Dropout(0.3, random), new Linear(8, 6, random), new RReLU(random), new GaussianNoise(0.1, random),
            new Linear(6, 2, random));
    }

    private static Trainer With(Func<Sequential, Optimizer> optimizer, Action<Trainer>? settings = null)
    {
        Sequential network = Network();
        var trainer = new Trainer(network, new MeanSquaredError(), optimizer(network)) { BatchSize = 8 };
        settings?.Invoke(trainer);
        return trainer;
    }

    private static Dataset Data(int rows, int seed)
    {
        var random = new Random(seed);
        var inputs = new Matrix(rows, 3);
        var targets = new Matrix(rows, 2);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                inputs[row, column] = (random.NextSingle() * 4) - 2;
            }

            targets[row, 0] = inputs[row, 0] * inputs[row, 1];
            targets[row, 1] = MathF.Sin(inputs[row, 2]);
        }

        return new Dataset(inputs, targets);
    }
}
