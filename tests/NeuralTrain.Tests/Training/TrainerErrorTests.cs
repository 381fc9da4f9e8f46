namespace NeuralTrain.Tests.Training;

public sealed class TrainerErrorTests
{
    private static readonly Dataset Data = TestData.Classes(20);

    [Fact]
    public void The_loss_is_asked_once_whether_the_network_suits_it()
    {
        Sequential network = new(new Linear(3, 3, new Random(1)), new Softmax());
        Action create = () => _ = new Trainer(network, new SoftmaxCrossEntropy(), new SGD(network, 1));
        create.Should().Throw<ArgumentException>().WithMessage("*raw scores*Softmax*");
    }

    [Fact]
    public void An_optimizer_of_another_network_is_refused()
    {
        Action create = () => _ = new Trainer(TestData.Network(), new SoftmaxCrossEntropy(), new Adam(TestData.Network()));
        create.Should().Throw<ArgumentException>().WithMessage("The Adam trains parameters of another network, such as '0.weight'*new Adam(network)*");
    }

    [Fact]
    public void Columns_that_do_not_fit_are_named_before_any_step()
    {
        Trainer trainer = TestData.Classifier();
        Refused(() => trainer.Fit(TestData.Values(5)), "The training data have 2 input columns, but the network takes 3.*");
        Refused(() => trainer.Fit(new Dataset(new Matrix(5, 3), new Matrix(5, 2), classes: ["a", "b"])), "*2 target columns (the classes 'a', 'b'), but the network gives 3 outputs*");
        Refused(() => trainer.Fit(new Dataset(new Matrix(5, 3), new Matrix(5, 1))), "The training data have 1 target column, but the network gives 3 outputs. If the targets are class numbers*OneHot.Encode*1 output.*");
        Refused(() => trainer.Fit(Data, new Dataset(new Matrix(5, 4), new Matrix(5, 3))), "The validation data have 4 input columns*");
        Refused(
            () => trainer.Fit(TestData.Classes(9, classes: ["a", "b", "c"]), TestData.Classes(9, classes: ["a", "c", "b"])),
            "The training data have the classes 'a', 'b', 'c', the validation data 'a', 'c', 'b'*");
        Refused(() => trainer.Evaluate(TestData.Values(5)), "The given data have 2 input columns*");
        trainer.Optimizer.StepCount.Should().Be(0);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Trainer trainer = TestData.Classifier();
        Out(() => trainer.Fit(Data, epochs: 0), "epochs must be 1 or more, received 0*");
        Out(() => trainer.Epochs(Data, epochs: -1), "epochs must be 1 or more*");
        Out(() => trainer.Fit(Data, TimeSpan.Zero), "budget must be more than 0*");
        Out(() => trainer.BatchSize = 0, "BatchSize must be 1 or more*");
        Out(() => trainer.AccumulationSteps = 0, "AccumulationSteps must be 1 or more*");
        Out(() => trainer.ProgressInterval = TimeSpan.FromSeconds(-1), "ProgressInterval must be 0 or more*");
        Out(() => _ = new EarlyStopping(patience: 0), "patience must be 1 or more*");
        Out(() => _ = new EarlyStopping(minDelta: -1), "minDelta must be*");
        Out(() => _ = new Recovery(factor: 1), "factor must lie in (0, 1)*");
        Out(() => _ = new Recovery(limit: 0), "limit must be 1 or more*");
        Out(() => _ = new CheckpointOptions("a", every: 0), "every must be 1 or more*");
        Out(() => _ = new TopK(0), "k must be 1 or more*");

        static void Out(Action action, string message) => action.Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);
    }

    [Fact]
    public void Data_without_rows_are_refused()
    {
        Trainer trainer = TestData.Classifier();
        Refused(() => trainer.Fit(new EmptySource(0)), "There are no rows in the training data*");
        Refused(() => trainer.Fit(new EmptySource(null)), "There are no rows in the training data*");
        Refused(() => trainer.Fit(Data, new EmptySource(null)), "There are no rows in the data to measure on*");
    }

    [Fact]
    public void A_batch_normalisation_needs_two_rows()
    {
        var network = new Sequential(new Linear(3, 3, new Random(1)), new BatchNorm(3));
        Trainer trainer = TestData.Classifier(network);
        Refused(() => trainer.Fit(TestData.Classes(1)), "*BatchNorm*a single row of data*");
        trainer.BatchSize = 1;
        Refused(() => trainer.Fit(Data), "*BatchNorm*a BatchSize of 1*");
    }

    [Fact]
    public void A_custom_normalisation_needs_them_too_and_is_named()
    {
        var network = new Sequential(new Linear(3, 3, new Random(1)), new Harness.MeanRemoval(3));
        Trainer trainer = TestData.Classifier(network);
        Refused(() => trainer.Fit(TestData.Classes(1)), "The network has a MeanRemoval*a single row of data*");
        trainer.BatchSize = 4;
        trainer.Fit(TestData.Classes(9), epochs: 1).Epochs.Should().ContainSingle("the row that is left over joins the batch before it");
        network[1].Freeze();
        trainer.BatchSize = 1;
        trainer.Fit(TestData.Classes(2), epochs: 1).Epochs.Should().HaveCount(2);
    }

    [Fact]
    public void A_metric_that_is_not_measured_cannot_be_watched_or_asked_for()
    {
        Trainer trainer = TestData.Classifier();
        trainer.EarlyStopping = new EarlyStopping(metric: "F1");
        Action fit = () => trainer.Fit(Data);
        fit.Should().Throw<InvalidOperationException>().WithMessage("EarlyStopping watches 'F1', which is not measured. Measured are 'loss', 'accuracy'*");
        trainer.EarlyStopping = null;
        trainer.Schedule = new ReduceOnPlateau(higherIsBetter: true);
        fit.Should().Throw<InvalidOperationException>().WithMessage("*expects a value that rises, but watches 'loss', which falls when it improves*");
        trainer.Schedule = null;
        trainer.Metrics = [];
        Evaluation evaluation = trainer.Evaluate(Data);
        Refused(() => _ = evaluation["recall"], "There is no metric 'recall'. Measured were 'loss'*");
        evaluation.Accuracy.Should().BeNull();
        Refused(() => trainer.Metrics = [new Accuracy(), new Accuracy()], "*two values called 'accuracy'*");
    }

    [Fact]
    public void A_trainer_trains_once_at_a_time()
    {
        Trainer trainer = TestData.Classifier();
        foreach (Epoch _ in trainer.Epochs(Data, epochs: 1))
        {
            Action fit = () => trainer.Fit(Data);
            fit.Should().Throw<InvalidOperationException>().WithMessage("This trainer is already training*");
            trainer.Evaluate(Data).Accuracy.Should().BeInRange(0, 1);
        }

        trainer.Observers.Add(new StepAction(_ => trainer.Evaluate(Data)));
        Action within = () => trainer.Fit(Data, epochs: 1);
        within.Should().Throw<InvalidOperationException>().WithMessage("*in the middle of an epoch*");
        trainer.Observers.Clear();
        trainer.Fit(Data, epochs: 1).StopReason.Should().Be(StopReason.EpochsDone);
    }

    [Fact]
    public void The_accuracy_of_yes_or_no_questions_is_refused_where_each_row_is_of_one_class()
    {
        const string Message = "Each row belongs to one of 3 classes, but BinaryCrossEntropy*SoftmaxCrossEntropy*Accuracy*";
        Sequential network = TestData.Network();
        var loss = new BinaryCrossEntropy();
        var trainer = new Trainer(network, loss, new Adam(network));
        Refused(() => trainer.Fit(Data, epochs: 1), Message);
        Refused(() => trainer.Evaluate(Data), Message);
        Refused(() => network.Evaluate(Data, loss), Message);
        trainer.Metrics = [new LogLoss()];
        trainer.Fit(Data, epochs: 1).Epochs.Should().HaveCount(1);

        // Several answers may be yes at once: then each counts.
        var labels = new Matrix(Data.Inputs.Rows, 3);
        labels.Span.Fill(1);
        network.Evaluate(new Dataset(Data.Inputs, labels), loss).Accuracy.Should().BeInRange(0, 1);
    }

    private static void Refused(Action action, string message) => action.Should().Throw<ArgumentException>().WithMessage(message);

    private sealed class EmptySource(int? count) : BatchSource(inputSize: 3, targetSize: 3, count)
    {
        public override BatchReader Read(BatchPlan plan) => new Nothing();

        private sealed class Nothing : BatchReader
        {
            public override bool Read() => false;
        }
    }
}
