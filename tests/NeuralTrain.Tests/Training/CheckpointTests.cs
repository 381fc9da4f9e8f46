namespace NeuralTrain.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private const int Epochs = 7;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, int> Runs()
    {
        var runs = new TheoryData<string, int>();
        foreach (string kind in TrainingKinds.All.Keys)
        {
            for (int epoch = 1; epoch <= Epochs; epoch++)
            {
                runs.Add(kind, epoch);
            }
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Resumed_after_any_epoch_a_run_ends_with_the_same_bits(string kind, int interruptedAfter)
    {
        Trainer whole = TrainingKinds.All[kind]();
        whole.Fit(TrainingKinds.Train, TrainingKinds.Validation, Epochs, TestContext.Current.CancellationToken);

        // The loop is left as by a crash, with the checkpoint alone to go on from.
        Trainer interrupted = TrainingKinds.All[kind]();
        interrupted.Checkpoint = new CheckpointOptions(_folder["run.ckpt"]);
        foreach (Epoch epoch in interrupted.Epochs(TrainingKinds.Train, TrainingKinds.Validation, Epochs, TestContext.Current.CancellationToken))
        {
            if (epoch.Number == interruptedAfter)
            {
                break;
            }
        }

        Trainer resumed = TrainingKinds.All[kind]();
        resumed.Resume(_folder["run.ckpt"]);
        resumed.History.Epochs.Count.Should().Be(Math.Min(interruptedAfter, whole.History.Epochs.Count));
        resumed.Fit(TrainingKinds.Train, TrainingKinds.Validation, Epochs, TestContext.Current.CancellationToken);

        Bits(resumed).Should().Equal(Bits(whole));
        resumed.History.Epochs.Select(Text).Should().Equal(whole.History.Epochs.Select(Text));
        resumed.History.StopReason.Should().Be(whole.History.StopReason);
        resumed.History.Best.Number.Should().Be(whole.History.Best.Number);
        resumed.Optimizer.LearningRate.Should().Be(whole.Optimizer.LearningRate);
        Matrix masked = TrainingKinds.Train.Inputs.SliceRows(0, 6);
        resumed.Network.Forward(masked).Span.ToArray().Should().Equal(whole.Network.Forward(masked).Span.ToArray(), "the next masks are the same");
    }

    [Fact]
    public void The_kinds_of_runs_are_not_all_the_same()
    {
        string[] ends =
        [
            .. TrainingKinds.All.Values.Select(create =>
            {
                Trainer trainer = create();
                trainer.Fit(TrainingKinds.Train, TrainingKinds.Validation, Epochs, TestContext.Current.CancellationToken);
                return string.Join(" ", Bits(trainer));
            }),
        ];
        ends.Should().OnlyHaveUniqueItems("settings without effect would test nothing");
    }

    [Fact]
    public void Every_other_epoch_and_the_last_are_written_where_that_is_asked_for()
    {
        Trainer trainer = TrainingKinds.All["Adam"]();
        trainer.Checkpoint = new CheckpointOptions(_folder["run.ckpt"], every: 2);
        var written = new List<int>();
        foreach (Epoch _ in trainer.Epochs(TrainingKinds.Train, TrainingKinds.Validation, Epochs, TestContext.Current.CancellationToken))
        {
            if (File.Exists(_folder["run.ckpt"]))
            {
                Trainer reader = TrainingKinds.All["Adam"]();
                reader.Resume(_folder["run.ckpt"]);
                written.Add(reader.History.Epochs.Count);
            }
        }

        written.Should().Equal(2, 2, 4, 4, 6, 7);
        _folder.Files.Should().Equal("run.ckpt");
    }

    [Fact]
    public void Another_network_is_refused_layer_by_layer_and_nothing_is_changed()
    {
        Write("Adam");
        var network = new Sequential(new Linear(3, 9, new Random(1)), new ReLU(), new Linear(9, 2, new Random(1), bias: false));
        var trainer = new Trainer(network, new MeanSquaredError(), new Adam(network));
        string[] before = Bits(trainer);
        Action resume = () => trainer.Resume(_folder["run.ckpt"]);
        resume.Should().Throw<ArgumentException>().WithMessage("*network: Sequential layers ?Linear*BatchNorm*");
        Bits(trainer).Should().Equal(before);
        trainer.History.Epochs.Should().BeEmpty();
    }

    [Fact]
    public void Other_settings_are_refused_by_name_and_nothing_is_changed()
    {
        Write("Adam");
        Sequential network = TrainingKinds.Network();
        var trainer = new Trainer(network, new MeanSquaredError(), new AdamW(network)) { BatchSize = 4, Seed = 3, Schedule = new ExponentialDecay(0.9) };
        string[] before = Bits(trainer);
        Action resume = () => trainer.Resume(_folder["run.ckpt"]);
        resume.Should().Throw<ArgumentException>().WithMessage("*optimizer: AdamW(*), was Adam(*schedule: ExponentialDecay(factor 0.9, unit Epoch*), was none*training: Trainer batch size 4, was 8*seed 3, was 0*");
        Bits(trainer).Should().Equal(before);
    }

    [Fact]
    public void Other_frozen_layers_are_refused_by_name_and_nothing_is_changed()
    {
        Write("partly frozen");
        Trainer trainer = TrainingKinds.All["partly frozen"]();
        trainer.Network.Unfreeze();
        trainer.Network.Children[4].Freeze();
        string[] before = Bits(trainer);
        Action resume = () => trainer.Resume(_folder["run.ckpt"]);
        resume.Should().Throw<ArgumentException>().WithMessage("*network: 0: Linear frozen nothing, was ?weight, bias]*network: 4: Linear frozen ?weight, bias], was nothing*");
        Bits(trainer).Should().Equal(before);

        trainer.Network.Unfreeze();
        resume.Should().Throw<ArgumentException>().WithMessage("*network: 0: Linear frozen nothing, was ?weight, bias]*");
        trainer.Network.Children[0].Freeze();
        resume.Should().NotThrow();
    }

    [Fact]
    public void Another_metric_to_watch_is_refused_by_name()
    {
        Write("early stopping");
        Refused(trainer => trainer.EarlyStopping = new EarlyStopping(metric: "MAE"), "*early stopping: EarlyStopping patience 10, was 2*watched value mae, was loss*");
        Refused(trainer => trainer.Schedule = new ReduceOnPlateau(), "*schedule*");
        Write("plateau");
        Refused(trainer => (trainer.Schedule, trainer.ScheduleMetric) = (new ReduceOnPlateau(), "MAE"), "*schedule: ReduceOnPlateau*watched value mae, was loss*");
        Trainer patient = TrainingKinds.All["plateau"]();
        patient.EarlyStopping = new EarlyStopping(patience: 50, metric: "Loss");
        patient.Invoking(trainer => trainer.Resume(_folder["run.ckpt"])).Should().Throw<ArgumentException>().WithMessage("*early stopping: EarlyStopping(patience 50*), was none*");

        void Refused(Action<Trainer> change, string message)
        {
            Trainer trainer = TrainingKinds.All["early stopping"]();
            change(trainer);
            ((Action)(() => trainer.Resume(_folder["run.ckpt"]))).Should().Throw<ArgumentException>().WithMessage(message);
        }
    }

    [Fact]
    public void A_model_file_and_a_missing_file_are_told_from_a_checkpoint()
    {
        Trainer trainer = TrainingKinds.All["Adam"]();
        ModelFile.Save(_folder["m"], trainer.Network);
        Action model = () => trainer.Resume(_folder["m"]);
        model.Should().Throw<InvalidDataException>().WithMessage("*not a checkpoint of a training*ModelFile.Load*");
        Action missing = () => trainer.Resume(_folder["none"]);
        missing.Should().Throw<FileNotFoundException>();
        Write("Adam");
        Action load = () => ModelFile.Load(_folder["run.ckpt"]);
        load.Should().Throw<InvalidDataException>().WithMessage("*no description of a network*");
    }

    [Fact]
    public void A_checkpoint_being_written_by_another_training_is_refused_and_the_old_one_stays()
    {
        Write("Adam");
        byte[] before = File.ReadAllBytes(_folder["run.ckpt"]);
        Trainer trainer = TrainingKinds.All["Adam"]();
        trainer.Checkpoint = new CheckpointOptions(_folder["run.ckpt"]);
        using (new FileStream(_folder["run.ckpt.tmp"], FileMode.Create, FileAccess.Write, FileShare.None))
        {
            Action fit = () => trainer.Fit(TrainingKinds.Train, epochs: 1, cancellationToken: TestContext.Current.CancellationToken);
            fit.Should().Throw<IOException>();
        }

        File.ReadAllBytes(_folder["run.ckpt"]).Should().Equal(before);
        Action again = () => TrainingKinds.All["Adam"]().Resume(_folder["run.ckpt"]);
        again.Should().NotThrow();
    }

    [Fact]
    public void Damaged_in_any_byte_a_checkpoint_resumes_or_is_refused()
    {
        Write("everything");
        byte[] file = File.ReadAllBytes(_folder["run.ckpt"]);
        int header = (int)BitConverter.ToUInt64(file);
        int refused = 0;
        Trainer trainer = TrainingKinds.All["everything"]();
        (int state, int length) = PlaceOfState();
        foreach (int place in Enumerable.Range(0, header + 8).Concat(Enumerable.Range(state, length)))
        {
            byte[] damaged = [.. file];
            damaged[place] ^= (byte)(1 << (place % 7));
            File.WriteAllBytes(_folder["damaged"], damaged);
            try
            {
                trainer.Resume(_folder["damaged"]);
            }
            catch (Exception refusal) when (refusal is InvalidDataException or ArgumentException)
            {
                refused++;
                continue;
            }

            // What passes is a training that can go on, perhaps another one.
            if (place % 5 == 0)
            {
                try
                {
                    trainer.Fit(TrainingKinds.Train, TrainingKinds.Validation, epochs: 3, TestContext.Current.CancellationToken);
                }
                catch (Exception refusal) when (refusal is ArgumentException or NonFiniteException)
                {
                    trainer.History.Epochs.Count.Should().BeLessThanOrEqualTo(5);
                }
            }
        }

        refused.Should().BeGreaterThan((header + length) / 2);
        for (int kept = 0; kept < file.Length; kept += 11)
        {
            File.WriteAllBytes(_folder["damaged"], file[..kept]);
            Action resume = () => trainer.Resume(_folder["damaged"]);
            resume.Should().Throw<InvalidDataException>();
        }
    }

    private (int Start, int Length) PlaceOfState()
    {
        using SafetensorsReader reader = SafetensorsReader.Open(_folder["run.ckpt"]);
        return ((int)reader.Header.Tensors["state"].Start, (int)reader.Header.Tensors["state"].Length);
    }

    internal static string[] Bits(Trainer trainer) =>
    [
        .. trainer.Network.NamedParameters().Select(named => $"{named.Path} {string.Join(" ", named.Parameter.Value.Span.ToArray().Select(BitConverter.SingleToInt32Bits))}"),
    ];

    // Durations differ from run to run.
    private static string Text(Epoch epoch) =>
        $"{epoch.Number} {Text(epoch.Training)} {(epoch.Validation is null ? "" : Text(epoch.Validation))} {epoch.LearningRate:r} {epoch.GradientNorm:r} {epoch.RegularizationLoss:r}";

    private static string Text(Evaluation evaluation) => $"{evaluation.Loss:r} {string.Join(" ", evaluation.Values.Select(value => $"{value.Name} {value.Value:r} {value.IsRatio}"))}";

    private void Write(string kind)
    {
        Trainer trainer = TrainingKinds.All[kind]();
        trainer.Checkpoint = new CheckpointOptions(_folder["run.ckpt"]);
        trainer.Fit(TrainingKinds.Train, TrainingKinds.Validation, epochs: 2);
    }
}
