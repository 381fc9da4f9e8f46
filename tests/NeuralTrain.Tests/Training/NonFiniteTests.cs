namespace NeuralTrain.Tests.Training;

public sealed class NonFiniteTests
{
    [Fact]
    public void An_input_that_is_not_finite_is_named_with_its_row_and_its_sample()
    {
        Dataset good = TestData.Classes(40);
        good.Inputs[17, 2] = float.NaN;
        Trainer trainer = TestData.Classifier();
        trainer.Recovery = new Recovery();
        NonFinite place = Diverges(trainer, good);
        place.Kind.Should().Be(NonFiniteKind.Input);
        place.Samples.Should().Equal(17);
        place.Epoch.Should().Be(1);
        place.Rows.Should().HaveCount(1);
        place.ToString().Should().Contain("sample 17 of the data");
        trainer.History.Recoveries.Should().BeEmpty("the same sample would come again");
        trainer.History.StopReason.Should().Be(StopReason.NotFinite);
    }

    [Fact]
    public void The_first_parameter_that_is_not_finite_is_named_with_its_layer_and_step()
    {
        Trainer trainer = TestData.Classifier();
        trainer.Observers.Add(new StepAction(step =>
        {
            if (step.Step == 6)
            {
                step.Network.NamedParameters()[2].Parameter.Value.Span[1] = float.PositiveInfinity;
            }
        }));
        NonFinite place = Diverges(trainer, TestData.Classes(40));
        (place.Kind, place.Parameter, place.LayerPath, place.Epoch, place.Step).Should().Be((NonFiniteKind.Parameter, "2.weight", "2", 2, 7L));
        place.ToString().Should().StartWith("The parameter '2.weight' of Linear(8 → 3) '2' is").And.Contain("epoch 2, step 7");
    }

    [Fact]
    public void The_first_layer_whose_output_overflows_is_named_with_its_rows()
    {
        var random = new Random(1);
        var network = new Sequential(new Linear(2, 4, random), new Sequential(new Identity(), new Linear(4, 4, random)), new Linear(4, 1, random));
        network.NamedParameters().Single(named => named.Path == "1.1.weight").Parameter.Value.Span.Fill(3e38f);
        network.NamedParameters()[0].Parameter.Value.Span.Fill(1);
        network.Children[0].Freeze();
        network.Children[1].Freeze();
        Dataset data = TestData.Values(20);
        for (int row = 0; row < 20; row++)
        {
            data.Inputs.Row(row).Fill(row == 13 ? 100 : 0);
        }

        NonFinite place = Diverges(new Trainer(network, new MeanSquaredError(), new SGD(network, 1)) { Shuffle = false, BatchSize = 10 }, data);
        (place.Kind, place.LayerPath, place.Step).Should().Be((NonFiniteKind.Output, "1.1", 2L));
        place.Rows.Should().Equal(3);
        place.Samples.Should().Equal(13);
    }

    [Fact]
    public void Weights_spoilt_by_the_very_last_step_do_not_pass()
    {
        Trainer trainer = TestData.Classifier();
        trainer.Observers.Add(new StepAction(onGradients: step =>
        {
            if (step.Step == 8)
            {
                step.Network.NamedParameters()[3].Parameter.Gradient.Span[0] = float.NaN;
            }
        }));
        Action fit = () => trainer.Fit(TestData.Classes(40), epochs: 2);
        fit.Should().Throw<NonFiniteException>().Which.Place.Parameter.Should().Be("2.bias");
        trainer.History.Epochs.Should().HaveCount(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_target_that_is_not_finite_is_named_with_its_row_and_its_sample_by_losses_that_refuse_it_too(bool values)
    {
        Dataset data = values ? TestData.Values(40) : TestData.Classes(40);
        data.Targets[23, 0] = float.NaN;
        Sequential network = TestData.Network(inputs: data.Inputs.Columns, outputs: data.Targets.Columns);
        Loss loss = values ? new MeanSquaredError() : new SoftmaxCrossEntropy();
        NonFinite place = Diverges(new Trainer(network, loss, new SGD(network, 0.1)) { BatchSize = 8 }, data);
        (place.Kind, place.Epoch).Should().Be((NonFiniteKind.Target, 1));
        place.Samples.Should().Equal(23);
        place.Rows.Should().ContainSingle().Which.Should().BeLessThan(8);
        place.ToString().Should().MatchRegex("^A target is NaN in epoch 1, step [1-5], in row [0-7] of the batch \\(sample 23 of the data\\). Leave such samples out");
    }

    [Fact]
    public void A_target_that_is_finite_but_no_probability_stays_a_wrong_argument_and_names_its_sample()
    {
        Dataset data = TestData.Classes(40), sound = TestData.Classes(40);
        data.Targets[23, 0] = 2;
        new Action(() => TestData.Classifier().Fit(data, epochs: 1)).Should().Throw<ArgumentException>().WithMessage("Sample 23 of the data is refused: *received 2 in row*");
        new Action(() => TestData.Classifier().Fit(sound, data, epochs: 1)).Should().Throw<ArgumentException>().WithMessage("Sample 23 of the data is refused: *received 2 in row*");
        sound.Targets.Row(31).Fill(0.5f);
        new Action(() => TestData.Classifier().Fit(sound, epochs: 1)).Should().Throw<ArgumentException>().WithMessage("Sample 31 of the data is refused: *adds up to 1.5*");
    }

    [Fact]
    public void Evaluate_names_the_row_of_the_data_beyond_the_first_block()
    {
        Dataset data = TestData.Classes(1200);
        Sequential network = TestData.Network();
        data.Targets[1100, 1] = float.NaN;
        NonFinite target = network.Invoking(n => n.Evaluate(data, new SoftmaxCrossEntropy())).Should().Throw<NonFiniteException>().Which.Place;
        (target.Kind, target.Samples[0]).Should().Be((NonFiniteKind.Target, 1100));
        data.Inputs[700, 0] = float.NaN;
        NonFinite input = network.Invoking(n => n.Evaluate(data, new SoftmaxCrossEntropy())).Should().Throw<NonFiniteException>().Which.Place;
        (input.Kind, input.Samples[0]).Should().Be((NonFiniteKind.Input, 700));
    }

    [Theory]
    [InlineData(1, "in row 0 of the batch (sample 0 of the data)")]
    [InlineData(5, "in rows 0, 1, 2, 3, 4 of the batch (samples 0, 1, 2, 3, 4 of the data)")]
    [InlineData(6, "in rows 0, 1, 2, 3, 4 and 1 more of the batch (samples 0, 1, 2, 3, 4 and 1 more of the data)")]
    public void Five_rows_are_named_and_the_others_counted(int rows, string named)
    {
        Dataset data = TestData.Classes(8);
        data.Inputs.SliceRows(0, rows).Span.Fill(float.NaN);
        TestData.Network().Invoking(n => n.Evaluate(data, new SoftmaxCrossEntropy())).Should().Throw<NonFiniteException>().WithMessage($"*{named}*");
    }

    [Fact]
    public void Evaluate_does_not_hide_an_infinite_weight_behind_a_sigmoid()
    {
        var network = new Sequential(new Linear(3, 2, new Random(1)), new Sigmoid(), new Linear(2, 3, new Random(2)));
        network.NamedParameters()[0].Parameter.Value.Span[1] = float.PositiveInfinity;
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new SGD(network, 0.1));
        Dataset data = TestData.Classes(20);
        data.Inputs.Span.Fill(1);
        foreach (Action evaluate in new Action[] { () => network.Evaluate(data, new SoftmaxCrossEntropy()), () => trainer.Evaluate(data) })
        {
            NonFiniteException error = evaluate.Should().Throw<NonFiniteException>().WithMessage("The parameter '0.weight' of Linear(3 → 2) '0' is Infinity.").Which;
            error.Place.Kind.Should().Be(NonFiniteKind.Parameter);
        }
    }

    [Fact]
    public void Validation_data_that_are_not_finite_are_named_as_such()
    {
        Dataset validation = TestData.Classes(30, seed: 2);
        validation.Inputs[4, 0] = float.PositiveInfinity;
        validation.Inputs[4, 1] = float.NaN;
        Action fit = () => TestData.Classifier().Fit(TestData.Classes(40), validation, epochs: 1);
        NonFinite place = fit.Should().Throw<NonFiniteException>().Which.Place;
        (place.Kind, place.IsInValidation).Should().Be((NonFiniteKind.Input, true));
        place.Rows.Should().Equal(4);
        place.ToString().Should().Contain("in the validation of epoch 1");
    }

    [Fact]
    public void Recovery_returns_to_the_last_finite_weights_with_a_lower_rate_and_trains_to_the_end()
    {
        var random = new Random(1);
        var network = new Sequential(new Linear(2, 8, random), new ReLU(), new Dropout(0.1f, random), new Linear(8, 1, random));
        var trainer = new Trainer(network, new MeanSquaredError(), new Momentum(network, 1e6)) { BatchSize = 5, Recovery = new Recovery(factor: 1e-4, limit: 3) };
        History history = trainer.Fit(TestData.Values(100), epochs: 20);
        history.Recoveries.Should().NotBeEmpty().And.HaveCountLessThan(4);
        history.Recoveries[0].RateFactor.Should().Be(1e-4);
        history.Recoveries[0].Epoch.Should().Be(1);
        history.Epochs.Should().HaveCount(20);
        history.Epochs[^1].Training.Loss.Should().BeLessThan(history.Epochs[0].Training.Loss);
        history.StopReason.Should().Be(StopReason.EpochsDone);
        TestData.Bits(network).Select(BitConverter.Int32BitsToSingle).Should().OnlyContain(value => float.IsFinite(value));
    }

    [Fact]
    public void After_a_return_the_epoch_is_that_of_a_training_with_the_lower_rate_from_there_on()
    {
        Trainer hit = Create(0.5), reference = Create(0.5);
        bool done = false;
        hit.Recovery = new Recovery(factor: 0.5);
        hit.Observers.Add(new StepAction(onGradients: step =>
        {
            if (step.Step == 7 && !done)
            {
                done = true;
                step.Network.NamedParameters()[0].Parameter.Gradient.Span[0] = float.NaN;
            }
        }));
        hit.Fit(TestData.Classes(40), epochs: 3);
        reference.Fit(TestData.Classes(40), epochs: 1);
        reference.Optimizer.LearningRate *= 0.5;
        reference.Fit(TestData.Classes(40), epochs: 2);
        TestData.Bits(hit.Network).Should().Equal(TestData.Bits(reference.Network));
        hit.History.Recoveries.Should().ContainSingle().Which.Epoch.Should().Be(2);

        static Trainer Create(double rate)
        {
            var random = new Random(1);
            var network = new Sequential(new Linear(3, 8, random), new BatchNorm(8), new Tanh(), new Dropout(0.2f, random), new Linear(8, 3, random));
            return new Trainer(network, new SoftmaxCrossEntropy(), new Momentum(network, rate)) { BatchSize = 10 };
        }
    }

    [Fact]
    public void Recoveries_come_to_an_end_with_the_error_and_the_last_finite_weights()
    {
        Trainer trainer = TestData.Classifier();
        trainer.Recovery = new Recovery(limit: 2);
        int[] before = TestData.Bits(trainer.Network);
        trainer.Observers.Add(new StepAction(onGradients: step => step.Network.NamedParameters()[0].Parameter.Gradient.Span.Fill(float.NaN)));
        Diverges(trainer, TestData.Classes(40)).Kind.Should().Be(NonFiniteKind.Parameter);
        trainer.History.Recoveries.Should().HaveCount(2);
        TestData.Bits(trainer.Network).Should().Equal(before);
    }

    [Fact]
    public void A_gradient_that_clipping_refuses_is_named()
    {
        Trainer trainer = TestData.Classifier(optimizer: own => new SGD(own, 1) { ClipNorm = 1 });
        trainer.Observers.Add(new StepAction(onGradients: step => step.Network.NamedParameters()[2].Parameter.Gradient.Span[0] = float.NegativeInfinity));
        NonFinite place = Diverges(trainer, TestData.Classes(40));
        (place.Kind, place.Parameter).Should().Be((NonFiniteKind.Gradient, "2.weight"));
    }

    [Theory]
    [InlineData("gradients")]
    [InlineData("step")]
    [InlineData("epoch")]
    [InlineData("progress")]
    public void What_an_observer_throws_is_no_divergence_even_if_it_is_of_the_same_kind(string where)
    {
        var own = new NotFiniteNumberException("a gauge of mine is broken");
        Trainer trainer = TestData.Classifier();
        trainer.Recovery = new Recovery();
        trainer.ProgressInterval = TimeSpan.Zero;
        Action<TrainingStep> onStep = _ => throw own;
        trainer.Observers.Add(new StepAction(
            where == "step" ? onStep : null, where == "epoch" ? _ => throw own : null, where == "gradients" ? onStep : null));
        trainer.Progress = where == "progress" ? new Throwing(own) : null;
        Action fit = () => trainer.Fit(TestData.Classes(40), epochs: 3);
        fit.Should().Throw<NotFiniteNumberException>().Which.Should().BeSameAs(own);
        trainer.History.StopReason.Should().Be(StopReason.Failed);
        trainer.History.Recoveries.Should().BeEmpty();
    }

    [Fact]
    public void A_divergence_of_another_training_within_an_observer_is_not_that_of_this_one()
    {
        Trainer inner = TestData.Classifier();
        inner.Observers.Add(new StepAction(onGradients: step => step.Network.NamedParameters()[0].Parameter.Gradient.Span.Fill(float.NaN)));
        Trainer outer = TestData.Classifier();
        outer.Recovery = new Recovery();
        outer.Observers.Add(new StepAction(onEpoch: _ => inner.Fit(TestData.Classes(40), epochs: 5)));
        Action fit = () => outer.Fit(TestData.Classes(40), epochs: 3);
        fit.Should().Throw<NonFiniteException>();
        inner.History.StopReason.Should().Be(StopReason.NotFinite);
        outer.History.StopReason.Should().Be(StopReason.Failed);
        outer.History.Recoveries.Should().BeEmpty();
    }

    private static NonFinite Diverges(Trainer trainer, Dataset data)
    {
        Action fit = () => trainer.Fit(data, epochs: 5);
        return fit.Should().Throw<NonFiniteException>().Which.Place;
    }

    private sealed class Throwing(Exception error) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => throw error;
    }
}
