using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using NeuralTrain.FitBenchmarks;

// A fit that the measuring process started: one FILE TASK THREADS SEED LIBRARY.
if (args is ["one", string file, string name, string given, string start, string library])
{
    FitTask task = FitTask.All.Single(one => one.Name == name);
    (int count, int seed) = (int.Parse(given, CultureInfo.InvariantCulture), int.Parse(start, CultureInfo.InvariantCulture));
    double[] numbers = library == "ours" ? Fits.Ours(file, task, count, seed) : Fits.Torch(file, task, count, seed);
    Console.WriteLine(string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture))));
    return 0;
}

var data = new Option<DirectoryInfo>("--data") { Description = "The folder that holds tabular/ and mnist/.", DefaultValueFactory = _ => new("../shared/data") };
var threads = new Option<int>("--threads") { Description = "Threads of each library.", DefaultValueFactory = _ => 1 };
var rounds = new Option<int>("--rounds") { Description = "Processes of each library and task, each with a seed of its own.", DefaultValueFactory = _ => 5 };
var only = new Option<string?>("--task") { Description = $"One task alone: {string.Join(", ", FitTask.All.Select(task => task.Name))}." };
var python = new Option<string>("--python") { Description = "A Python that has scikit-learn.", DefaultValueFactory = _ => "python3" };
var command = new RootCommand("Whole fits of NeuralTrain, scikit-learn and TorchSharp: the same rows, network, batches, epochs and optimizer, each fit in a process of its own.")
{
    data, threads, rounds, only, python,
};
command.SetAction(options =>
{
    string folder = options.GetValue(data)!.FullName, number = options.GetValue(threads).ToString(CultureInfo.InvariantCulture);
    Console.WriteLine($"{options.GetValue(threads)} thread(s), medians of {options.GetValue(rounds)} processes; seconds by the clock (of the processor)\n");
    Console.WriteLine("| task | library | first fit | second fit | times ours, first | second | score |");
    Console.WriteLine("|---|---|---:|---:|---:|---:|---:|");
    foreach (FitTask task in FitTask.All.Where(task => options.GetValue(only) is not string wanted || wanted == task.Name))
    {
        string rows = Path.GetTempFileName();
        try
        {
            task.Write(rows, folder);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            Console.WriteLine($"| {task.Name} | left out: {error.Message} |");
            continue;
        }

        string[] libraries = ["ours", "scikit-learn", "TorchSharp"];
        var results = libraries.ToDictionary(one => one, _ => new List<double[]>());
        var reasons = new Dictionary<string, string>();
        for (int round = 1; round <= options.GetValue(rounds); round++)
        {
            foreach (string one in libraries.Where(one => !reasons.ContainsKey(one)))
            {
                string seed = round.ToString(CultureInfo.InvariantCulture);
                (double[]? numbers, string reason) = one == "scikit-learn"
                    ? Start(options.GetValue(python)!, number, [Path.Combine(AppContext.BaseDirectory, "fit.py"), rows, string.Join(',', task.Hidden), $"{task.Batch}", $"{task.Epochs}", task.Rate.ToString(CultureInfo.InvariantCulture), seed])
                    : Start(Environment.ProcessPath!, number, [.. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? new[] { typeof(FitTask).Assembly.Location } : [], "one", rows, task.Name, number, seed, one]);
                if (numbers is null) reasons[one] = reason;
                else results[one].Add(numbers);
            }
        }

        double[] ours = Medians(results["ours"]);
        foreach (string one in libraries)
        {
            if (reasons.TryGetValue(one, out string? reason))
            {
                Console.WriteLine($"| {task.Name} | {one} | left out: {reason} |");
                continue;
            }

            double[] m = Medians(results[one]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {task.Name} | {one} | {m[0]:0.000} ({m[1]:0.000}) | {m[2]:0.000} ({m[3]:0.000}) | {m[0] / ours[0]:0.0} ({m[1] / ours[1]:0.0}) | {m[2] / ours[2]:0.0} ({m[3] / ours[3]:0.0}) | {m[4]:0.0000} |"));
        }

        File.Delete(rows);
    }
});
return command.Parse(args).Invoke();

static double[] Medians(List<double[]> runs) => [.. Enumerable.Range(0, 5).Select(i => runs.Select(run => run[i]).Order().ElementAt(runs.Count / 2))];

static (double[]? Numbers, string Reason) Start(string program, string threads, string[] arguments)
{
    var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
    foreach (string variable in new[] { "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS" }) start.Environment[variable] = threads;
    // What Debian's newer libraries for libtorch need is not for Python; and these two only slow OpenBLAS down.
    foreach (string variable in program.Contains("python", StringComparison.Ordinal) ? ["LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"] : Array.Empty<string>()) start.Environment.Remove(variable);
    try
    {
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? ([.. output.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => double.Parse(text, CultureInfo.InvariantCulture))], "")
            : (null, errors.Result.Trim().Split('\n') is [.., string last] ? last : $"exit code {process.ExitCode}");
    }
    catch (System.ComponentModel.Win32Exception error)
    {
        return (null, error.Message);
    }
}
