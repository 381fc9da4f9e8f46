using System.Diagnostics;

namespace NeuralTrain.Benchmarks;

/// <summary>
/// What writing and reading files costs at 10 million parameters: <c>dotnet run -c Release --project benchmarks/NeuralTrain.Benchmarks -- files</c>. Each line is the least of
/// several rounds; memory is the highest working set during a round above that before it.
/// </summary>
internal static class FileMeasurement
{
    private const int Rounds = 5;

    /// <summary>Measures and prints.</summary>
    public static void Run()
    {
        string folder = Directory.CreateTempSubdirectory("neuraltrain-files-").FullName;
        try
        {
            Measure(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string folder)
    {
        string checkpoint = Path.Combine(folder, "run.ckpt");
        string model = Path.Combine(folder, "model.safetensors");
        Trainer trainer = Create();
        var data = new Dataset(new Matrix(2, 1000), new Matrix(2, 10));
        data.Inputs.Span.Fill(0.5f);
        trainer.Fit(data, epochs: 1);
        int parameters = trainer.Network.NamedParameters().Sum(named => named.Parameter.Value.Span.Length);
        Console.WriteLine($"{parameters:n0} parameters, {Environment.ProcessorCount} cores, .NET {Environment.Version}, files in {folder}");
        Console.WriteLine("work | file | least time | highest extra memory | of the file's size");
        Console.WriteLine("---|---|---|---|---");

        Report("write a checkpoint (Adam)", checkpoint, () => Write(checkpoint, trainer));
        Report("copy the file's bytes and flush them, for comparison", checkpoint, () => Copy(checkpoint, Path.Combine(folder, "copy")));
        Report("resume from it", checkpoint, () => trainer.Resume(checkpoint));
        Report("ModelFile.Save", model, () => ModelFile.Save(model, trainer.Network));
        Report("ModelFile.LoadInto", model, () => ModelFile.LoadInto(model, trainer.Network));
        Report("ModelFile.Load (makes the network: as much again for its gradients)", model, () => GC.KeepAlive(ModelFile.Load(model)));
    }

    // 1000-2500-2500-500-10: 10.0 million.
    private static Trainer Create()
    {
        var random = new Random(1);
        var network = new Sequential(
            new Linear(1000, 2500, random), new ReLU(), new Linear(2500, 2500, random), new ReLU(), new Linear(2500, 500, random), new ReLU(), new Linear(500, 10, random));
        return new Trainer(network, new MeanSquaredError(), new Adam(network));
    }

    private static void Write(string path, Trainer trainer)
    {
        trainer.History.State.Trainer = trainer;
        trainer.History.State.Capture();
        ReplacedFile.Write(path, CheckpointFile.Writer(trainer.History.State));
    }

    private static void Copy(string from, string to)
    {
        using var target = new FileStream(to, FileMode.Create);
        using (var source = new FileStream(from, FileMode.Open))
        {
            source.CopyTo(target, 1 << 22);
        }

        target.Flush(flushToDisk: true);
    }

    private static void Report(string work, string file, Action run)
    {
        double least = double.PositiveInfinity;
        long highest = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            long before = Environment.WorkingSet;
            using var watch = new MemoryWatch();
            var clock = Stopwatch.StartNew();
            run();
            least = Math.Min(least, clock.Elapsed.TotalMilliseconds);
            highest = Math.Min(highest, watch.Highest() - before);
        }

        double size = new FileInfo(file).Length;
        Console.WriteLine($"{work} | {size / 1e6:0.0} MB | {least:0} ms | {highest / 1e6:0.0} MB | {highest / size:0.00}");
    }
}
