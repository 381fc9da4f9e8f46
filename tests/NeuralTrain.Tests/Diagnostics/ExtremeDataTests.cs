namespace NeuralTrain.Tests.Diagnostics;

/// <summary>What looks at a network before training meets data at the ends of what there is: it answers, and does not throw.</summary>
public sealed class ExtremeDataTests
{
    public static TheoryData<string> Kinds => ["one row", "one class", "huge", "tiny", "weightless"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_check_answers(string kind)
    {
        Sequential network = Network();
        network.Check(Data(kind), new SoftmaxCrossEntropy(), new Adam(network)).ToString().Should().NotBeNull();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_values_check_answers(string kind)
    {
        Sequential network = Network();
        network.Check(Data(kind), new MeanSquaredError(), new SGD(network, 0.1)).ToString().Should().NotBeNull();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_curve_of_rates_has_a_suggestion_or_a_reason(string kind)
    {
        Sequential network = Network();
        LearningRateFinder.Run(network, Data(kind), new SoftmaxCrossEntropy(), new SGD(network, 0.1)).Reason.Should().NotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Learning_one_batch_ends_with_a_result(string kind) =>
        Network().OverfitOneBatch(Data(kind), new SoftmaxCrossEntropy()).ToString().Should().NotBeEmpty();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Activations_are_measured(string kind) => ActivationStatistics.Measure(Network(), Data(kind)).ToString().Should().NotBeEmpty();

    private static Sequential Network()
    {
        var random = new Random(1);
        return new Sequential(new Linear(2, 8, random), new ReLU(), new Linear(8, 2, random));
    }

    private static Dataset Data(string kind)
    {
        int rows = kind == "one row" ? 1 : 12;
        float scale = kind switch { "huge" => 3e38f, "tiny" => 1e-42f, _ => 1 };
        var random = new Random(2);
        var inputs = new Matrix(rows, 2);
        var targets = new Matrix(rows, 2);
        for (int row = 0; row < rows; row++)
        {
            inputs[row, 0] = scale * ((2 * random.NextSingle()) - 1);
            inputs[row, 1] = scale * ((2 * random.NextSingle()) - 1);
            targets[row, kind != "one class" && row % 2 == 1 ? 1 : 0] = 1;
        }

        return new Dataset(inputs, targets, sampleWeights: kind == "weightless" ? new float[rows] : []);
    }
}
