using System.Diagnostics;
using System.Globalization;

namespace NeuralTrain.Benchmarks;

/// <summary>
/// What the first second costs: <c>dotnet run -c Release --project benchmarks/NeuralTrain.Benchmarks -- cold</c>. Every figure comes from fresh processes of this
/// program, the tasks in turns; the table shows the least of each, once of the clock's time and once of the processor time of all threads, which a busy machine disturbs less.
/// </summary>
internal static class ColdMeasurement
{
    private const int Rounds = 9;
    private const int WarmRepeats = 8;

    /// <summary>Starts the processes and prints the table.</summary>
    public static void Run()
    {
        double[][] empty = new double[Rounds][], few = new double[Rounds][], xor = new double[Rounds][], fit = new double[Rounds][];
        for (int round = 0; round < Rounds; round++)
        {
            empty[round] = Start("nothing");
            few[round] = Start("500");
            xor[round] = Start("60000");
            fit[round] = Start("fit");
        }

        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, least of {Rounds} processes");
        Console.WriteLine("what | time, ms | beside, ms | ratio or difference | processor time, ms | beside, ms | ratio or difference");
        Console.WriteLine("---|---|---|---|---|---|---");
        Console.WriteLine(
            $"(a) 500 steps of XOR, start to exit; an empty program | {Least(few, 0):0.0} | {Least(empty, 0):0.0} | + {Least(few, 0) - Least(empty, 0):0.0} ms | " +
            $"{Least(few, 1):0.0} | {Least(empty, 1):0.0} | + {Least(few, 1) - Least(empty, 1):0.0} ms");
        Report("(b) 60,000 steps of XOR; the same when warm", xor);
        Report("(c) Fit of 200 epochs, 4-16-16-2; the same when warm", fit);
    }

    /// <summary>One task in this process, which the measuring process started for it.</summary>
    public static void RunTask(string task)
    {
        double[] times = task switch
        {
            "nothing" => [0, 0, 0, 0],
            "500" => Time(() => StepXor(500), warm: false),
            "60000" => Time(() => StepXor(60_000), warm: true),
            _ => Time(Fit, warm: true),
        };
        Console.WriteLine(string.Join(' ', times.Append(Environment.CpuUsage.UserTime.TotalMilliseconds).Select(time => time.ToString(CultureInfo.InvariantCulture))));
    }

    private static void Report(string what, double[][] runs) => Console.WriteLine(
        $"{what} | {Least(runs, 2):0.0} | {Least(runs, 4):0.0} | {Least(runs, 2) / Least(runs, 4):0.00} | " +
        $"{Least(runs, 3):0.0} | {Least(runs, 5):0.0} | {Least(runs, 3) / Least(runs, 5):0.00}");

    // From start to exit: time, processor time; then of the task: cold time, cold processor time, warm time, warm processor time.
    private static double[] Start(string task)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(typeof(ColdMeasurement).Assembly.Location);
        start.ArgumentList.Add("cold");
        start.ArgumentList.Add(task);
        var clock = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        double whole = clock.Elapsed.TotalMilliseconds;
        double[] told = [.. process.StandardOutput.ReadToEnd().Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        return [whole, told[^1], .. told[..^1]];
    }

    private static double[] Time(Action task, bool warm)
    {
        (double coldTime, double coldUser) = Once(task);
        double time = double.PositiveInfinity, user = double.PositiveInfinity;
        for (int i = 0; warm && i < WarmRepeats; i++)
        {
            (double nextTime, double nextUser) = Once(task);
            time = Math.Min(time, nextTime);
            user = Math.Min(user, nextUser);
        }

        return [coldTime, coldUser, time, user];
    }

    private static (double Time, double User) Once(Action task)
    {
        TimeSpan before = Environment.CpuUsage.UserTime;
        long start = Stopwatch.GetTimestamp();
        task();
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Environment.CpuUsage.UserTime - before).TotalMilliseconds);
    }

    private static void StepXor(int steps)
    {
        Matrix inputs = new float[,] { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 0, 1 }, { 1, 1, 1 } };
        Matrix targets = new float[,] { { 0 }, { 1 }, { 1 }, { 0 } };
        var random = new Random(1);
        var network = new Sequential(new Linear(3, 4, random), new Sigmoid(), new Linear(4, 1, random), new Sigmoid());
        var loss = new SumOfSquares();
        var optimizer = new SGD(network, learningRate: 1);
        var gradient = new Matrix(4, 1);
        for (int i = 0; i < steps; i++)
        {
            loss.Evaluate(network.Forward(inputs), targets, gradient);
            network.Backward(gradient);
            optimizer.Step();
        }
    }

    // A made-up table as large as the banknote data: two classes, told apart by the sign of a sum.
    private static void Fit()
    {
        var inputs = new Matrix(1372, 4);
        var targets = new Matrix(1372, 2);
        var random = new Random(1);
        for (int row = 0; row < inputs.Rows; row++)
        {
            Span<float> values = inputs.Row(row);
            for (int column = 0; column < 4; column++) values[column] = (2 * random.NextSingle()) - 1;
            targets[row, values[0] + (values[1] * values[2]) > 0.1f * values[3] ? 1 : 0] = 1;
        }

        var network = new Sequential(new Linear(4, 16, random), new ReLU(), new Linear(16, 16, random), new ReLU(), new Linear(16, 2, random));
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network)) { BatchSize = 32 };
        trainer.Fit(new Dataset(inputs, targets), epochs: 200);
    }

    private static double Least(double[][] runs, int figure) => runs.Min(run => run[figure]);
}
