namespace NeuralTrain.Tests.Training;

/// <summary>The mean of weights: its formula, what a trainer makes of it, and that it survives an interruption.</summary>
public sealed class WeightAverageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_exponential_mean_follows_its_formula_from_the_first_step_on()
    {
        double mean = double.NaN;
        Run(WeightAverage.Exponential(0.8), (step, value, optimizer, layer) =>
        {
            mean = step == 1 ? value : (0.8 * mean) + (0.2 * value);
            optimizer.HasAverage.Should().BeTrue();
            Averaged(optimizer, layer).Should().BeApproximately(mean, 1e-6);
        });
    }

    [Fact]
    public void The_equal_mean_counts_every_nth_step_from_the_start_on()
    {
        var counted = new List<double>();
        Run(WeightAverage.Equal(start: 4, every: 3), (step, value, optimizer, layer) =>
        {
            if (step is 4 or 7 or 10) counted.Add(value);
            optimizer.HasAverage.Should().Be(step >= 4);
            if (step >= 4) Averaged(optimizer, layer).Should().BeApproximately(counted.Average(), 1e-6);
            else optimizer.Invoking(o => o.ApplyAverage()).Should().Throw<InvalidOperationException>().WithMessage($"*begins at step 4, {step} were taken*");
        });
    }

    [Fact]
    public void A_mean_is_kept_from_the_beginning_or_not_at_all()
    {
        var layer = new Linear(1, 1, new Random(1));
        var optimizer = new SGD(layer);
        optimizer.Invoking(o => o.ApplyAverage()).Should().Throw<InvalidOperationException>().WithMessage("*set it before the first step*");
        optimizer.Step();
        optimizer.Invoking(o => o.Average = WeightAverage.Exponential()).Should().Throw<InvalidOperationException>().WithMessage("*set Average before the first step, 1 were taken*");
        foreach (Action bad in new Action[] { () => WeightAverage.Exponential(1), () => WeightAverage.Exponential(-0.1), () => WeightAverage.Equal(0, 1), () => WeightAverage.Equal(1, 0) })
        {
            bad.Should().Throw<ArgumentOutOfRangeException>();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_frozen_layer_keeps_its_weights_and_counts_in_the_mean_when_it_learns_again(bool equal)
    {
        var layer = new Linear(1, 1, new Random(1), bias: false);
        var optimizer = new SGD(layer, learningRate: 1) { Average = equal ? WeightAverage.Equal(start: 4, every: 1) : WeightAverage.Exponential(0.8) };
        double value = layer.Weight.Value[0, 0], mean = value;
        for (int step = 1; step <= 9; step++)
        {
            if (step == 3) layer.Freeze();
            if (step == 7) layer.Unfreeze();
            layer.Weight.Gradient[0, 0] = step;
            optimizer.Step();
            value -= step is >= 3 and < 7 ? 0 : step;
            double part = equal ? 1.0 / Math.Max(step - 3, 1) : step == 1 ? 1 : 0.2;
            if (!equal || step >= 4) mean += part * (value - mean);
            if (step < 4) continue;
            Averaged(optimizer, layer).Should().BeApproximately(step < 7 ? value : mean, 1e-5, $"step {step}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_trainer_measures_the_mean_trains_the_weights_and_leaves_the_mean_in_the_network(bool equal)
    {
        Dataset train = TestData.Classes(64), validation = TestData.Classes(40, seed: 2);
        Trainer plain = Create(average: null), averaged = Create(equal ? WeightAverage.Equal(10, 7) : WeightAverage.Exponential(0.9));
        plain.Fit(train, validation, epochs: 4);
        averaged.Fit(train, validation, epochs: 4);

        // Before step 10, in the second epoch of 7 steps, there is no equal mean.
        averaged.History.Epochs[0].Validation!.Loss.Equals(plain.History.Epochs[0].Validation!.Loss).Should().Be(equal);
        for (int i = 1; i < 4; i++)
        {
            averaged.History.Epochs[i].Training.Loss.Should().Be(plain.History.Epochs[i].Training.Loss, "the weights that are trained are the same");
            averaged.History.Epochs[i].Validation!.Loss.Should().NotBe(plain.History.Epochs[i].Validation!.Loss);
        }

        averaged.Evaluate(validation).Loss.Should().Be(averaged.History.Epochs[3].Validation!.Loss, "the network has the mean, and the statistics that suit it");

        // By hand: the mean in a copy of the plain network, and statistics of all training rows.
        var expected = new Sequential([.. plain.Network.Children.Select(layer => layer.Clone())]);
        averaged.Optimizer.CloneFor(expected).ApplyAverage();
        expected.Recalibrate(train.Inputs);
        TestData.Bits(averaged.Network).Should().Equal(TestData.Bits(expected));
    }

    [Fact]
    public void The_best_weights_are_means_too()
    {
        Dataset train = TestData.Classes(64), validation = TestData.Classes(40, seed: 2);
        Trainer trainer = Create(WeightAverage.Exponential(0.9));
        trainer.EarlyStopping = new EarlyStopping(patience: 30);
        History history = trainer.Fit(train, validation, epochs: 12);
        trainer.Evaluate(validation).Loss.Should().Be(history.Best!.Validation!.Loss);
    }

    [Fact]
    public void A_resumed_training_ends_with_the_same_bits()
    {
        Dataset train = TestData.Classes(64), validation = TestData.Classes(40, seed: 2);
        Trainer whole = Create(WeightAverage.Exponential(0.9));
        whole.Fit(train, validation, epochs: 5);

        Trainer first = Create(WeightAverage.Exponential(0.9));
        first.Checkpoint = new CheckpointOptions(_folder["run"]);
        foreach (Epoch epoch in first.Epochs(train, validation, epochs: 5))
        {
            if (epoch.Number == 2) break;
        }

        Trainer second = Create(WeightAverage.Exponential(0.9));
        second.Resume(_folder["run"]);
        second.Fit(train, validation, epochs: 5);
        TestData.Bits(second.Network).Should().Equal(TestData.Bits(whole.Network));
        second.History.Epochs.Select(TestData.Figures).Should().Equal(whole.History.Epochs.Select(TestData.Figures));
    }

    [Fact]
    public void Batch_normalisation_needs_data_that_are_in_memory()
    {
        StreamedData stream = StreamedData.From(() => Enumerable.Range(0, 20), value => [value], value => [value]);
        var random = new Random(1);
        var network = new Sequential(new Linear(1, 4, random), new BatchNorm(4), new Linear(4, 1, random));
        var trainer = new Trainer(network, new MeanSquaredError(), new SGD(network) { Average = WeightAverage.Exponential() });
        trainer.Invoking(t => t.Fit(stream, epochs: 1)).Should().Throw<ArgumentException>().WithMessage("*statistics recomputed for BatchNorm*Pass a Dataset*");
    }

    private static Trainer Create(WeightAverage? average)
    {
        var random = new Random(1);
        var network = new Sequential(new Linear(3, 8, random), new BatchNorm(8), new Tanh(), new Linear(8, 3, random));
        return TestData.Classifier(network, n => new Adam(n, 0.01) { Average = average });
    }

    private static void Run(WeightAverage average, Action<int, double, Optimizer, Linear> check)
    {
        var layer = new Linear(1, 1, new Random(1), bias: false);
        var optimizer = new SGD(layer, learningRate: 0.5) { Average = average };
        for (int step = 1; step <= 12; step++)
        {
            layer.Weight.Gradient.Span[0] = step % 4;
            optimizer.Step();
            check(step, layer.Weight.Value.Span[0], optimizer, layer);
        }
    }

    private static double Averaged(Optimizer optimizer, Linear layer)
    {
        var copy = (Linear)layer.Clone();
        optimizer.CloneFor(copy).ApplyAverage();
        return copy.Weight.Value.Span[0];
    }
}
