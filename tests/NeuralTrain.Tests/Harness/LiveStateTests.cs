namespace NeuralTrain.Tests.Harness;

/// <summary>The check that a live network was left alone sees each thing that might have changed.</summary>
public sealed class LiveStateTests
{
    public static TheoryData<string> Changes => [.. All.Keys];

    private static readonly Dictionary<string, Action<Sequential, Optimizer>> All = new()
    {
        ["the sign of a zero weight"] = (network, _) => network.NamedParameters()[1].Parameter.Value.Span[0] *= -1,
        ["a running mean"] = (network, _) => Bump(network.NamedParameters().First(named => named.Parameter.IsStatistic).Parameter.Value.Span),
        ["a gradient"] = (network, _) => Bump(network.NamedParameters()[0].Parameter.Gradient.Span),
        ["a mask's position"] = (network, _) => network.Children[3].RandomStream!.Take(1),
        ["a mask's seed"] = (network, _) => network.Children[3].RandomStream!.Seed++,
        ["what is frozen"] = (network, _) => network.Children[4].Freeze(),
        ["what is trainable"] = (network, _) => network.NamedParameters()[0].Parameter.IsTrainable = false,
        ["the learning rate"] = (_, optimizer) => optimizer.LearningRate *= 2,
        ["a layer's rate"] = (network, optimizer) => optimizer.SetRate(network.Children[0], 0.5),
        ["the clipping"] = (_, optimizer) => optimizer.ClipNorm = 3,
        ["a step"] = (_, optimizer) => optimizer.Step(),
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void The_check_sees_a_change_of(string change)
    {
        (Sequential network, Optimizer optimizer) = InTraining();
        IReadOnlyList<string> before = LiveState.Of(network, optimizer);
        LiveState.Of(network, optimizer).Should().Equal(before);
        All[change](network, optimizer);
        LiveState.Of(network, optimizer).Should().NotEqual(before);
    }

    /// <summary>A network with everything that might change, after a few steps, with a gradient waiting.</summary>
    internal static (Sequential Network, Optimizer Optimizer) InTraining()
    {
        var random = new Random(3);
        var network = new Sequential(
            new Linear(4, 8, random), new BatchNorm(8), new RReLU(random), new Dropout(0.25, random), new Linear(8, 3, random));
        var optimizer = new Adam(network, 0.01) { L2 = 1e-4, ClipNorm = 5 };
        Dataset data = Data(64);
        var loss = new SoftmaxCrossEntropy();
        var gradient = new Matrix(64, 3);
        for (int step = 0; step < 4; step++)
        {
            loss.Evaluate(network.Forward(data.Inputs), data.Targets, gradient);
            network.Backward(gradient);
            if (step < 3)
            {
                optimizer.Step();
            }
        }

        // A weight of 0, whose sign is a bit too.
        network.NamedParameters()[1].Parameter.Value.Span[0] = 0;
        return (network, optimizer);
    }

    /// <summary>Three classes by the largest of the first three features; every feature is standard normal.</summary>
    internal static Dataset Data(int rows)
    {
        var random = new Random(5);
        var inputs = new Matrix(rows, 4);
        var labels = new int[rows];
        for (int row = 0; row < rows; row++)
        {
            foreach (ref float value in inputs.Row(row))
            {
                value = (float)MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
            }

            labels[row] = inputs.Row(row)[..3].IndexOf(inputs.Row(row)[..3].ToArray().Max());
        }

        return new Dataset(inputs, OneHot.Encode(labels, 3), ["a", "b", "c", "d"], classes: ["x", "y", "z"]);
    }

    private static void Bump(Span<float> values) => values[0] = MathF.BitIncrement(values[0]);
}
