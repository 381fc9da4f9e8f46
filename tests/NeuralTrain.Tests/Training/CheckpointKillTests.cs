using System.Diagnostics;

namespace NeuralTrain.Tests.Training;

/// <summary>A program that trains and writes checkpoints, killed again and again: what it leaves behind is always whole.</summary>
public sealed class CheckpointKillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The wide network's checkpoint has 13 MB and is being written most of the time.
    [Theory]
    [InlineData(8, 10)]
    [InlineData(1024, 14)]
    public void Killed_at_any_moment_a_run_can_be_resumed(int width, int kills)
    {
        string path = _folder["run.ckpt"];
        var random = new Random(7);
        int done = 0;
        int inTheMiddle = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            using Process process = Start(path, width);
            process.StandardOutput.ReadLine().Should().Be($"begins after epoch {done}");
            WaitForCheckpointAfter(path, done, process);
            if (kill % 2 == 0)
            {
                WaitForPartBeside(path, process);
            }
            else
            {
                Thread.Sleep(random.Next(30));
            }

            process.Kill();
            process.WaitForExit();
            inTheMiddle += File.Exists(path + ".tmp") ? 1 : 0;

            Trainer trainer = Trainer(width);
            trainer.Resume(path);
            trainer.History.Epochs.Count.Should().BeGreaterThan(done);
            trainer.History.Epochs.Select(epoch => epoch.Number).Should().Equal(Enumerable.Range(1, trainer.History.Epochs.Count));
            done = trainer.History.Epochs.Count;
        }

        _folder.Files.Should().BeSubsetOf(["run.ckpt", "run.ckpt.tmp"], "however often it is killed, at most one part is left");
        if (width > 1000)
        {
            inTheMiddle.Should().BePositive("some kills must meet a checkpoint being written");
        }
    }

    private static void WaitForCheckpointAfter(string path, int done, Process process)
    {
        DateTime written = done > 0 ? File.GetLastWriteTimeUtc(path) : DateTime.MinValue;
        WaitUntil(() => File.Exists(path) && File.GetLastWriteTimeUtc(path) > written, process);
    }

    private static void WaitForPartBeside(string path, Process process) => WaitUntil(() => new FileInfo(path + ".tmp") is { Exists: true, Length: > 0 }, process);

    private static void WaitUntil(Func<bool> condition, Process process)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            process.HasExited.Should().BeFalse("it trains until it is killed");
            clock.Elapsed.Should().BeLessThan(TimeSpan.FromMinutes(2));
            Thread.Yield();
        }
    }

    private static Process Start(string path, int width)
    {
        string program = Repository.PathOf("tests", "CheckpointWriter", "bin", Repository.Configuration, "net10.0", "CheckpointWriter.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, path, $"{width}"]) { RedirectStandardOutput = true })!;
    }

    // As the program builds it.
    private static Trainer Trainer(int width)
    {
        var random = new Random(1);
        var network = new Sequential(new Linear(4, width, random), new BatchNorm(width), new ReLU(), new Dropout(0.5, random), new Linear(width, width, random), new Linear(width, 2, random));
        return new Trainer(network, new MeanSquaredError(), new Adam(network)) { EarlyStopping = new EarlyStopping(patience: int.MaxValue) };
    }
}
