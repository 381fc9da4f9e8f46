using System.CommandLine;
using NeuralTrain;
using NeuralTrain.TableBenchmarks;

var data = new Option<DirectoryInfo>("--data") { Description = "The folder with the tables.", DefaultValueFactory = _ => new DirectoryInfo("../shared/data/tabular") };
var splits = new Option<int>("--splits") { Description = "Random splits of each table.", DefaultValueFactory = _ => 10 };
var adult = new Option<int>("--adult-splits") { Description = "Random splits of the large table.", DefaultValueFactory = _ => 3 };
var members = new Option<int>("--members") { Description = "Networks of the ensemble.", DefaultValueFactory = _ => 5 };
var tables = new Option<string[]>("--tables") { Description = "Only these tables, as 'iris' or 'wine quality'.", AllowMultipleArgumentsPerToken = true };
var methods = new Option<string?>("--methods") { Description = "Only methods with this text in their name, as 'ours'." };
var times = new Option<bool>("--only-times") { Description = "One split of each table: enough for the times, not for the scores." };
var python = new Option<string[]>("--python") { Description = "Programs to look for scikit-learn with.", DefaultValueFactory = _ => ["python3", "/usr/bin/python3", "python"], AllowMultipleArgumentsPerToken = true };
var output = new Option<FileInfo?>("--output") { Description = "Also writes the results to this Markdown file, and keeps what is below '## Notes'." };
var command = new RootCommand("Measures models of nine tables: NeuralTrain, trees and linear models of Microsoft.ML, and scikit-learn. One thread.") { data, splits, adult, members, tables, methods, times, python, output };
command.SetAction(arguments =>
{
    DirectoryInfo folder = arguments.GetValue(data)!;
    if (!File.Exists(Path.Combine(folder.FullName, "iris.csv")))
    {
        Console.Error.WriteLine($"There are no tables in {folder.FullName}; iris.csv and the others were expected. Say where they are: --data FOLDER.");
        return 2;
    }

    Compute.MaxThreads = 1;
    using ScikitProcess? scikit = ScikitProcess.Start(arguments.GetValue(python)!, out string reason);
    List<Method> all =
    [
        new Ours("ours", 1),
        new Ours($"ours, {arguments.GetValue(members)} members", arguments.GetValue(members)),
        new MlNet("LightGBM", MlNetTrainer.LightGbm),
        new MlNet("FastTree", MlNetTrainer.FastTree),
        new MlNet("linear", MlNetTrainer.Linear),
    ];
    if (scikit is not null) all.AddRange([new Scikit("sklearn MLP", "mlp", scikit), new Scikit("sklearn HistGB", "hgb", scikit)]);
    else Console.WriteLine($"Without scikit-learn: {reason}");
    if (arguments.GetValue(methods) is string wanted) all.RemoveAll(method => !method.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase));
    var report = new Report([.. all.Select(method => method.Name)], scikit is null ? $"no scikit-learn: {reason}" : $"scikit-learn {scikit.Version}");
    string[] only = arguments.GetValue(tables) ?? [];
    bool isWarm = false;
    foreach ((string name, Func<Problem> read) in Problem.In(folder.FullName, arguments.GetValue(times) ? 1 : arguments.GetValue(splits), arguments.GetValue(times) ? 1 : arguments.GetValue(adult)))
    {
        if (only.Length > 0 && !only.Contains(name)) continue;
        Problem problem = read();
        foreach (Method method in all)
        {
            // What runs for the first time is compiled before it is measured.
            (Table train, Table test) = problem.Split(0);
            if (!isWarm) method.Run(problem, train, test, 0, measuresServing: false);
            var outcomes = new List<Outcome>();
            var scores = new List<Score>();
            for (int split = 0; split < problem.Splits; split++)
            {
                (train, test) = problem.Split(split);
                Outcome outcome = method.Run(problem, train, test, split, measuresServing: split == 0);
                outcomes.Add(outcome);
                scores.Add(Score.Of(problem, outcome.Predictions, problem.Truths(test)));
            }

            var measured = new Measured(problem, method, scores, outcomes);
            report.Add(measured);
            Console.WriteLine(FormattableString.Invariant($"{name}, {method.Name}: {measured.Mean:0.0000} ± {measured.Deviation:0.0000}, log-loss {scores.Average(score => score.LogLoss):0.000}, {measured.Processor:0.00} s"));
        }

        isWarm = true;
    }

    string shown = "dotnet run -c Release --project benchmarks/NeuralTrain.TableBenchmarks" + (args.Length > 0 ? " -- " + string.Join(' ', args) : "");
    string markdown = report.ToMarkdown(shown);
    Console.WriteLine(markdown);
    if (arguments.GetValue(output) is FileInfo file)
    {
        const string NotesHeading = "\n## Notes";
        string old = file.Exists ? File.ReadAllText(file.FullName) : "";
        int notes = old.IndexOf(NotesHeading, StringComparison.Ordinal);
        File.WriteAllText(file.FullName, markdown + (notes < 0 ? "" : old[notes..]));
    }

    return 0;
});
return command.Parse(args).Invoke();
