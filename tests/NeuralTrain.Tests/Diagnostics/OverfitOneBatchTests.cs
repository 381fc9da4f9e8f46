using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Diagnostics;

public sealed class OverfitOneBatchTests
{
    [Fact]
    public void Without_a_network_data_or_loss_it_says_which_is_missing()
    {
        Dataset data = LiveStateTests.Data(40);
        ((Action)(() => NetworkDiagnostics.OverfitOneBatch(null!, data, new SoftmaxCrossEntropy()))).Should().Throw<ArgumentNullException>().WithParameterName("network");
        Classifier().Invoking(own => own.OverfitOneBatch(null!, new SoftmaxCrossEntropy())).Should().Throw<ArgumentNullException>().WithParameterName("data");
        Classifier().Invoking(own => own.OverfitOneBatch(data, null!)).Should().Throw<ArgumentNullException>().WithParameterName("loss");
    }

    [Fact]
    [Trait("Lecture", "L7.2")]
    public void A_sound_classifier_memorises_a_batch()
    {
        OverfitResult result = Classifier().OverfitOneBatch(LiveStateTests.Data(200), new SoftmaxCrossEntropy());
        result.Reached.Should().BeTrue();
        result.Accuracy.Should().Be(1);
        result.Rows.Should().Be(32);
        result.Steps.Should().BeInRange(2, 999);
        result.Loss.Should().BeLessThan(result.InitialLoss);
        result.Suspects.Should().BeEmpty();
        result.ToString().Should().Be($"reached 100 % after {result.Steps} steps");
    }

    [Fact]
    [Trait("Lecture", "L7.2")]
    public void A_sound_regression_reaches_a_loss_of_about_0()
    {
        Dataset data = Values(row => row % 7 / 3f);
        OverfitResult result = Regression().OverfitOneBatch(data, new MeanSquaredError(), rows: 16);
        result.Reached.Should().BeTrue();
        result.Accuracy.Should().BeNull();
        float[] targets = [.. Enumerable.Range(0, 16).Select(i => data.Targets[i * 64 / 16, 0])];
        double mean = targets.Average(), variance = targets.Average(y => (y - mean) * (y - mean));
        result.Loss.Should().BeLessThanOrEqualTo(0.001 * variance * 1.0001);
        result.ToString().Should().Match("reached loss 0.* after * steps");
    }

    [Fact]
    [Trait("Lecture", "L7.2")]
    public void Dropout_is_judged_in_prediction()
    {
        var random = new Random(1);
        var network = new Sequential(new Linear(4, 64, random), new ReLU(), new Dropout(0.5, random), new Linear(64, 3, random));
        network.OverfitOneBatch(LiveStateTests.Data(200), new SoftmaxCrossEntropy()).Reached.Should().BeTrue();
    }

    [Fact]
    public void The_given_optimizer_sets_rule_and_rate()
    {
        Sequential network = Classifier();
        OverfitResult slow = network.OverfitOneBatch(LiveStateTests.Data(200), new SoftmaxCrossEntropy(), new SGD(network, 1e-6), maximumSteps: 50);
        slow.Reached.Should().BeFalse();
        slow.Steps.Should().Be(50);
        slow.Suspects.Should().Contain(suspect => suspect.Contains("the loss hardly fell"));
    }

    [Fact]
    public void Rows_that_contradict_each_other_are_suspected_first()
    {
        Dataset data = LiveStateTests.Data(32);
        data.Inputs.Row(3).CopyTo(data.Inputs.Row(20));
        data.Targets.Row(20).Clear();
        data.Targets[20, (data.Targets.Row(3).IndexOf(1) + 1) % 3] = 1;
        OverfitResult result = Classifier().OverfitOneBatch(data, new SoftmaxCrossEntropy(), maximumSteps: 300);
        result.Reached.Should().BeFalse();
        result.Accuracy.Should().BeLessThan(1);
        result.Suspects[0].Should().StartWith("rows 3 and 20 of the batch have the same features but different targets");
        result.ToString().Should().StartWith("did not memorise 32 rows: 9").And.Contain("\n- rows 3 and 20");
    }

    [Fact]
    public void What_the_checker_finds_is_suspected()
    {
        var random = new Random(1);
        var network = new Sequential(new Linear(4, 16, random, biasInitializer: new Constant(-20)), new ReLU(), new Linear(16, 3, random));
        OverfitResult result = network.OverfitOneBatch(LiveStateTests.Data(100), new SoftmaxCrossEntropy(), maximumSteps: 20);
        result.Suspects.Should().Contain(suspect => suspect.StartsWith("NT022 warning"));
    }

    [Fact]
    public void A_rate_at_which_it_explodes_is_suspected()
    {
        Sequential network = Regression();
        OverfitResult result = network.OverfitOneBatch(Values(row => row), new SumOfSquares(), new SGD(network, 1e6));
        result.Reached.Should().BeFalse();
        result.Steps.Should().BeLessThan(1000);
        result.Suspects.Should().Contain(suspect => suspect.StartsWith("something was not finite after") && suspect.EndsWith("with the rate 1000000: lower it"));
    }

    [Fact]
    public void A_loss_that_was_still_falling_asks_for_more_steps() => Regression()
        .OverfitOneBatch(Values(row => row % 7 / 3f), new MeanSquaredError(), maximumSteps: 30)
        .Suspects.Should().Contain("the loss was still falling: allow more steps, or raise the learning rate");

    private static Sequential Classifier()
    {
        var random = new Random(1);
        return new Sequential(new Linear(4, 32, random), new ReLU(), new Linear(32, 3, random));
    }

    private static Sequential Regression()
    {
        var random = new Random(1);
        return new Sequential(new Linear(4, 64, random), new ReLU(), new Linear(64, 1, random));
    }

    private static Dataset Values(Func<int, float> value)
    {
        var targets = new Matrix(64, 1);
        for (int row = 0; row < 64; row++)
        {
            targets[row, 0] = value(row);
        }

        return new Dataset(LiveStateTests.Data(64).Inputs, targets);
    }
}
