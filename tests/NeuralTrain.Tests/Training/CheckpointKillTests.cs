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
            inTheMiddle += Parts(path).Length;
            Parts(path).Length.Should().BeLessThanOrEqualTo(1, "the next writer removes the part of one that was killed");

            Trainer trainer = Trainer(width);
            trainer.Resume(path);
            trainer.History.Epochs.Count.Should().BeGreaterThan(done);
            trainer.History.Epochs.Select(epoch => epoch.Number).Should().Equal(Enumerable.Range(1, trainer.History.Epochs.Count));
            done = trainer.History.Epochs.Count;
        }

        ReplacedFile.Write(path, stream => { });
        _folder.Files.Should().Equal(["run.ckpt"], "however often it is killed, the next writer leaves no part");
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

    private static void WaitForPartBeside(string path, Process process) => WaitUntil(() => Parts(path) is [FileInfo { Exists: true, Length: > 0 }], process);

    private static FileInfo[] Parts(string path) => new DirectoryInfo(Path.GetDirectoryName(path)!).GetFiles("run.ckpt.*.part");

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
