namespace NeuralTrain.Tests.Training;

public sealed class TrainerStateTests
{
    private static readonly Dataset Train = TestData.Classes(61, weighted: true);
    private static readonly Dataset Validation = TestData.Classes(40, seed: 2);

    public static TheoryData<string> Kinds => ["plateau", "one-cycle", "stopping early", "restarts", "plain"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_training_resumed_after_any_epoch_ends_in_the_same_bits(string kind)
    {
        const int Epochs = 6;
        using var folder = new TemporaryFolder();
        Trainer straight = Create(kind);
        straight.Checkpoint = new CheckpointOptions(folder["run"]);
        int written = 0;
        foreach (Epoch epoch in straight.Epochs(Train, Validation, Epochs))
        {
            File.Copy(folder["run"], folder[$"{epoch.Number}"]);
            written = epoch.Number;
        }

        written.Should().BeGreaterThan(2);
        for (int epoch = 1; epoch <= written; epoch++)
        {
            Trainer resumed = Create(kind, seed: 99);
            resumed.Resume(folder[$"{epoch}"]);
            resumed.Fit(Train, Validation, Epochs);
            string after = $"{kind}, after epoch {epoch}";
            TestData.Bits(resumed.Network).Should().Equal(TestData.Bits(straight.Network), after);
            resumed.History.Epochs.Select(TestData.Figures).Should().Equal(straight.History.Epochs.Select(TestData.Figures), after);
            resumed.History.Best!.Number.Should().Be(straight.History.Best!.Number, after);
            resumed.History.StopReason.Should().Be(straight.History.StopReason, after);
            resumed.Optimizer.LearningRate.Should().Be(straight.Optimizer.LearningRate, after);
            resumed.Optimizer.StepCount.Should().Be(straight.Optimizer.StepCount, after);
        }
    }

    [Fact]
    public void A_checkpoint_of_another_training_is_refused_with_all_differences_and_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        Trainer trainer = Create("plateau");
        trainer.Checkpoint = new CheckpointOptions(folder["run"]);
        trainer.Fit(Train, Validation, 1);

        Trainer other = TestData.Classifier(TestData.Network(seed: 7));
        other.Seed = 3;
        int[] before = TestData.Bits(other.Network);
        Action resume = () => other.Resume(folder["run"]);
        resume.Should().Throw<ArgumentException>().WithMessage("*augmentation: none, was AddNoise(*early stopping: none*network: *optimizer: *schedule: none, was ReduceOnPlateau*training: Trainer batch size 10, was 8*batches of a step 1, was 2*seed 3, was 5*");
        TestData.Bits(other.Network).Should().Equal(before);
        other.History.Epochs.Should().BeEmpty();
    }

    [Fact]
    public void A_finished_run_that_is_resumed_has_nothing_left_to_do()
    {
        using var folder = new TemporaryFolder();
        Trainer trainer = Create("plateau");
        trainer.Checkpoint = new CheckpointOptions(folder["run"]);
        trainer.Fit(Train, Validation, 3);
        Trainer resumed = Create("plateau", seed: 99);
        resumed.Resume(folder["run"]);
        resumed.Fit(Train, Validation, 3).Epochs.Should().HaveCount(3);
        TestData.Bits(resumed.Network).Should().Equal(TestData.Bits(trainer.Network));
        resumed.History.StopReason.Should().Be(StopReason.EpochsDone);
    }

    private static Trainer Create(string kind, int seed = 1)
    {
        var random = new Random(seed);
        var network = new Sequential(
            new Linear(3, 12, random), new BatchNorm(12), new RReLU(random), new Dropout(0.3f, random), new GaussianNoise(0.05, random), new Linear(12, 3, random));
        var trainer = new Trainer(network, new SoftmaxCrossEntropy([1, 2, 1]), new Adam(network, kind == "plateau" ? 0.1 : 0.02) { L2 = 1e-4, ClipNorm = 1 })
        {
            BatchSize = 8,
            AccumulationSteps = 2,
            Seed = 5,
            Augmentation = new AddNoise(0.02),
            Metrics = [new Accuracy(), new F1(), new LogLoss()],
        };
        trainer.Schedule = kind switch
        {
            "plateau" => new ReduceOnPlateau(patience: 1),
            "one-cycle" => new OneCycle(),
            "restarts" => WarmUp.OverFraction(0.2, new WarmRestarts(7, unit: ScheduleUnit.Step)),
            _ => null,
        };
        trainer.EarlyStopping = kind switch
        {
            "stopping early" => new EarlyStopping(patience: 2, minDelta: 0.06),
            "plain" => null,
            _ => new EarlyStopping(patience: 20, metric: "accuracy"),
        };
        return trainer;
    }
}
