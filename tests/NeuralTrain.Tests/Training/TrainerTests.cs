namespace NeuralTrain.Tests.Training;

public sealed class TrainerTests
{
    [Fact]
    [Trait("Lecture", "L5.1")]
    public void A_trainer_takes_the_very_steps_of_a_loop_written_by_hand()
    {
        Dataset data = TestData.Classes(47);
        Sequential byHand = TestData.Network(), trained = TestData.Network();
        var optimizer = new Adam(byHand, 0.01);
        var loss = new SoftmaxCrossEntropy();
        var losses = new List<double>();
        for (int epoch = 0; epoch < 3; epoch++)
        {
            double sum = 0;
            using BatchReader reader = data.Read(new BatchPlan(10, shuffleSeed: 5, epoch: epoch));
            while (reader.Read())
            {
                Matrix output = byHand.Forward(reader.Inputs);
                var gradient = new Matrix(output.Rows, output.Columns);
                sum += loss.Evaluate(output, reader.Targets, gradient) * output.Rows;
                byHand.Backward(gradient);
                optimizer.Step();
            }

            losses.Add(sum / 47);
        }

        Trainer trainer = TestData.Classifier(trained);
        trainer.Seed = 5;
        History history = trainer.Fit(data, epochs: 3);

        TestData.Bits(trained).Should().Equal(TestData.Bits(byHand));
        history.Epochs.Select(epoch => epoch.Training.Loss).Should().Equal(losses);
        history.Epochs.Select(epoch => epoch.Number).Should().Equal(1, 2, 3);
        history.StopReason.Should().Be(StopReason.EpochsDone);
    }

    [Fact]
    public void Without_shuffling_the_rows_come_in_their_order()
    {
        Dataset data = TestData.Classes(25);
        Trainer trainer = TestData.Classifier();
        trainer.Shuffle = false;
        var first = new List<float>();
        trainer.Observers.Add(new StepAction(step => first.Add(step.Inputs[0, 0])));
        trainer.Fit(data, epochs: 2);
        first.Should().Equal(data.Inputs[0, 0], data.Inputs[10, 0], data.Inputs[20, 0], data.Inputs[0, 0], data.Inputs[10, 0], data.Inputs[20, 0]);
    }

    [Fact]
    public void Training_learns_and_validation_is_measured_in_prediction_mode()
    {
        var random = new Random(3);
        var network = new Sequential(new Linear(3, 16, random), new ReLU(), new Dropout(0.2f, random), new Linear(16, 3, random));
        Trainer trainer = TestData.Classifier(network);
        History history = trainer.Fit(TestData.Classes(300), TestData.Classes(100, seed: 2), epochs: 40);
        history.Best!.Validation!.Accuracy.Should().BeGreaterThan(0.9);
        history.Best!.Validation["ACCURACY"].Should().Be(history.Best!.Validation.Accuracy);
        history.Best!.Validation["loss"].Should().Be(history.Best!.Validation.Loss);
        history.Best!.Should().BeSameAs(history.Epochs.MinBy(epoch => epoch.Validation!.Loss));
        Evaluation again = trainer.Evaluate(TestData.Classes(100, seed: 2));
        again.Loss.Should().Be(history.Epochs[^1].Validation!.Loss, "nothing was dropped, and the last weights are kept without early stopping");
    }

    [Fact]
    public void An_evaluation_is_that_of_all_rows_as_one_batch_with_their_weights()
    {
        Dataset data = TestData.Classes(1200, weighted: true);
        foreach (Loss loss in new Loss[] { new SoftmaxCrossEntropy([1, 2, 5]), new SoftmaxCrossEntropy(), new SumOfSquares(), new Hinge() })
        {
            Sequential network = TestData.Network();
            var trainer = new Trainer(network, loss, new SGD(network, 0.1)) { Metrics = [] };
            double whole = loss.Evaluate(network.Predict(data.Inputs), data.Targets, default, data.SampleWeights);
            trainer.Evaluate(data).Loss.Should().BeApproximately(whole, 1e-7 * Math.Abs(whole), loss.ToString());
        }
    }

    [Fact]
    public void A_second_call_of_Fit_trains_on_with_numbers_order_and_history_continued()
    {
        Dataset data = TestData.Classes(40);
        Sequential once = TestData.Network(), twice = TestData.Network();
        Trainer one = TestData.Classifier(once), two = TestData.Classifier(twice);
        one.Fit(data, epochs: 5);
        two.Fit(data, epochs: 2);
        History history = two.Fit(data, epochs: 3);
        TestData.Bits(twice).Should().Equal(TestData.Bits(once));
        history.Epochs.Select(TestData.Figures).Should().Equal(one.History.Epochs.Select(TestData.Figures));
    }

    [Fact]
    public void Two_trainers_in_two_threads_do_not_disturb_each_other()
    {
        Dataset data = TestData.Classes(200);
        Sequential alone = TestData.Network();
        TestData.Classifier(alone).Fit(data, data, epochs: 10);
        Sequential[] networks = [TestData.Network(), TestData.Network(), TestData.Network()];
        Parallel.ForEach(networks, network => TestData.Classifier(network).Fit(data, data, epochs: 10));
        foreach (Sequential network in networks)
        {
            TestData.Bits(network).Should().Equal(TestData.Bits(alone));
        }
    }

    [Fact]
    public void A_last_row_joins_the_batch_before_it_where_a_batch_normalisation_is_anywhere_below()
    {
        var random = new Random(1);
        var network = new Sequential(new Residual(new Sequential(new Linear(3, 3, random), new BatchNorm(3))), new Linear(3, 3, random));
        var rows = new List<int>();
        Trainer trainer = TestData.Classifier(network);
        trainer.Observers.Add(new StepAction(step => rows.Add(step.Inputs.Rows)));
        trainer.Fit(TestData.Classes(31), epochs: 1);
        rows.Should().Equal(10, 10, 11);

        rows.Clear();
        network.Freeze();
        network.Children[1].Unfreeze();
        trainer.Fit(TestData.Classes(31), epochs: 1);
        rows.Should().Equal([10, 10, 10, 1], "a frozen one does not look at the batch");
    }

    [Fact]
    public void Augmentation_changes_a_copy_differently_in_each_batch_and_the_same_in_each_run()
    {
        Dataset data = TestData.Classes(30);
        float[] before = data.Inputs.Span.ToArray();
        Sequential first = TestData.Network(), second = TestData.Network();
        var noise = new List<float>();
        foreach (Sequential network in new[] { first, second })
        {
            Trainer trainer = TestData.Classifier(network);
            trainer.Shuffle = false;
            trainer.Augmentation = new AddNoise(0.1);
            trainer.Observers.Add(new StepAction(step => noise.Add(step.Inputs[0, 0] - data.Inputs[(int)((step.Step - 1) % 3) * 10, 0])));
            trainer.Fit(data, data, epochs: 2);
        }

        data.Inputs.Span.ToArray().Should().Equal(before);
        noise.Take(6).Should().OnlyHaveUniqueItems().And.NotContain(0);
        noise.Skip(6).Should().Equal(noise.Take(6));
        TestData.Bits(second).Should().Equal(TestData.Bits(first));
    }

    [Fact]
    public void The_norm_of_the_gradients_and_the_regularisation_loss_are_reported()
    {
        Sequential network = TestData.Network();
        Trainer trainer = TestData.Classifier(network, own => new SGD(own, 0.1) { ClipNorm = 0.5, L2 = 0.001 });
        var norms = new List<double>();
        trainer.Observers.Add(new StepAction(step => norms.Add(step.Optimizer.LastGradientNorm!.Value)));
        Epoch epoch = trainer.Fit(TestData.Classes(50), epochs: 1).Epochs[0];
        epoch.GradientNorm.Should().BeApproximately(norms.Average(), 1e-12);
        epoch.RegularizationLoss.Should().Be(trainer.Optimizer.RegularizationLoss()).And.BePositive();
    }

    [Fact]
    public void Observers_see_the_gradients_before_the_step_and_the_parameters_after_it()
    {
        var seen = new List<string>();
        Trainer trainer = TestData.Classifier();
        trainer.Observers.Add(new StepAction(
            step => seen.Add($"step {step.Epoch}.{step.Step} {Norm(step.Network) == 0}"),
            epoch => seen.Add($"epoch {epoch.Number}"),
            step => seen.Add($"gradients {step.Epoch}.{step.Step} {Norm(step.Network) == 0}")));
        trainer.Fit(TestData.Classes(20), epochs: 2);
        seen.Should().Equal(
            "gradients 1.1 False", "step 1.1 True", "gradients 1.2 False", "step 1.2 True", "epoch 1",
            "gradients 2.3 False", "step 2.3 True", "gradients 2.4 False", "step 2.4 True", "epoch 2");

        static double Norm(Layer network) =>
            network.NamedParameters().Sum(named => named.Parameter.Gradient.Span.ToArray().Sum(value => (double)value * value));
    }

    [Fact]
    public void An_epoch_reads_as_a_line()
    {
        var evaluation = new Evaluation(0.0411, new MetricValue("accuracy", 0.9861, isRatio: true));
        var epoch = new Epoch(37, evaluation, learningRate: 1);
        epoch.ToString().Should().Be("epoch 37: training loss 0.0411, accuracy 98.6 %");
        new Epoch(37, evaluation, learningRate: 1, validation: new Evaluation(0.05)).ToString().Should().Be("epoch 37: validation loss 0.05");
    }
}
