using NeuralTrain.Tests.Files;

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
        resumed.History.Best!.Number.Should().Be(whole.History.Best!.Number);
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
    public void An_epoch_that_is_written_is_not_written_again_at_the_end()
    {
        Trainer trainer = TrainingKinds.All["Adam"]();
        trainer.Checkpoint = new CheckpointOptions(_folder["run.ckpt"]);
        foreach (Epoch _ in trainer.Epochs(TrainingKinds.Train, epochs: 1, cancellationToken: TestContext.Current.CancellationToken)) File.Delete(_folder["run.ckpt"]);
        _folder.Files.Should().BeEmpty();
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
        model.Should().Throw<InvalidDataException>().WithMessage("*not a training checkpoint*ModelFile.Load*");
        Action missing = () => trainer.Resume(_folder["none"]);
        missing.Should().Throw<FileNotFoundException>();
        Write("Adam");
        Action load = () => ModelFile.Load(_folder["run.ckpt"]);
        load.Should().Throw<InvalidDataException>().WithMessage("*no description of a network*");
    }

    [Fact]
    public void While_another_training_writes_the_same_checkpoint_neither_opens_the_part_of_the_other_and_the_last_one_stays()
    {
        Trainer first = TrainingKinds.All["Adam"]();
        first.Fit(TrainingKinds.Train, epochs: 1, cancellationToken: TestContext.Current.CancellationToken);
        first.History.State.Capture();
        Action<Stream> write = CheckpointFile.Writer(first.History.State);
        ReplacedFile.Write(_folder["run.ckpt"], stream =>
        {
            Write("Adam");
            write(stream);
        });
        Resumed().Should().Be(1);
        ReplacedFile.Write(_folder["run.ckpt"], write);
        Write("Adam");
        Resumed().Should().Be(2);
        _folder.Files.Should().Equal("run.ckpt");

        int Resumed()
        {
            Trainer trainer = TrainingKinds.All["Adam"]();
            trainer.Resume(_folder["run.ckpt"]);
            return trainer.History.Epochs.Count;
        }
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void From_a_stream_a_run_goes_on_to_the_same_bits(bool canSeek)
    {
        Trainer whole = TrainingKinds.All["everything"]();
        whole.Fit(TrainingKinds.Train, TrainingKinds.Validation, Epochs, TestContext.Current.CancellationToken);
        Trainer interrupted = TrainingKinds.All["everything"]();
        interrupted.Invoking(trainer => trainer.SaveCheckpoint(Stream.Null)).Should().Throw<InvalidOperationException>().WithMessage("*trained no epoch*");
        using var stream = new MemoryStream();
        stream.Write("before"u8);
        foreach (Epoch epoch in interrupted.Epochs(TrainingKinds.Train, TrainingKinds.Validation, Epochs, TestContext.Current.CancellationToken))
        {
            if (epoch.Number < 3) continue;
            interrupted.SaveCheckpoint(new OneWayStream(stream));
            break;
        }

        stream.Position = 6;
        Trainer resumed = TrainingKinds.All["everything"]();
        resumed.Resume(canSeek ? stream : new OneWayStream(stream));
        stream.CanRead.Should().BeTrue("it stays open");
        resumed.History.Epochs.Should().HaveCount(3);
        resumed.Fit(TrainingKinds.Train, TrainingKinds.Validation, Epochs, TestContext.Current.CancellationToken);
        Bits(resumed).Should().Equal(Bits(whole));
    }

    [Fact]
    public void In_the_middle_of_an_epoch_no_checkpoint_is_saved()
    {
        Trainer trainer = TrainingKinds.All["Adam"]();
        Exception? refusal = null;
        trainer.Observers.Add(new StepAction(_ => refusal ??= Record.Exception(() => trainer.SaveCheckpoint(Stream.Null))));
        trainer.Fit(TrainingKinds.Train, epochs: 1, cancellationToken: TestContext.Current.CancellationToken);
        refusal.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Match("*middle of an epoch*");
    }

    [Fact]
    public void Resumed_on_another_instruction_set_it_says_that_the_bits_will_differ()
    {
        Write("Adam");
        Warnings().Should().BeEmpty();
        byte[] file = File.ReadAllBytes(_folder["run.ckpt"]);
        int place = file.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(NeuralTrain.Kernels.InstructionSet.Present));
        "M68k"u8.CopyTo(file.AsSpan(place));
        File.WriteAllBytes(_folder["run.ckpt"], file);
        Warnings().Should().ContainSingle().Which.Should().Match("*run.ckpt' was computed on M68k*, and this is *bits*differ*");

        List<string> Warnings()
        {
            var logger = new WarningList();
            Trainer trainer = TrainingKinds.All["Adam"]();
            trainer.Logger = logger;
            trainer.Resume(_folder["run.ckpt"]);
            return logger.Warnings;
        }
    }

    [Fact]
    public void Whatever_the_state_asks_for_little_memory_is_taken_and_the_file_is_refused()
    {
        Write("Adam");
        byte[] file = File.ReadAllBytes(_folder["run.ckpt"]);
        (int start, int length) = PlaceOfState();
        string state = System.Text.Encoding.UTF8.GetString(file, start, length);
        foreach (string hostile in (string[])[
            state.Replace("\"updates\":[", "\"updates\":[" + string.Concat(Enumerable.Repeat("0,", 200_000)), StringComparison.Ordinal),
            state.Replace("\"epochs\":[", "\"epochs\":[" + string.Concat(Enumerable.Repeat("{\"number\":1,\"training\":{\"loss\":1,\"values\":[]},\"learningRate\":1},", 20_000)), StringComparison.Ordinal),
            state.Replace("\"scheduleMemory\":[", "\"scheduleMemory\":[" + new string('[', 100_000), StringComparison.Ordinal)])
        {
            hostile.Length.Should().BeGreaterThan(state.Length);
            File.WriteAllBytes(_folder["run.ckpt"], CheckpointOf(hostile));
            Trainer trainer = TrainingKinds.All["Adam"]();
            string[] before = Bits(trainer);
            _ = Record.Exception(() => trainer.Resume(_folder["run.ckpt"]));
            long taken = GC.GetAllocatedBytesForCurrentThread();
            Action resume = () => trainer.Resume(_folder["run.ckpt"]);
            Exception? refusal = Record.Exception(resume);
            taken = GC.GetAllocatedBytesForCurrentThread() - taken;
            refusal.Should().BeOfType<InvalidDataException>();
            taken.Should().BeLessThan((16 * new FileInfo(_folder["run.ckpt"]).Length) + (1 << 20));
            Bits(trainer).Should().Equal(before);
        }

        byte[] CheckpointOf(string hostile)
        {
            Trainer trainer = TrainingKinds.All["Adam"]();
            using var written = new MemoryStream();
            SafetensorsWriter.Write(
                written, new Dictionary<string, string> { ["neuraltrain.checkpoint"] = "1" },
                [
                    .. trainer.Parameters.Select(named => SafetensorsContent.Of($"weights.{named.Path}", named.Parameter)),
                    SafetensorsContent.Of("state", System.Text.Encoding.UTF8.GetBytes(hostile)),
                ]);
            return written.ToArray();
        }
    }

    [Theory]
    [InlineData(29)]
    [InlineData(40)]
    public void As_deep_as_a_checkpoint_is_written_it_is_read(int depth)
    {
        Layer inner = new Linear(TrainingKinds.Train.Inputs.Columns, TrainingKinds.Train.Targets.Columns, new Random(1));
        for (int i = 0; i < depth; i++)
        {
            inner = new Sequential(inner);
        }

        var network = (Sequential)inner;
        var trainer = new Trainer(network, new MeanSquaredError(), new Adam(network)) { Checkpoint = new CheckpointOptions(_folder["run.ckpt"]) };
        Action fit = () => trainer.Fit(TrainingKinds.Train, epochs: 1, cancellationToken: TestContext.Current.CancellationToken);
        if (depth > 30)
        {
            fit.Should().Throw<NotSupportedException>().WithMessage("*at most 32 deep*");
            return;
        }

        fit();
        new Trainer(network, new MeanSquaredError(), new Adam(network)).Invoking(again => again.Resume(_folder["run.ckpt"])).Should().NotThrow();
    }

    private sealed class WarningList : Microsoft.Extensions.Logging.ILogger
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == Microsoft.Extensions.Logging.LogLevel.Warning) Warnings.Add(formatter(state, exception));
        }
    }

    private (int Start, int Length) PlaceOfState() => SafetensorsReader.Open(
        _folder["run.ckpt"], reader => ((int)reader.Header.Tensors["state"].Start, (int)reader.Header.Tensors["state"].Length));

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
