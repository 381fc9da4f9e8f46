using System.Diagnostics;
using System.Globalization;

namespace NeuralTrain.Tests.Training;

/// <summary>A program that writes checkpoints or models, killed again and again: what it leaves behind is always whole.</summary>
/// <remarks>With <c>NEURALTRAIN_KILLS=200</c> each case kills as often as that.</remarks>
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
        kills = Wanted ?? kills;
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

    // A model of 4 MB is being written nearly always.
    [Fact]
    public void Killed_at_any_moment_a_program_that_saves_leaves_a_whole_model()
    {
        string path = _folder["run.ckpt"];
        var random = new Random(8);
        int inTheMiddle = 0;
        for (int kill = 0; kill < (Wanted ?? 10); kill++)
        {
            DateTime written = File.GetLastWriteTimeUtc(path);
            using Process process = Start(path, 1024, "save");
            process.StandardOutput.ReadLine().Should().Be("begins");
            WaitUntil(() => File.GetLastWriteTimeUtc(path) > written, process);
            if (kill % 2 == 0) WaitForPartBeside(path, process);
            else Thread.Sleep(random.Next(30));
            process.Kill();
            process.WaitForExit();
            inTheMiddle += Parts(path).Length;
            Parts(path).Length.Should().BeLessThanOrEqualTo(1, "the next writer removes the part of one that was killed");

            // The checksum is that of all weights: no mixture of two models.
            SavedModel model = ModelFile.Load(path);
            float now = model.Network.NamedParameters()[0].Parameter.Value.Span[0];
            now.Should().BeGreaterThan(0.5f, "the program adds 1 to a small number each time");
        }

        inTheMiddle.Should().BePositive("some kills must meet a model being written");
        ReplacedFile.Write(path, stream => { });
        _folder.Files.Should().Equal(["run.ckpt"], "however often it is killed, the next writer leaves no part");
    }

    private static int? Wanted => int.TryParse(Environment.GetEnvironmentVariable("NEURALTRAIN_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out int kills) ? kills : null;

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

    private static Process Start(string path, int width, params string[] more)
    {
        string program = Repository.PathOf("tests", "CheckpointWriter", "bin", Repository.Configuration, "net10.0", "CheckpointWriter.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, path, $"{width}", .. more]) { RedirectStandardOutput = true })!;
    }

    // As the program builds it.
    private static Trainer Trainer(int width)
    {
        var random = new Random(1);
        var network = new Sequential(new Linear(4, width, random), new BatchNorm(width), new ReLU(), new Dropout(0.5, random), new Linear(width, width, random), new Linear(width, 2, random));
        return new Trainer(network, new MeanSquaredError(), new Adam(network)) { EarlyStopping = new EarlyStopping(patience: int.MaxValue) };
    }
}
