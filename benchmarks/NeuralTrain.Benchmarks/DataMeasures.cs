using System.Diagnostics;
using System.IO.Compression;

namespace NeuralTrain.Benchmarks;

/// <summary>What data cost: <c>NeuralTrain.Benchmarks data FOLDER</c>, with the folder of MNIST's packed files. Whole passes, so no BenchmarkDotNet.</summary>
internal static class DataMeasures
{
    private const int BatchSize = 32;
    private const int Rounds = 7;

    public static void Run(string folder)
    {
        string packedImages = Path.Combine(folder, "train-images-idx3-ubyte.gz"), packedLabels = Path.Combine(folder, "train-labels-idx1-ubyte.gz");
        string images = Unpack(packedImages), labels = Unpack(packedLabels);
        try
        {
            Load("plain", images, labels);
            Load("gzip", packedImages, packedLabels);
            var loaded = Dataset.FromIdx(images, labels);
            Steps(loaded, StreamedData.FromIdx(images, labels), StreamedData.FromIdx(packedImages, packedLabels));
        }
        finally
        {
            File.Delete(images);
            File.Delete(labels);
        }
    }

    private static void Load(string name, string images, string labels)
    {
        double best = double.PositiveInfinity;
        long allocated = 0, floats = 0;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true), start = Stopwatch.GetTimestamp();
            var data = Dataset.FromIdx(images, labels);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            floats = 4L * (data.Inputs.Span.Length + data.Targets.Span.Length);
        }

        Console.WriteLine($"| load, {name} | {best:0.000} s | {allocated / 1e6:0.0} MB allocated in all for {floats / 1e6:0.0} MB of floats (+{(100.0 * allocated / floats) - 100:0.00} %) |");
    }

    private static void Steps(Dataset loaded, StreamedData streamed, StreamedData packed)
    {
        foreach (int threads in new[] { 1, 2 })
        {
            Compute.MaxThreads = threads;
            var random = new Random(1);
            var network = new Sequential(new Linear(784, 128, random), new ReLU(), new Linear(128, 10, random));
            var step = new Step(network);
            double gathering = double.PositiveInfinity, memory = double.PositiveInfinity, stream = double.PositiveInfinity, zip = double.PositiveInfinity, alone = double.PositiveInfinity;
            for (int round = 0; round < Rounds; round++)
            {
                alone = Math.Min(alone, Alone(loaded, step));
                gathering = Math.Min(gathering, Gathering(loaded, round));
                memory = Math.Min(memory, Pass(loaded, step, round));
                stream = Math.Min(stream, Pass(streamed, step, round));
                zip = Math.Min(zip, Pass(packed, step, round));
            }

            Console.WriteLine($"| {threads} threads: step alone, one batch in the cache | {1e6 * alone:0.0} µs | |");
            Console.WriteLine($"| gathering a shuffled batch | {1e6 * gathering:0.0} µs | {100 * gathering / alone:0.0} % of that step |");
            Console.WriteLine($"| step with data in memory | {1e6 * memory:0.0} µs | {BatchSize / memory:0} rows/s |");
            Console.WriteLine($"| step with plain files streamed | {1e6 * stream:0.0} µs | {100 * memory / stream:0.0} % of the rate in memory |");
            Console.WriteLine($"| step with gzip files streamed | {1e6 * zip:0.0} µs | {100 * memory / zip:0.0} % of the rate in memory |");
        }
    }

    // Medians of single calls: on a machine with other work a whole pass would measure that.
    private static double Alone(Dataset data, Step step)
    {
        Matrix inputs = data.Inputs.SliceRows(0, BatchSize), targets = data.Targets.SliceRows(0, BatchSize);
        return Median(1000, () => step.Take(inputs, targets));
    }

    private static double Gathering(Dataset data, int epoch)
    {
        using BatchReader reader = data.Read(new BatchPlan(BatchSize, shuffleSeed: 1, epoch));
        return Median(1000, () => reader.Read());
    }

    private static double Median(int count, Action action)
    {
        double[] seconds = new double[count];
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Array.Sort(seconds);
        return seconds[count / 2];
    }

    // Seconds per batch of a whole shuffled pass.
    private static double Pass(BatchSource data, Step? step, int epoch)
    {
        int batches = 0;
        long start = Stopwatch.GetTimestamp();
        using BatchReader reader = data.Read(new BatchPlan(BatchSize, shuffleSeed: 1, epoch));
        while (reader.Read())
        {
            step?.Take(reader.Inputs, reader.Targets);
            batches++;
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / batches;
    }

    private static string Unpack(string path)
    {
        string unpacked = Path.GetTempFileName();
        using var from = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using FileStream to = File.Create(unpacked);
        from.CopyTo(to);
        return unpacked;
    }

    private sealed class Step(Sequential network)
    {
        private readonly SoftmaxCrossEntropy _loss = new();
        private readonly Adam _optimizer = new(network, learningRate: 1e-7);
        private readonly Matrix _gradient = new(BatchSize, 10);

        public void Take(Matrix inputs, Matrix targets)
        {
            Matrix gradient = _gradient.SliceRows(0, inputs.Rows);
            _loss.Evaluate(network.Forward(inputs), targets, gradient);
            network.Backward(gradient);
            _optimizer.Step();
        }
    }
}
