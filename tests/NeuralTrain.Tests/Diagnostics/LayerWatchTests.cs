using NeuralTrain.Tests.Harness;
using NeuralTrain.Tests.Training;

namespace NeuralTrain.Tests.Diagnostics;

public sealed class LayerWatchTests
{
    [Fact]
    public void Norms_and_ratios_are_those_of_the_same_training_step_by_step()
    {
        Dataset data = LiveStateTests.Data(64);
        var watch = new LayerWatch { ActivationInputs = data.Inputs };
        Sequential watched = Fresh();
        var trainer = new Trainer(watched, new SoftmaxCrossEntropy(), new SGD(watched, 0.1)) { BatchSize = 16, Shuffle = false };
        trainer.Observers.Add(watch);
        trainer.Fit(data, epochs: 2, cancellationToken: TestContext.Current.CancellationToken);
        trainer.Fit(data, epochs: 1, cancellationToken: TestContext.Current.CancellationToken);

        Sequential network = Fresh();
        var optimizer = new SGD(network, 0.1);
        var loss = new SoftmaxCrossEntropy();
        var gradient = new Matrix(16, 3);
        Parameter[] parameters = [.. network.NamedParameters().Select(named => named.Parameter)];
        var expected = new List<(int Epoch, string Path, double Gradient, double Weights, double? Ratio)>();
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            var gradients = new double[4];
            var ratios = new List<double>[] { [], [], [], [] };
            for (int step = 0; step < 4; step++)
            {
                loss.Evaluate(network.Forward(data.Inputs.SliceRows(step * 16, 16)), data.Targets.SliceRows(step * 16, 16), gradient);
                network.Backward(gradient);
                float[][] before = [.. parameters.Select(parameter => parameter.Value.Span.ToArray())];
                for (int i = 0; i < 4; i++)
                {
                    gradients[i] += Norm(parameters[i].Gradient.Span.ToArray()) / 4;
                }

                optimizer.Step();
                for (int i = 0; i < 4; i++)
                {
                    float[] change = [.. parameters[i].Value.Span.ToArray().Zip(before[i], (now, old) => now - old)];
                    if (Norm(before[i]) > 0)
                    {
                        ratios[i].Add(Norm(change) / Norm(before[i]));
                    }
                }
            }

            for (int i = 0; i < 4; i++)
            {
                expected.Add((epoch, network.NamedParameters()[i].Path, gradients[i], Norm(parameters[i].Value.Span.ToArray()), ratios[i].Average()));
            }
        }

        watch.Rows.Should().HaveCount(12);
        for (int i = 0; i < 12; i++)
        {
            LayerWatchRow row = watch.Rows[i];
            (row.Epoch, row.Path).Should().Be((expected[i].Epoch, expected[i].Path));
            row.GradientNorm.Should().BeApproximately(expected[i].Gradient, 1e-5 * expected[i].Gradient);
            row.WeightNorm.Should().BeApproximately(expected[i].Weights, 1e-5 * expected[i].Weights);
            row.UpdateRatio.Should().BeApproximately(expected[i].Ratio!.Value, 1e-4 * expected[i].Ratio!.Value);
        }

        watch.Activations.Should().HaveCount(3);
        watch.Activations[2].Layers[0].Mean.Should().Be(ActivationStatistics.Measure(watched, data.Inputs).Layers[0].Mean);
        watch.Activations[0].Layers[0].Mean.Should().NotBe(watch.Activations[2].Layers[0].Mean);
        watch.ToString().Should().StartWith("epoch 3\nparameter  gradient  weights  update / weights\n0.weight ");
    }

    [Fact]
    public void Watching_changes_no_bit_of_the_training()
    {
        Train(null).Should().Equal(Train(new LayerWatch { ActivationInputs = LiveStateTests.Data(8).Inputs }));

        static IReadOnlyList<string> Train(LayerWatch? watch)
        {
            (Sequential network, Optimizer optimizer) = LiveStateTests.InTraining();
            var trainer = new Trainer(network, new SoftmaxCrossEntropy(), optimizer);
            if (watch is not null)
            {
                trainer.Observers.Add(watch);
            }

            trainer.Fit(LiveStateTests.Data(100), epochs: 3, cancellationToken: TestContext.Current.CancellationToken);
            return LiveState.Of(network, optimizer);
        }
    }

    [Fact]
    public void Steps_of_an_epoch_that_was_cut_short_do_not_count_in_the_one_that_begins_anew()
    {
        Sequential network = Fresh();
        var watch = new LayerWatch();
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new SGD(network)) { BatchSize = 16, Shuffle = false };
        using var stop = new CancellationTokenSource();
        var norms = new List<double>();
        Parameter first = network.NamedParameters()[0].Parameter;
        trainer.Observers.Add(watch);
        trainer.Observers.Add(new StepAction(onGradients: _ => norms.Add(Norm(first.Gradient.Span.ToArray())), onStep: _ => stop.Cancel()));
        trainer.Fit(LiveStateTests.Data(64), epochs: 1, cancellationToken: stop.Token);
        trainer.Fit(LiveStateTests.Data(64), epochs: 1, cancellationToken: TestContext.Current.CancellationToken);
        norms.Should().HaveCount(5);
        watch.Rows[0].GradientNorm.Should().BeApproximately(norms[1..].Average(), 1e-6);
    }

    [Fact]
    public void Frozen_parameters_are_left_out()
    {
        Sequential network = Fresh();
        network.Children[0].Freeze();
        var watch = new LayerWatch();
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new SGD(network));
        trainer.Observers.Add(watch);
        trainer.Fit(LiveStateTests.Data(40), epochs: 1, cancellationToken: TestContext.Current.CancellationToken);
        watch.Rows.Select(row => row.Path).Should().Equal("2.weight", "2.bias");
    }

    [Fact]
    public void What_the_optimizer_does_not_train_is_left_out()
    {
        Sequential network = Fresh();
        var watch = new LayerWatch();
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new SGD(network.Children[2]));
        trainer.Observers.Add(watch);
        trainer.Fit(LiveStateTests.Data(40), epochs: 1, cancellationToken: TestContext.Current.CancellationToken);
        watch.Rows.Select(row => row.Path).Should().Equal("weight", "bias");
    }

    [Fact]
    public void Before_the_first_epoch_there_is_nothing() => new LayerWatch().ToString().Should().StartWith("no epoch yet");

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(value => (double)value * value));

    private static Sequential Fresh()
    {
        var random = new Random(1);
        return new Sequential(new Linear(4, 8, random), new Tanh(), new Linear(8, 3, random));
    }
}
