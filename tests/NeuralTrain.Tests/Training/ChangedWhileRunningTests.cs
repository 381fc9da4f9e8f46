using System.Reflection;

namespace NeuralTrain.Tests.Training;

/// <summary>What is changed in a loop over epochs: the trainer's settings count from the next call on, those of optimizer and layers at once, and a checkpoint tells those that its run goes on with.</summary>
public sealed class ChangedWhileRunningTests : IDisposable
{
    private const int Epochs = 4;

    private static readonly string[] Watching = [nameof(Trainer.Checkpoint), nameof(Trainer.Progress), nameof(Trainer.ProgressInterval), nameof(Trainer.Logger)];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Settings => [.. Settable(typeof(Trainer)).Except(Watching)];

    public static TheoryData<string> SettingsThatCountAtOnce =>
    [
        .. Settable(typeof(Optimizer)).Where(name => name is not (nameof(Optimizer.Average) or nameof(Optimizer.LearningRate))), nameof(Optimizer.SetRate), nameof(Layer.Freeze), nameof(BatchNorm.RunningAverageRate),
    ];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Another_setting_of_the_trainer_is_for_the_next_run_and_checkpoints_tell_what_this_one_uses(string setting)
    {
        int[] expected = Finished(Create(), _ => { });
        Trainer trainer = Create();
        trainer.Checkpoint = new CheckpointOptions(_folder["file"]);
        var stream = new MemoryStream();
        int[] found = Finished(trainer, epoch =>
        {
            if (epoch == 1) Change(trainer, setting);
            if (epoch != 2) return;
            trainer.SaveCheckpoint(stream);
            File.Copy(_folder["file"], _folder["two"]);
        });
        found.Should().Equal(expected);

        Trainer another = Create();
        Change(another, setting);
        another.Invoking(own => own.Resume(_folder["two"])).Should().Throw<ArgumentException>().WithMessage("*other settings*");
        Resumed(own => own.Resume(_folder["two"])).Should().Equal(expected);
        Resumed(own =>
        {
            stream.Position = 0;
            own.Resume(stream);
        }).Should().Equal(expected);
        Trainer afterwards = Create();
        trainer.Checkpoint = null;
        stream.SetLength(0);
        trainer.SaveCheckpoint(stream);
        stream.Position = 0;
        afterwards.Invoking(own => own.Resume(stream)).Should().NotThrow("the last run is finished, and had the settings from before");

        static int[] Resumed(Action<Trainer> resume)
        {
            Trainer resumed = Create();
            resume(resumed);
            return Finished(resumed, _ => { });
        }
    }

    [Theory]
    [MemberData(nameof(SettingsThatCountAtOnce))]
    public void Another_setting_of_optimizer_or_layers_counts_at_once_and_checkpoints_tell_it(string setting)
    {
        Trainer trainer = Create();
        trainer.Checkpoint = new CheckpointOptions(_folder["file"]);
        int[] found = Finished(trainer, epoch =>
        {
            if (epoch == 1) Change(trainer, setting);
            if (epoch == 2) File.Copy(_folder["file"], _folder["two"]);
        });
        found.Should().NotEqual(Finished(Create(), _ => { }));
        Trainer unchanged = Create();
        unchanged.Invoking(own => own.Resume(_folder["two"])).Should().Throw<ArgumentException>().WithMessage("*other settings*");
        Trainer resumed = Create();
        Change(resumed, setting);
        resumed.Resume(_folder["two"]);
        Finished(resumed, _ => { }).Should().Equal(found);
    }

    [Fact]
    public void A_learning_rate_without_a_schedule_counts_at_once_and_comes_from_the_checkpoint()
    {
        Trainer trainer = Create();
        (trainer.Schedule, trainer.Checkpoint) = (null, new CheckpointOptions(_folder["file"]));
        int[] found = Finished(trainer, epoch =>
        {
            if (epoch == 1) trainer.Optimizer.LearningRate /= 10;
            if (epoch == 2) File.Copy(_folder["file"], _folder["two"]);
        });
        Trainer resumed = Create();
        resumed.Schedule = null;
        resumed.Resume(_folder["two"]);
        Finished(resumed, _ => { }).Should().Equal(found);
    }

    [Fact]
    public void A_recovery_that_is_set_or_taken_away_in_the_loop_is_for_the_next_run()
    {
        foreach (bool begins in new[] { false, true })
        {
            Trainer trainer = TestData.Classifier();
            trainer.Recovery = begins ? new Recovery(limit: 1) : null;
            bool explodes = false;
            trainer.Observers.Add(new StepAction(onGradients: _ =>
            {
                if (explodes) trainer.Network.NamedParameters()[0].Parameter.Gradient.Span[0] = float.NaN;
                explodes = false;
            }));
            Action train = () =>
            {
                foreach (Epoch epoch in trainer.Epochs(TestData.Classes(40), epochs: 3))
                {
                    (trainer.Recovery, explodes) = (begins ? null : new Recovery(limit: 1), epoch.Number == 1);
                }
            };
            if (begins) train.Should().NotThrow();
            else train.Should().Throw<NonFiniteException>();
            trainer.History.Recoveries.Should().HaveCount(begins ? 1 : 0);
        }
    }

    [Fact]
    public void Progress_log_and_the_place_of_checkpoints_are_those_of_the_beginning_too()
    {
        Trainer trainer = Create();
        var reports = new ProgressList();
        (trainer.Progress, trainer.ProgressInterval, trainer.Checkpoint) = (reports, TimeSpan.Zero, new CheckpointOptions(_folder["first"]));
        int before = 0;
        Finished(trainer, epoch =>
        {
            before = epoch == 1 ? reports.Reports.Count : before;
            (trainer.Progress, trainer.ProgressInterval, trainer.Checkpoint) = (null, TimeSpan.MaxValue, new CheckpointOptions(_folder["second"]));
        });
        reports.Reports.Count.Should().Be(Epochs * before);
        _folder.Files.Should().Equal("first");
        Trainer resumed = Create();
        resumed.Resume(_folder["first"]);
        resumed.History.Epochs.Should().HaveCount(Epochs);
    }

    private static IEnumerable<string> Settable(Type type) => type.GetProperties().Where(property => property.SetMethod?.IsPublic == true).Select(property => property.Name);

    private static Trainer Create()
    {
        Sequential network = TrainingKinds.Network();
        return new Trainer(network, new MeanSquaredError(), new AdamW(network, 0.02)) { BatchSize = 8, Schedule = new ReduceOnPlateau(patience: 1, reduction: 0.5, threshold: 0.5) };
    }

    private static int[] Finished(Trainer trainer, Action<int> after)
    {
        foreach (Epoch epoch in trainer.Epochs(TrainingKinds.Train, TrainingKinds.Validation, Epochs)) after(epoch.Number);
        return TestData.Bits(trainer.Network);
    }

    private static void Change(Trainer trainer, string setting)
    {
        if (setting == nameof(Optimizer.SetRate)) trainer.Optimizer.SetRate(trainer.Network[0], 0.1);
        else if (setting == nameof(Layer.Freeze)) trainer.Network[0].Freeze();
        else if (setting == nameof(BatchNorm.RunningAverageRate)) ((BatchNorm)trainer.Network[1]).RunningAverageRate = 0.5;
        else
        {
            object owner = typeof(Trainer).GetProperty(setting) is null ? trainer.Optimizer : trainer;
            PropertyInfo property = owner.GetType().GetProperty(setting)!;
            property.SetValue(owner, setting is nameof(Optimizer.MaxNorm) or nameof(Optimizer.ClipNorm) or nameof(Optimizer.ClipValue) ? 0.01 : ResumeSettingsTests.Another(property.PropertyType, property.GetValue(owner)));
        }
    }
}
