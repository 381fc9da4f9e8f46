// A web service of a table model: named fields in, a prediction out, a page with a form, and newer models while it runs.
using System.CommandLine;

var model = new Option<FileInfo>("--model") { Description = "The table model to serve. Without it, one is trained that tells incomes above 50,000 from those below." };
model.AcceptExistingOnly();
var data = new Option<DirectoryInfo>("--data") { Description = "The folder with adult-train.csv.gz, the census of 1994, to train with (a few minutes). Without it, people drawn by code serve." };
data.AcceptExistingOnly();
var port = new Option<int>("--port") { Description = "Where to listen on this machine; 0 for any free port.", DefaultValueFactory = _ => 5000 };
port.Validators.Add(given =>
{
    if (given.Tokens is [var token] && int.TryParse(token.Value, out int value) && value is < 0 or > 65535) given.AddError("--port must lie in 0 to 65535.");
});
var output = new Option<string>("--out") { Description = "Where the trained model goes.", DefaultValueFactory = _ => "artifacts" };
var quick = new Option<bool>("--quick") { Description = "Asks its own service what it should answer, and ends: about 3 s." };
var command = new RootCommand("A web service of a table model: named fields in, a prediction out, a page with a form, and newer models while it runs.") { model, data, port, output, quick };
command.SetAction(Serve);
ParseResult parsed = command.Parse(args);
if (parsed.Errors.Count == 0) return await parsed.InvokeAsync();
foreach (string problem in parsed.Errors.Select(error => error.Message).Distinct()) Console.Error.WriteLine(problem);
Console.Error.WriteLine("Run with --help to see the options.");
return 2;

async Task<int> Serve(ParseResult options, CancellationToken stop)
{
    bool isQuick = options.GetValue(quick);
    string file = options.GetValue(model)?.FullName ?? Path.GetFullPath(Path.Combine(options.GetValue(output)!, "income.safetensors"));
    if (options.GetValue(model) is null)
    {
        Table people = options.GetValue(data) is DirectoryInfo folder ? People.Read(folder) : People.Draw(seed: 1);
        Console.WriteLine($"Training with {people.Rows} people …");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        People.Train(people, isQuick).Save(file);
    }

    await using WebApplication app = PredictionService.Build(file, isQuick ? 0 : options.GetValue(port), TimeSpan.FromSeconds(isQuick ? 0.05 : 2));
    await app.StartAsync(stop);
    string address = app.Urls.First();
    Console.WriteLine($"Open {address} in a browser; Ctrl-C ends it.");
    Console.WriteLine($"Ask:      POST {address}/predict, described by {address}/openapi/v1.json");
    Console.WriteLine($"Replace:  put a newer model into {file}");
    Console.WriteLine($"Health:   {address}/health");
    if (isQuick) return await SelfTest.Run(new Uri(address), file, stop) ? 0 : 1;
    await app.WaitForShutdownAsync(stop);
    return 0;
}
