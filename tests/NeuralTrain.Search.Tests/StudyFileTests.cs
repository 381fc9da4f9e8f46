using System.Diagnostics;

namespace NeuralTrain.Tests.Search;

/// <summary>The journal of a study: cut off anywhere, damaged, opened twice, or left by a process that was killed.</summary>
public sealed class StudyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_study_that_is_opened_again_goes_on_and_ends_as_one_that_was_not()
    {
        string[] whole = Run("whole.study", 12);
        Run("parts.study", 5).Should().Equal(whole[..5]);
        Run("parts.study", 6);
        Run("parts.study", 12).Should().Equal(whole);
        Run("parts.study", 12).Should().Equal(whole, "there is nothing more to do");
    }

    [Fact]
    public void Cut_off_at_any_byte_a_study_goes_on_and_ends_as_one_that_was_not()
    {
        string[] whole = Run("a.study", 5);
        byte[] journal = File.ReadAllBytes(_folder["a.study"]);
        for (int length = 0; length < journal.Length; length += 7)
        {
            _folder.Write("b.study", journal[..length]);
            Run("b.study", 5).Should().Equal(whole, $"it was cut off at byte {length}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_damaged_line_is_refused_with_its_place(int line)
    {
        Run("a.study", 3);
        string[] lines = File.ReadAllLines(_folder["a.study"]);
        foreach (string[] damaged in new[] { [.. lines[..line], lines[line].Replace(':', ';'), .. lines[(line + 1)..]], [.. lines[..line], .. lines[(line + 1)..]], Enumerable.Repeat(lines[0], 5).ToArray() })
        {
            File.WriteAllLines(_folder["b.study"], damaged);
            byte[] before = File.ReadAllBytes(_folder["b.study"]);
            this.Invoking(_ => Run("b.study", 3)).Should().Throw<InvalidDataException>().WithMessage("*b.study' is damaged or not a study, in line *, byte *");
            File.ReadAllBytes(_folder["b.study"]).Should().Equal(before, "nothing is changed");
        }
    }

    [Fact]
    public void A_file_that_is_no_study_is_refused()
    {
        _folder.Write("a.txt", "Dear diary,\ntoday\n");
        FluentActions.Invoking(() => Study.Open(_folder["a.txt"], Direction.Minimize, new RandomSampler())).Should().Throw<InvalidDataException>().WithMessage("*line 1, byte 0*");
        FluentActions.Invoking(() => Study.Open(_folder["no/a.study"], Direction.Minimize, new RandomSampler())).Should().Throw<DirectoryNotFoundException>();
    }

    [Fact]
    public void Other_settings_are_refused_and_listed()
    {
        Run("a.study", 3);
        FluentActions.Invoking(() => Study.Open(_folder["a.study"], Direction.Maximize, new TpeSampler(6, startup: 2), new MedianRule(), new StudyOptions { Window = 3, Version = "data 2" }))
            .Should().Throw<ArgumentException>().WithMessage(
                "*other settings; nothing was changed*direction: expected Minimize, received Maximize*order: expected window 2, received window 3*pruner: expected Patience*received MedianRule*sampler: expected TpeSampler(seed 5*received TpeSampler(seed 6*version: expected none, received data 2*");
    }

    [Fact]
    public void A_study_is_open_once_at_a_time()
    {
        using Study study = Study.Open(_folder["a.study"], Direction.Minimize, new RandomSampler());
        FluentActions.Invoking(() => Study.Open(_folder["a.study"], Direction.Minimize, new RandomSampler())).Should().Throw<IOException>().WithMessage("*another process has the study open*");
    }

    [Fact]
    public void A_trial_that_ends_the_process_again_and_again_fails()
    {
        var options = new StudyOptions { Attempts = 3 };
        for (int i = 0; i < 3; i++)
        {
            using Study killed = Study.Open(_folder["a.study"], Direction.Minimize, new RandomSampler(), options: options);
            killed.Ask().Attempt.Should().Be(i + 1);
        }

        using Study study = Study.Open(_folder["a.study"], Direction.Minimize, new RandomSampler(), options: options);
        study.Ask().Number.Should().Be(1);
        study.Trials[0].Status.Should().Be(TrialStatus.Failed);
        study.Trials[0].Message.Should().Be("lost 3 times in a row without a new report");
    }

    [Fact]
    public void A_trial_with_a_lease_can_be_told_of_in_a_later_process()
    {
        using (Study study = Study.Open(_folder["a.study"], Direction.Minimize, new RandomSampler())) study.Ask(TimeSpan.FromHours(1)).Suggest("x", 0, 1);
        using Study later = Study.Open(_folder["a.study"], Direction.Minimize, new RandomSampler());
        later.Tell(0, 0.25);
        later.Best.Score.Should().Be(0.25);
    }

    [Fact]
    public void The_best_trainer_is_kept_as_a_model_and_a_checkpoint_and_nothing_else()
    {
        float[] best = [];
        using Study study = Study.Open(_folder["a.study"], Direction.Minimize, new QuasiRandomSampler(1), options: new StudyOptions { Classes = ["no", "yes"], CheckpointInterval = TimeSpan.Zero });
        double least = double.PositiveInfinity;
        study.Run(6, 1, trial =>
        {
            Trainer trainer = Train(trial);
            double loss = trainer.History.Epochs[^1].Training.Loss;
            if (loss < least) (least, best) = (loss, [.. trainer.Network.NamedParameters().SelectMany(named => named.Parameter.Value.Span.ToArray())]);
            return trainer;
        });
        study.Best.Score.Should().Be(least);
        SavedModel saved = ModelFile.Load(study.BestModelFile!);
        saved.Network.NamedParameters().SelectMany(named => named.Parameter.Value.Span.ToArray()).Should().Equal(best);
        saved.Classes.Should().Equal("no", "yes");
        File.Exists(study.BestCheckpointFile).Should().BeTrue();
        Directory.GetFiles(_folder["a.study.files"]).Should().HaveCount(2);
    }

    [Fact]
    public void A_full_disk_ends_the_run_and_costs_no_trial()
    {
        using Study study = Study.Open(_folder["a.study"], Direction.Minimize, new RandomSampler(1), options: new StudyOptions { CheckpointInterval = TimeSpan.Zero });

        // A file where the folder should be: nothing can be written there.
        _folder.Write("a.study.files", "");
        study.Invoking(s => s.Run(2, 1, Train)).Should().Throw<StudyStorageException>().WithMessage("'trial-0.ckpt' cannot be written*");
        File.Delete(_folder["a.study.files"]);
        study.Run(2, 1, Train);
        study.Trials.Should().HaveCount(2).And.OnlyContain(trial => trial.Status == TrialStatus.Completed);
        study.Trials[0].Attempt.Should().Be(2);
    }

    [Fact]
    public void What_another_study_left_in_the_folder_is_not_taken_for_its_own()
    {
        Directory.CreateDirectory(_folder["a.study.files"]);
        foreach (string name in new[] { "trial-0.ckpt", "trial-0.safetensors" }) _folder.Write($"a.study.files/{name}", "of a study whose journal is gone");
        using (Study killed = Study.Open(_folder["a.study"], Direction.Minimize, new RandomSampler(1)))
        {
            Trial trial = killed.Ask();
            trial.Suggest("rate", 0.01, 0.5);
            var network = new Sequential(new Linear(2, 2, trial.Random));
            trial.Resume(new Trainer(network, new MeanSquaredError(), new SGD(network)));
        }

        using Study study = Study.Open(_folder["a.study"], Direction.Minimize, new RandomSampler(1));
        study.Run(1, 1, trial => trial.Suggest("rate", 0.01, 0.5));
        (study.Best.Attempt, study.BestModelFile, study.BestCheckpointFile).Should().Be((2, null, null));
        Directory.GetFiles(_folder["a.study.files"]).Should().BeEmpty();
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_read_ends_the_run_and_costs_no_trial()
    {
        using Study study = Study.Open(_folder["a.study"], Direction.Minimize, new RandomSampler(1));
        study.Invoking(s => s.Run(1, 1, (Func<Trial, double>)(_ => throw new StudyStorageException("Give it back.", new IOException())))).Should().Throw<StudyStorageException>();
        Directory.CreateDirectory(_folder["a.study.files"]);
        _folder.Write("a.study.files/trial-0.ckpt", "damaged");
        study.Invoking(s => s.Run(1, 1, Train)).Should().Throw<StudyStorageException>().WithMessage("'trial-0.ckpt' cannot be read: *The trial continues from it when it can be read, or starts over when you remove it.");
        File.Delete(_folder["a.study.files/trial-0.ckpt"]);
        study.Run(1, 1, Train);
        (study.Best.Number, study.Best.Attempt).Should().Be((0, 3));
    }

    [Fact]
    public void Killed_at_any_moment_a_study_goes_on_and_ends_with_the_same_bits()
    {
        const int Trials = 12;
        Writer("whole.study", Trials, 2, 0).WaitForExit();
        var random = new Random(11);
        int kills = 0;
        while (kills < 24)
        {
            using Process process = Writer("killed.study", Trials, 1 + (kills % 3), 8);
            if (process.StandardOutput.ReadLine() is null) break;

            // From when it is at work: its start takes longer than a trial.
            long length = new FileInfo(_folder["killed.study"]).Length;
            while (!process.HasExited && new FileInfo(_folder["killed.study"]).Length <= length) Thread.Sleep(1);
            Thread.Sleep(random.Next(60));
            if (process.HasExited) break;
            process.Kill();
            process.WaitForExit();
            kills++;
        }

        using (Process last = Writer("killed.study", Trials, 3, 0)) last.WaitForExit();
        kills.Should().BeGreaterThan(5);
        using Study whole = Open("whole.study"), killed = Open("killed.study");
        StudyTests.Lines(killed).Should().HaveCount(Trials).And.Equal(StudyTests.Lines(whole));
        killed.Trials.Should().Contain(trial => trial.Attempt > 1);
        File.ReadAllBytes(killed.BestModelFile!).Should().Equal(File.ReadAllBytes(whole.BestModelFile!));
        Directory.GetFiles(_folder["killed.study.files"]).Should().HaveCount(2, "checkpoints of ended trials are removed");

        Study Open(string name) => Study.Open(_folder[name], Direction.Minimize, new TpeSampler(5, startup: 4), new SuccessiveHalving(2, 3), new StudyOptions { Window = 3 });
    }

    [Fact]
    public void While_a_process_runs_a_study_no_other_one_can_open_it()
    {
        using Process process = Writer("a.study", 100, 1, 20);
        process.StandardOutput.ReadLine().Should().Be("goes on with 0 trials");
        FluentActions.Invoking(() => Study.Open(_folder["a.study"], Direction.Minimize, new RandomSampler())).Should().Throw<IOException>().WithMessage("*another process has the study open*");
        process.Kill();
        process.WaitForExit();
    }

    private Process Writer(string name, int trials, int parallel, int pause) => Process.Start(new ProcessStartInfo(
        "dotnet", [Repository.PathOf("tests", "StudyWriter", "bin", Repository.Configuration, "net10.0", "StudyWriter.dll"), _folder[name], $"{trials}", $"{parallel}", $"{pause}"])
    {
        RedirectStandardOutput = true,
    })!;

    private static Trainer Train(Trial trial)
    {
        var network = new Sequential(new Linear(2, 2, trial.Random), new Tanh(), new Linear(2, 2, trial.Random));
        var trainer = new Trainer(network, new MeanSquaredError(), new SGD(network, trial.Suggest("rate", 0.01, 0.5)));
        trial.Resume(trainer);
        foreach (Epoch epoch in trainer.Epochs(new Dataset(new float[,] { { 0, 1 }, { 1, 0 } }, new float[,] { { 1, 0 }, { 0, 1 } }), epochs: 3))
        {
            if (trial.ShouldStop(epoch)) break;
        }

        return trainer;
    }

    private string[] Run(string name, int trials)
    {
        using Study study = Study.Open(_folder[name], Direction.Minimize, new TpeSampler(5, startup: 2), new Patience(2), new StudyOptions { Window = 2 });
        study.Run(trials, 1, trial =>
        {
            double x = trial.Suggest("x", 0, 1);
            if (trial.Suggest("straße", ["ä", "ö"]) == "ö") x += 1;
            for (int epoch = 1; epoch < 4 && !trial.ShouldStop(epoch, x * Math.Abs(2 - epoch)); epoch++)
            {
            }

            return x;
        });
        return StudyTests.Lines(study);
    }
}
