using System.Diagnostics;
using static TorchSharp.torch;

namespace NeuralTrain.FitBenchmarks;

/// <summary>One fit in this process, and the same once more: times by the clock and of the processor, and the score on the rows to test on.</summary>
internal static class Fits
{
    public static double[] Ours(string file, FitTask task, int threads, int seed)
    {
        Compute.MaxThreads = threads;
        (Dataset train, Dataset test, bool areClasses) = FitTask.ReadBack(file);
        Loss loss = areClasses ? new SoftmaxCrossEntropy() : new MeanSquaredError();
        Sequential? network = null;
        double[] times = Twice(() =>
        {
            var random = new Random(seed);
            int[] sizes = [train.InputSize, .. task.Hidden, train.TargetSize];
            IEnumerable<Layer> layers = sizes.Skip(1).Zip(sizes, (to, from) => new Linear(from, to, random)).SelectMany((layer, i) => i == 0 ? new Layer[] { layer } : [new ReLU(), layer]);
            network = new Sequential([.. layers]);
            new Trainer(network, loss, new Adam(network, task.Rate)) { BatchSize = task.Batch, Seed = (ulong)seed }.Fit(train, epochs: task.Epochs);
        });
        Matrix answer = network!.Predict(test.Inputs);
        double score = Enumerable.Range(0, answer.Rows).Average(row => areClasses
            ? Largest(answer.Row(row)) == Largest(test.Targets.Row(row)) ? 1.0 : 0
            : Math.Pow(answer[row, 0] - test.Targets[row, 0], 2));
        return [.. times, areClasses ? score : Math.Sqrt(score)];
    }

    public static double[] Torch(string file, FitTask task, int threads, int seed)
    {
        set_num_threads(threads);
        (Dataset train, Dataset test, bool areClasses) = FitTask.ReadBack(file);
        Tensor inputs = tensor(train.Inputs.Span.ToArray(), train.Inputs.Rows, train.InputSize), targets = Targets(train);
        nn.Module<Tensor, Tensor>? network = null;
        double[] times = Twice(() =>
        {
            manual_seed(seed);
            int[] sizes = [train.InputSize, .. task.Hidden, train.TargetSize];
            network = nn.Sequential(sizes.Skip(1).Zip(sizes, (to, from) => nn.Linear(from, to)).SelectMany((layer, i) => i == 0 ? new nn.Module<Tensor, Tensor>[] { layer } : [nn.ReLU(), layer]).ToArray());
            using var optimizer = optim.Adam(network.parameters(), task.Rate);
            for (int epoch = 0; epoch < task.Epochs; epoch++)
            {
                using Tensor order = randperm(inputs.shape[0]);
                for (long start = 0; start < inputs.shape[0]; start += task.Batch)
                {
                    using IDisposable scope = NewDisposeScope();
                    Tensor rows = order.slice(0, start, Math.Min(start + task.Batch, inputs.shape[0]), 1), output = network.forward(inputs.index_select(0, rows));
                    Tensor target = targets.index_select(0, rows);
                    Tensor loss = areClasses ? nn.functional.cross_entropy(output, target) : nn.functional.mse_loss(output, target);
                    optimizer.zero_grad();
                    loss.backward();
                    optimizer.step();
                }
            }
        });
        using IDisposable noGradients = no_grad();
        Tensor answer = network!.forward(tensor(test.Inputs.Span.ToArray(), test.Inputs.Rows, test.InputSize)), wanted = Targets(test);
        return [.. times, areClasses ? answer.argmax(1).eq(wanted).to(ScalarType.Float64).mean().item<double>() : Math.Sqrt((answer - wanted).pow(2).mean().item<float>())];

        Tensor Targets(Dataset data) => areClasses
            ? tensor(Enumerable.Range(0, data.Targets.Rows).Select(row => (long)Largest(data.Targets.Row(row))).ToArray())
            : tensor(data.Targets.Span.ToArray(), data.Targets.Rows, data.TargetSize);
    }

    private static double[] Twice(Action fit)
    {
        var times = new List<double>();
        for (int run = 0; run < 2; run++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            fit();
            times.AddRange([Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds]);
        }

        return [.. times];
    }

    private static int Largest(ReadOnlySpan<float> row) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row);
}
