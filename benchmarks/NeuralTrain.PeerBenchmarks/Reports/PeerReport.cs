using System.Text;
using Spectre.Console;

namespace NeuralTrain.PeerBenchmarks;

/// <summary>Measures everything asked for, section by section, and writes what came out.</summary>
internal sealed class PeerReport(IAnsiConsole console, MeasuringPlan plan, string? filter)
{
    /// <summary>What the gain of a case that does not split its work may lack of 1: two measurements of one thing differ by as much.</summary>
    private const double Noise = 0.03;

    private const string WideCase = "784-512-512-10";

    private readonly bool _comparesThreads = Environment.ProcessorCount > 1 && !plan.CountsProcessorTime;
    private readonly List<ResultTable> _tables = [];
    private readonly Verdicts _verdicts = new();
    private readonly Disturbance _disturbance = new();

    /// <summary>Whether every figure that has a target reached it.</summary>
    public bool AllReached => _verdicts.NotReached.Count == 0;

    /// <summary>Measures all sections.</summary>
    public void Run()
    {
        foreach ((string name, string value) in Machine.Describe())
        {
            console.WriteLine($"{name,-10} {value}");
        }

        MeasureSteps();
        MeasureOnnx();
        MeasureProducts();
        MeasureElementwise();
        MeasureSmallPrograms();
        PrintVerdicts();
    }

    /// <summary>Everything as one Markdown page.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder("# NeuralTrain compared with TorchSharp / libtorch\n\n");
        text.Append("Written by `benchmarks/NeuralTrain.PeerBenchmarks`; its README says how to run it.\n\n");
        foreach ((string name, string value) in Machine.Describe())
        {
            text.Append($"- {name}: {value}\n");
        }

        text.Append($"\nOne process, in turn, medians of {plan.Rounds} rounds of at least {plan.RoundLength * 1000:0} ms ");
        text.Append($"after both gave the same numbers{(plan.CountsProcessorTime ? ", in processor time instead of elapsed time" : "")}. A ratio is libtorch's time divided by ours; more than 1 means that ours is ");
        text.Append(plan.Runs > 1 ? $"faster; of {plan.Runs} runs the one with the middle ratio is shown, the spread in parentheses. " : "faster. ");
        text.Append($"\"Best\" is taken from the shortest rounds. A gain counts as not below 1 down to {1 - Noise:0.00}. {_disturbance}\n\n");
        foreach (ResultTable table in _tables)
        {
            table.Write(text);
        }

        text.Append("## Targets\n\n");
        text.Append($"{_verdicts.Count - _verdicts.NotReached.Count} of {_verdicts.Count} reached.\n");
        text.Append(AllReached ? "" : "\n");
        foreach (string line in _verdicts.NotReached)
        {
            text.Append($"- {line}\n");
        }

        return text.ToString();
    }

    private void MeasureSteps()
    {
        var single = new ResultTable(
            "Steps and inference, one thread",
            "case", "ours", "libtorch", "ratio", "best ratio", "target", "reached", "greatest difference");
        var threads = new ResultTable(
            $"Steps and inference, all {Environment.ProcessorCount} cores",
            "case", "ours", "libtorch", "ratio", "our gain over one thread", "libtorch's gain", "the bare loop's gain", "target of gain", "reached");
        foreach ((PeerCase work, Agreement agreement, CaseTimes times) in Measured(CaseList.Steps))
        {
            string name = work.Name;
            string reached = _verdicts.AtLeast(name, times.Ratio, work.TargetRatio, Format.Factor);
            string target = $"{work.TargetRatio}×";
            if (work.TargetTime is double limit)
            {
                reached += "; " + _verdicts.AtMost(name, times.Ours.Median, limit, Format.Time);
                target += $", ≤ {Format.Time(limit)}";
            }

            single.Add(
                name, Format.Time(times.Ours.Median), Format.Time(times.Peer.Median), times.RatioText,
                Format.Factor(times.LeastRatio), target, reached, $"{agreement.Largest:0.0e+0}");

            if (!_comparesThreads)
            {
                continue;
            }

            double gain = name.StartsWith(WideCase, StringComparison.Ordinal) ? 1.75 : 1;
            double lenient = gain == 1 ? 1 - Noise : gain;
            threads.Add(
                name, Format.Time(times.OursOnAll.Median), Format.Time(times.PeerOnAll.Median), Format.Factor(times.RatioOnAll),
                Format.Factor(times.Gain), Format.Factor(times.PeerGain), Format.Factor(times.LoopGain), $"{gain}×",
                _verdicts.AtLeast($"{name}: gain from all cores", times.Gain, lenient, Format.Factor));
        }

        Show(single);
        Show(threads);
    }

    private void MeasureOnnx()
    {
        var table = new ResultTable("Inference beside ONNX Runtime, one thread", "network", "ours", "ONNX Runtime", "ratio", "best ratio", "greatest difference");
        foreach ((PeerCase work, Agreement agreement, CaseTimes times) in Measured(CaseList.Onnx))
        {
            table.Add(
                work.Name["ONNX Runtime ".Length..], Format.Time(times.Ours.Median), Format.Time(times.Peer.Median), times.RatioText,
                Format.Factor(times.LeastRatio), $"{agreement.Largest:0.0e+0}");
        }

        Show(table);
    }

    private void MeasureProducts()
    {
        var table = new ResultTable(
            "Products m×n×k, one thread, GFLOP/s",
            "product", "ours", "libtorch", "ratio", "reached", "ours, best", "libtorch, best", "bare loop, best", "share of the loop", "target", "reached ");
        foreach ((PeerCase one, _, CaseTimes times) in Measured(CaseList.Products))
        {
            var work = (ProductCase)one;
            double limit = 1 / times.Loop.Least;
            double share = work.Operations / times.Ours.Least / limit;
            table.Add(
                work.Name, Format.Rate(work.Operations / times.Ours.Median), Format.Rate(work.Operations / times.Peer.Median),
                times.RatioText, _verdicts.AtLeast(work.Name, times.Ratio, work.TargetRatio, Format.Factor),
                Format.Rate(work.Operations / times.Ours.Least), Format.Rate(work.Operations / times.Peer.Least), Format.Rate(limit),
                Format.Share(share), work.TargetShare is double target ? Format.Share(target) : "",
                _verdicts.AtLeast($"{work.Name}: share of the loop", share, work.TargetShare, Format.Share));
        }

        Show(table);
    }

    private void MeasureElementwise()
    {
        var table = new ResultTable(
            "Functions of 65 536 values, one thread",
            "function", "ours", "libtorch", "ratio", "best ratio", "target", "reached");
        foreach ((PeerCase work, _, CaseTimes times) in Measured(CaseList.Elementwise))
        {
            table.Add(
                work.Name, Format.Time(times.Ours.Median), Format.Time(times.Peer.Median), times.RatioText,
                Format.Factor(times.LeastRatio), work.TargetRatio is double target ? $"{target}×" : "",
                _verdicts.AtLeast(work.Name, times.Ratio, work.TargetRatio, Format.Factor));
        }

        Show(table);
    }

    private void MeasureSmallPrograms()
    {
        var table = new ResultTable(
            "A small program: 500 steps of XOR in a process of its own",
            "program", "start to exit", "peak memory");
        foreach (string kind in SmallProgram.Kinds.Where(kind => IsAsked($"small program {kind}")))
        {
            (double seconds, double kiB) = Launcher.Measure(kind, plan.Launches);
            table.Add(kind == "nothing" ? "nothing (the runtime alone)" : kind, Format.Time(seconds), $"{kiB / 1024:0.0} MiB");
        }

        Show(table);
    }

    private IEnumerable<(PeerCase Work, Agreement Agreement, CaseTimes Times)> Measured(IEnumerable<Func<PeerCase>> cases)
    {
        foreach (Func<PeerCase> create in cases)
        {
            using PeerCase work = create();
            if (!IsAsked(work.Name))
            {
                continue;
            }

            Agreement agreement = work.Check();
            if (!agreement.Holds)
            {
                string why = $"not timed, the results differ by {agreement.Largest:0.0e+0} in {agreement.Where}";
                _verdicts.Refuse(work.Name, why);
                console.WriteLine($"{work.Name}: {why}");
                continue;
            }

            CaseTimes[] runs = [.. Enumerable.Range(0, plan.Runs).Select(_ => Turns.Measure(work, plan, _disturbance)).OrderBy(run => run.Ratio)];
            CaseTimes times = runs[runs.Length / 2] with { Spread = runs.Length > 1 ? (runs[0].Ratio, runs[^1].Ratio) : null };
            console.WriteLine(
                $"{work.Name}: {Format.Time(times.Ours.Median)}, peer {Format.Time(times.Peer.Median)}, {times.RatioText}");
            yield return (work, agreement, times);
        }
    }

    private bool IsAsked(string name) => filter is null || name.Contains(filter, StringComparison.OrdinalIgnoreCase);

    private void Show(ResultTable table)
    {
        if (!table.IsEmpty)
        {
            _tables.Add(table);
            console.WriteLine();
            table.Print(console);
        }
    }

    private void PrintVerdicts()
    {
        console.WriteLine(_disturbance.ToString());
        console.WriteLine($"{_verdicts.Count - _verdicts.NotReached.Count} of {_verdicts.Count} targets reached.");
        foreach (string line in _verdicts.NotReached)
        {
            console.WriteLine($"  {line}");
        }
    }
}
