namespace NeuralTrain.PeerBenchmarks;

/// <summary>What is measured, with what is to be reached on one thread. Made one at a time, so that no case fills another's caches.</summary>
internal static class CaseList
{
    /// <summary>Training steps and inference.</summary>
    public static IEnumerable<Func<PeerCase>> Steps =>
    [
        () => new StepCase(new NetworkPlan([3, 4, 1], 4, Rule.SGD, 1) { IsLectureXor = true }, 250, targetTime: 1e-6),
        () => new StepCase(new NetworkPlan([784, 30, 10], 10, Rule.SGD, 0.1), 6),
        () => new StepCase(new NetworkPlan([64, 64, 10], 64, Rule.Adam, 0.001), 8),
        () => new StepCase(new NetworkPlan([784, 128, 10], 32, Rule.Adam, 0.001), 3),
        () => new StepCase(new NetworkPlan([32, 64, 64, 1], 1024, Rule.Adam, 0.001), 2.5),
        () => new StepCase(Wide(Rule.Momentum, 0.01), 1.25),
        () => new StepCase(Wide(Rule.Adam, 0.001), 1.6),
        () => new StepCase(Wide(Rule.Adam, 0.001) with { BatchNorm = true, Dropout = 0.5f }, 1.6),
        () => new StepCase(new NetworkPlan([1024, 1024, 1024, 1024, 10], 512, Rule.Adam, 0.001), 1.1),
        () => new InferenceCase(new NetworkPlan([784, 128, 10], 1, Rule.SGD, 1), 10),
        () => new InferenceCase(new NetworkPlan([784, 128, 10], 10_000, Rule.SGD, 1), 1.2),
    ];

    /// <summary>Inference beside ONNX Runtime.</summary>
    public static IEnumerable<Func<PeerCase>> Onnx =>
    [
        () => new OnnxCase(new NetworkPlan([784, 128, 10], 1, Rule.SGD, 1)),
        () => new OnnxCase(new NetworkPlan([784, 128, 10], 10_000, Rule.SGD, 1)),
        () => new OnnxCase(new NetworkPlan([32, 64, 64, 1], 1, Rule.SGD, 1)),
        () => new OnnxCase(new NetworkPlan([32, 64, 64, 1], 1024, Rule.SGD, 1)),
    ];

    /// <summary>Matrix products, each in its three orientations.</summary>
    public static IEnumerable<Func<ProductCase>> Products
    {
        get
        {
            (int M, int N, int K, double? Share)[] shapes =
            [
                (128, 512, 784, 0.85), (512, 512, 512, 0.9), (1024, 1024, 1024, 0.9),
                (64, 64, 64, null), (32, 128, 784, null), (128, 10, 512, null),
            ];
            foreach ((int m, int n, int k, double? share) in shapes)
            {
                foreach (Orientation orientation in Enum.GetValues<Orientation>())
                {
                    yield return () => new ProductCase(orientation, m, n, k, share);
                }
            }
        }
    }

    /// <summary>Functions of each element.</summary>
    public static IEnumerable<Func<PeerCase>> Elementwise =>
    [
        () => new ElementwiseCase("sigmoid", new Sigmoid(), x => x.sigmoid(), 1),
        () => new ElementwiseCase("tanh", new Tanh(), x => x.tanh(), 2),
        () => new ElementwiseCase("ELU", new ELU(), x => x.elu(), 2),
        () => new ElementwiseCase("SELU", new SELU(), x => x.selu(), 1),
        () => new ElementwiseCase("softplus", new Softplus(), x => x.softplus(), 1),
        () => new ElementwiseCase("ReLU", new ReLU(), x => x.relu(), null),
        () => new ElementwiseCase("exp", new Exponential(), x => x.exp(), null),
    ];

    /// <summary>The widest of the usual networks; the gain from threads is promised for it.</summary>
    private static NetworkPlan Wide(Rule rule, double learningRate) => new([784, 512, 512, 10], 128, rule, learningRate);
}
