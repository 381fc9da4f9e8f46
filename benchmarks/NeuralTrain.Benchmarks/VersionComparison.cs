using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;

namespace NeuralTrain.Benchmarks;

/// <summary>
/// Times the steps of the peer table with two versions of the library in one process, in turns: <c>-- compare OLD/NeuralTrain.dll [THREADS [CASE]]</c>.
/// </summary>
/// <remarks>
/// Each version has a load context of its own, with a second copy of this program in it that calls it. A ratio above 1 says that the present
/// version is faster. Turns are short and the times are those that a tenth of the turns stay below, so that a busy machine hardly counts: some
/// turns of both versions pass undisturbed. For the same reason processor time decides how long a case runs: until then the compiler must be done.
/// </remarks>
internal static class VersionComparison
{
    private const int LeastRounds = 41;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(1), WarmUp = TimeSpan.FromSeconds(2), Duration = TimeSpan.FromSeconds(4);

    public static void Run(string old, int threads, string cases)
    {
        Console.WriteLine($"{threads} thread(s); microseconds a step, a tenth of {LeastRounds} or more turns are faster");
        Console.WriteLine($"{"",-34} {"old",10} {"new",10} {"old/new",8}");
        for (int i = 0; i < VersionCases.Count; i++)
        {
            if (!VersionCases.Name(i).Contains(cases, StringComparison.Ordinal)) continue;
            Func<double, double> before = Load(Path.GetFullPath(old), i, threads), after = Load(typeof(Layer).Assembly.Location, i, threads);
            for (TimeSpan start = Environment.CpuUsage.TotalTime; Environment.CpuUsage.TotalTime - start < WarmUp;)
            {
                before(Turn.TotalMicroseconds);
                after(Turn.TotalMicroseconds);
            }

            var times = new List<(double Old, double New)>();
            for (TimeSpan start = Environment.CpuUsage.TotalTime; times.Count < LeastRounds || Environment.CpuUsage.TotalTime - start < Duration;)
            {
                bool oldFirst = times.Count % 2 == 0;
                double first = (oldFirst ? before : after)(Turn.TotalMicroseconds);
                double second = (oldFirst ? after : before)(Turn.TotalMicroseconds);
                times.Add(oldFirst ? (first, second) : (second, first));
            }

            double oldTime = Fast(times.Select(t => t.Old)), newTime = Fast(times.Select(t => t.New));
            Console.WriteLine(string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"{VersionCases.Name(i),-34} {oldTime,10:f3} {newTime,10:f3} {oldTime / newTime,8:f3}"));
        }
    }

    private static double Fast(IEnumerable<double> times)
    {
        double[] sorted = [.. times.Order()];
        return sorted[sorted.Length / 10];
    }

    private static Func<double, double> Load(string library, int index, int threads)
    {
        var context = new AssemblyLoadContext($"{library} {index}");
        context.Resolving += (_, name) => name.Name == "NeuralTrain" ? context.LoadFromAssemblyPath(library) : null;
        context.LoadFromAssemblyPath(library);
        Type cases = context.LoadFromAssemblyPath(Assembly.GetExecutingAssembly().Location).GetType(typeof(VersionCases).FullName!)!;
        return cases.GetMethod(nameof(VersionCases.Create))!.CreateDelegate<Func<int, int, Func<double, double>>>()(index, threads);
    }
}

/// <summary>The cases, made anew in each load context. Only what both versions have under the same name is used.</summary>
public static class VersionCases
{
    private static readonly (string Name, int[] Sizes, int Rows, string Rule)[] Cases =
    [
        ("XOR, sigmoid, 4 rows", [3, 4, 1], 4, "XOR"), ("784-30-10, 10 rows", [784, 30, 10], 10, "SGD"), ("64-64-10, 64 rows, Adam", [64, 64, 10], 64, "Adam"),
        ("784-128-10, 32 rows, Adam", [784, 128, 10], 32, "Adam"), ("32-64-64-1, 1024 rows, Adam", [32, 64, 64, 1], 1024, "Adam"),
        ("784-512-512-10, momentum", [784, 512, 512, 10], 128, "Momentum"), ("784-512-512-10, Adam", [784, 512, 512, 10], 128, "Adam"),
        ("784-512-512-10, BatchNorm, dropout", [784, 512, 512, 10], 128, "BatchNorm"), ("1024-1024-1024-1024-10, Adam", [1024, 1024, 1024, 1024, 10], 512, "Adam"),
        ("784-128-10, predict one row", [784, 128, 10], 1, ""), ("784-128-10, predict 10 000 rows", [784, 128, 10], 10_000, ""),
    ];

    /// <summary>How many cases there are.</summary>
    public static int Count => Cases.Length;

    /// <summary>What a case is called.</summary>
    public static string Name(int index) => Cases[index].Name;

    /// <summary>Builds a case; the result runs it for about the given microseconds and returns those of one step.</summary>
    public static Func<double, double> Create(int index, int threads)
    {
        Compute.MaxThreads = threads;
        Action step = Step(index);
        return budget =>
        {
            Compute.MaxThreads = threads;
            long start = Stopwatch.GetTimestamp();
            int steps = 0;
            double elapsed;
            do
            {
                int many = steps + 1;
                for (int i = 0; i < many; i++)
                {
                    step();
                }

                steps += many;
                elapsed = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
            while (elapsed < budget);
            return elapsed / steps;
        };
    }

    private static Action Step(int index)
    {
        (_, int[] sizes, int rows, string rule) = Cases[index];
        var random = new Random(1);
        var layers = new List<Layer>();
        for (int i = 0; i < sizes.Length - 1; i++)
        {
            layers.Add(new Linear(sizes[i], sizes[i + 1], random, bias: rule != "XOR"));
            if (rule == "XOR")
            {
                layers.Add(new Sigmoid());
            }
            else if (i < sizes.Length - 2)
            {
                layers.AddRange(rule == "BatchNorm" ? [new BatchNorm(sizes[i + 1]), new ReLU(), new Dropout(0.5, random)] : [new ReLU()]);
            }
        }

        var network = new Sequential([.. layers]);
        Matrix input = Data.Batch(rows, sizes[0], seed: 2), target = Data.Targets(rows, sizes[^1]), output = new(rows, sizes[^1]);
        if (rule.Length == 0)
        {
            return () => network.Infer(input, output);
        }

        Optimizer optimizer = rule switch
        {
            "Momentum" => new Momentum(network, 1e-7),
            "Adam" or "BatchNorm" => new Adam(network, 1e-7),
            _ => new SGD(network, 1e-7),
        };
        Loss loss = rule == "XOR" ? new SumOfSquares() : sizes[^1] > 1 ? new SoftmaxCrossEntropy() : new MeanSquaredError();
        return () =>
        {
            loss.Evaluate(network.Forward(input), target, output);
            network.Backward(output);
            optimizer.Step();
        };
    }
}
