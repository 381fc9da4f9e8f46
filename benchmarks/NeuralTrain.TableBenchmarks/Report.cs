using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace NeuralTrain.TableBenchmarks;

/// <summary>What was measured of one method on one table.</summary>
internal sealed record Measured(Problem Problem, Method Method, IReadOnlyList<Score> Scores, IReadOnlyList<Outcome> Outcomes)
{
    public double Mean => Scores.Average(score => score.Main);

    public double Deviation => DeviationOf([.. Scores.Select(score => score.Main)]);

    public double StandardError => Deviation / Math.Sqrt(Scores.Count);

    public double Processor => Median(Outcomes.Select(outcome => outcome.Processor));

    public double Seconds => Median(Outcomes.Select(outcome => outcome.Seconds));

    /// <summary>Greater is better.</summary>
    public double Goodness => Problem.IsClasses ? Mean : -Mean;

    public static double DeviationOf(double[] values)
    {
        double mean = values.Average();
        return values.Length < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>The results as Markdown.</summary>
internal sealed class Report(IReadOnlyList<string> methods, string scikit)
{
    private readonly List<Measured> _all = [];

    public void Add(Measured measured) => _all.Add(measured);

    public string ToMarkdown(string command)
    {
        var text = new StringBuilder();
        Line($"# Tables: how good, how fast, how large");
        Line($"");
        Line($"Written by `benchmarks/NeuralTrain.TableBenchmarks`; its README says how it measures.");
        Line($"");
        Line($"- command: `{command}`");
        Line($"- {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, .NET {Environment.Version}, {Compute.InstructionSet}; one thread");
        Line($"- Microsoft.ML {System.Diagnostics.FileVersionInfo.GetVersionInfo(typeof(Microsoft.ML.MLContext).Assembly.Location).ProductVersion?.Split('+')[0]}; {scikit}");
        Line($"- date: {DateTime.UtcNow:yyyy-MM-dd}");
        Table("Score", "Mean ± standard deviation over the splits: accuracy in % of classes, root mean square error of numbers (of two targets, on average). **Best** of the row.", Score);
        Table("Log-loss of classes", "Mean ± standard deviation. Less is better.", measured => measured.Problem.IsClasses
            ? $"{measured.Scores.Average(score => score.LogLoss):0.000} ± {Measured.DeviationOf([.. measured.Scores.Select(score => score.LogLoss)]):0.000}" : "");
        Table("Time to fit", "Seconds of processor time, median over the splits.", measured => Short(measured.Processor));
        Table("Rows per second, many at once", "In one second of processor time, 1000 rows at once.", measured => Count(measured.Outcomes[0].BatchRate));
        Table("Rows per second, one at a time", "Ours and scikit-learn's from named or untyped fields, Microsoft.ML's from a typed object.", measured => Count(measured.Outcomes[0].SingleRate));
        Table("Size of the saved model", "KB.", measured => (measured.Outcomes[0].Bytes / 1024.0).ToString("0", CultureInfo.InvariantCulture));
        Verdicts();
        Libraries();
        return text.ToString();

        void Line(FormattableString line) => text.Append(FormattableString.Invariant(line)).Append('\n');

        void Table(string heading, string what, Func<Measured, string> cell)
        {
            Line($"\n## {heading}\n\n{what}\n\n| table | {string.Join(" | ", methods)} |\n|---|{string.Concat(methods.Select(_ => "---:|"))}");
            foreach (IGrouping<string, Measured> group in _all.GroupBy(measured => measured.Problem.Name))
            {
                string[] cells = [.. methods.Select(method => group.FirstOrDefault(measured => measured.Method.Name == method) is Measured found ? cell(found) : "")];
                if (cells.Any(one => one.Length > 0)) Line($"| {group.Key} | {string.Join(" | ", cells)} |");
            }
        }

        string Score(Measured measured)
        {
            bool isBest = _all.Where(other => other.Problem == measured.Problem).All(other => other.Goodness <= measured.Goodness);
            string shown = measured.Problem.IsClasses
                ? FormattableString.Invariant($"{100 * measured.Mean:0.0} ± {100 * measured.Deviation:0.0}") : FormattableString.Invariant($"{Short(measured.Mean)} ± {Short(measured.Deviation)}");
            return isBest ? $"**{shown}**" : shown;
        }

        void Verdicts()
        {
            Line($"\n## What was expected\n\n| expected | {string.Join(" | ", _all.Select(measured => measured.Problem.Name).Distinct())} | in all |");
            Line($"|---|{string.Concat(_all.Select(measured => measured.Problem.Name).Distinct().Select(_ => "---|"))}---|");
            foreach (string ours in _all.Where(measured => measured.Method is Ours).Select(measured => measured.Method.Name).Distinct())
            {
                Verdict($"{ours}: not worse than scikit-learn's MLP", ours, group => group.Where(measured => measured.Method is Scikit && !measured.Method.IsTree), (mine, other) => mine.Goodness >= other.Goodness);
                Verdict($"{ours}: within one standard error of the best trees, or better", ours, BestTrees, (mine, best) => mine.Goodness >= best.Goodness - best.StandardError);
                Verdict($"{ours}: faster to fit than scikit-learn's MLP by 3 times", ours, group => group.Where(measured => measured.Method is Scikit && !measured.Method.IsTree), (mine, other) => mine.Processor * 3 <= other.Processor);
            }
        }

        static IEnumerable<Measured> BestTrees(IEnumerable<Measured> group) => group.Where(measured => measured.Method.IsTree).OrderByDescending(measured => measured.Goodness).Take(1);

        void Verdict(string what, string ours, Func<IEnumerable<Measured>, IEnumerable<Measured>> against, Func<Measured, Measured, bool> holds)
        {
            string[] cells =
            [
                .. _all.GroupBy(measured => measured.Problem.Name).Select(group =>
                    group.FirstOrDefault(measured => measured.Method.Name == ours) is Measured mine && against(group).FirstOrDefault() is Measured other ? holds(mine, other) ? "yes" : "no" : ""),
            ];
            Line($"| {what} | {string.Join(" | ", cells)} | {cells.Count(cell => cell == "yes")} of {cells.Count(cell => cell.Length > 0)} |");
        }

        void Libraries()
        {
            Line($"\n## Size of the libraries\n\nManaged assemblies and native libraries that a program on this system deploys beside its own, in MB.\n\n| library | MB |\n|---|---:|");
            Line($"| NeuralTrain and NeuralTrain.Tables, with CsvHelper, MathNet.Numerics, System.Numerics.Tensors, logging abstractions | {Megabytes("NeuralTrain.dll", "NeuralTrain.Tables.dll", "CsvHelper.dll", "MathNet.Numerics.dll", "System.Numerics.Tensors.dll", "Microsoft.Extensions.*.dll"):0.0} |");
            Line($"| Microsoft.ML with LightGBM and FastTree, with Newtonsoft.Json, System.CodeDom and others | {Megabytes("Microsoft.ML*.dll", "Newtonsoft.Json.dll", "System.CodeDom.dll", "System.Numerics.Tensors.dll", "System.Threading.Channels.dll", "lib_lightgbm.*", "libLdaNative.*", "libCpuMathNative.*", "lightgbm.dll"):0.0} |");
        }
    }

    private static double Megabytes(params string[] patterns)
    {
        string system = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        return patterns.Sum(pattern => Directory.GetFiles(AppContext.BaseDirectory, pattern)
            .Concat(Directory.Exists(system) ? Directory.GetFiles(system, pattern) : []).Distinct().Sum(file => new FileInfo(file).Length)) / 1e6;
    }

    private static string Short(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : value >= 1 ? "0.00" : "0.000", CultureInfo.InvariantCulture);

    private static string Count(double value) => double.IsNaN(value) ? "" : value >= 1e6 ? (value / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " M"
        : value >= 10_000 ? (value / 1000).ToString("0", CultureInfo.InvariantCulture) + " k" : value.ToString("0", CultureInfo.InvariantCulture);
}
