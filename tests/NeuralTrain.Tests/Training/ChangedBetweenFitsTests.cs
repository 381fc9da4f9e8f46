using System.Reflection;

namespace NeuralTrain.Tests.Training;

/// <summary>What can be changed between two calls of Fit takes part in the second one; what cannot be is fixed from the beginning.</summary>
public sealed class ChangedBetweenFitsTests
{
    [Fact]
    public void A_trainer_keeps_its_network_loss_and_optimizer_and_losses_never_change()
    {
        Type[] types = typeof(Trainer).Assembly.GetTypes();
        Settable(typeof(Trainer)).Should().NotContain([nameof(Trainer.Network), nameof(Trainer.Loss), nameof(Trainer.Optimizer)]);
        types.Where(type => type.IsAssignableTo(typeof(Loss))).SelectMany(Settable).Should().BeEmpty();
        types.Where(type => type.IsAssignableTo(typeof(Layer))).SelectMany(Settable).Distinct().Should().Equal(nameof(BatchNorm.RunningAverageRate));
        Settable(typeof(Parameter)).Should().Equal(nameof(Parameter.IsTrainable));

        float[] weights = [1, 2, 3];
        var loss = new SoftmaxCrossEntropy(weights);
        Matrix prediction = new float[,] { { 1, 0, 0 }, { 0, 1, 0 } }, target = new float[,] { { 1, 0, 0 }, { 0, 0, 1 } };
        double before = loss.Evaluate(prediction, target);
        weights[2] = 100;
        loss.Evaluate(prediction, target).Should().Be(before, "it took a copy");

        static IEnumerable<string> Settable(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.SetMethod is { IsPublic: true } set && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit))).Select(property => property.Name);
    }

    [Fact]
    public void A_network_that_got_a_layer_is_another_one_and_needs_an_optimizer_of_its_own()
    {
        Trainer trainer = TestData.Classifier();
        trainer.Fit(TestData.Classes(40), epochs: 1);
        Sequential longer = trainer.Network.Append(new Linear(3, 3, new Random(1)));
        float[] copied = longer.NamedParameters()[0].Parameter.Value.Span.ToArray();
        trainer.Invoking(own => new Trainer(longer, own.Loss, own.Optimizer)).Should().Throw<ArgumentException>().WithMessage("The Adam trains parameters of another network*Create it with new Adam(network)*");
        trainer.Fit(TestData.Classes(40), epochs: 1);
        longer.NamedParameters()[0].Parameter.Value.Span.ToArray().Should().Equal(copied, "it is a copy, and nobody trained it");
        trainer.Network.NamedParameters()[0].Parameter.Value.Span.ToArray().Should().NotEqual(copied);
        new Trainer(longer, trainer.Loss, new Adam(longer)).Fit(TestData.Classes(40), epochs: 1).Epochs.Should().HaveCount(1);
    }

    [Fact]
    public void A_layer_that_is_frozen_stays_and_one_that_is_thawed_moves_also_if_it_was_frozen_when_the_optimizer_was_made()
    {
        Sequential network = TestData.Network();
        network[0].Freeze();
        Trainer trainer = TestData.Classifier(network);
        Moves(0).Should().BeFalse();
        network[0].Unfreeze();
        Moves(0).Should().BeTrue();
        network[^1].Freeze();
        Moves(network.Children.Count - 1).Should().BeFalse();
        trainer.History.Epochs.Select(epoch => epoch.Number).Should().Equal(1, 2, 3);

        bool Moves(int layer)
        {
            float[] before = network[layer].NamedParameters()[0].Parameter.Value.Span.ToArray();
            trainer.Fit(TestData.Classes(40), epochs: 1);
            return !before.AsSpan().SequenceEqual(network[layer].NamedParameters()[0].Parameter.Value.Span);
        }
    }

    [Fact]
    public void Another_rate_of_running_statistics_and_another_L2_count_from_the_next_Fit_on()
    {
        var random = new Random(1);
        var norm = new BatchNorm(3) { RunningAverageRate = 0.5 };
        var network = new Sequential(norm, new Linear(3, 3, random));
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new SGD(network, 0.1)) { BatchSize = 40 };
        Dataset data = TestData.Classes(40);
        double mean = data.Inputs.Span.ToArray().Where((_, i) => i % 3 == 0).Average(value => (double)value);
        trainer.Fit(data, epochs: 1);
        double once = norm.RunningMean.Value.Span[0];
        once.Should().BeApproximately(0.5 * mean, 1e-6);
        (norm.RunningAverageRate, trainer.Optimizer.L2) = (0.25, 0.01);
        trainer.Fit(data, epochs: 1).Epochs[1].RegularizationLoss.Should().BePositive();
        norm.RunningMean.Value.Span[0].Should().BeApproximately((float)((0.75 * once) + (0.25 * mean)), 1e-6f);
    }

    [Fact]
    public void Other_metrics_are_measured_and_a_curve_has_gaps_where_they_were_not()
    {
        Trainer trainer = TestData.Classifier();
        trainer.Fit(TestData.Classes(40), epochs: 1);
        trainer.Metrics = [new F1()];
        History history = trainer.Fit(TestData.Classes(40), epochs: 1);
        history.Curve("F1").Should().Equal(double.NaN, history.Epochs[1].Training["F1"]);
        string[][] lines = [.. history.ToCsv().Split('\n').Select(line => line.Split(','))];
        (lines[0][2], lines[1][2], lines[2][2].Length > 0).Should().Be(("training F1", "", true));
        history.Invoking(own => own.Curve("accuracy")).Should().Throw<ArgumentException>();
    }
}
