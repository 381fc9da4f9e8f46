using System.Diagnostics;
using System.Text.Json;

namespace NeuralTrain.TableBenchmarks;

/// <summary>A model of scikit-learn with its defaults, fitted by a Python process beside this one.</summary>
internal sealed record Scikit(string Name, string Kind, ScikitProcess Python) : Method(Name, IsTree: Kind == "hgb")
{
    public override Outcome Run(Problem problem, Table train, Table test, int seed, bool measuresServing)
    {
        Answer answer = Python.Ask(new Request(Kind, seed, problem.IsClasses, problem.Outputs, measuresServing, PartOf(problem, train), PartOf(problem, test)));
        return new Outcome(answer.Predictions, answer.Seconds, answer.Processor, answer.BatchRate ?? double.NaN, answer.SingleRate ?? double.NaN, answer.Bytes);
    }

    private static Part PartOf(Problem problem, Table table) => new(
        [.. Enumerable.Range(0, table.Rows).Select(row => problem.NumberColumns.Select(name => (double?)table[name].Value(row)).ToArray())],
        [.. Enumerable.Range(0, table.Rows).Select(row => problem.TextColumns.Select(name => (string?)table[name].Value(row) ?? "?").ToArray())],
        problem.Truths(table));
}

internal sealed record Part(double?[][] Numbers, string[][] Texts, double[][] Truths);

internal sealed record Request(string Method, int Seed, bool IsClasses, int Outputs, bool MeasuresServing, Part Train, Part Test);

internal sealed record Answer(double[][] Predictions, double Seconds, double Processor, long Bytes, double? BatchRate, double? SingleRate);

/// <summary>Python with scikit-learn, on one thread.</summary>
internal sealed class ScikitProcess : IDisposable
{
    private readonly Process _process;

    private ScikitProcess(Process process, string version) => (_process, Version) = (process, version);

    public string Version { get; }

    /// <summary>Starts the first of these programs that has scikit-learn; null if none has, with the reason.</summary>
    public static ScikitProcess? Start(IEnumerable<string> programs, out string reason)
    {
        reason = "";
        foreach (string program in programs)
        {
            var start = new ProcessStartInfo(program, [Path.Combine(AppContext.BaseDirectory, "scikit.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (string name in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS" }) start.Environment[name] = "1";
            try
            {
                Process process = Process.Start(start)!;
                if (process.StandardOutput.ReadLine() is string version)
                {
                    process.ErrorDataReceived += (_, _) => { };
                    process.BeginErrorReadLine();
                    return new ScikitProcess(process, JsonSerializer.Deserialize<string>(version)!);
                }

                string last = process.StandardError.ReadToEnd().TrimEnd().Split('\n')[^1];
                reason += $"{program}: {last}. ";
                process.Dispose();
            }
            catch (System.ComponentModel.Win32Exception problem)
            {
                reason += $"{program}: {problem.Message}. ";
            }
        }

        return null;
    }

    public Answer Ask(Request request)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(request, JsonSerializerOptions.Web));
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("Python ended: run scikit.py by hand to see why.");
        return JsonSerializer.Deserialize<Answer>(line, JsonSerializerOptions.Web)!;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
