// A minimal web service that loads a model, serves predictions, and swaps the model while it runs.
using System.CommandLine;

var model = new Option<FileInfo>("--model") { Description = "The model file to serve. Without it, a tiny model is trained: is a point (x, y) inside a circle?" };
model.AcceptExistingOnly();
var port = new Option<int>("--port") { Description = "Where to listen on this machine; 0 for any free port.", DefaultValueFactory = _ => 5000 };
port.Validators.Add(option =>
{
    if (option.GetValueOrDefault<int>() is < 0 or > 65535)
    {
        option.AddError("--port must lie in 0 to 65535.");
    }
});
var seed = new Option<int>("--seed") { Description = "The seed of the tiny model.", DefaultValueFactory = _ => 1 };
var quick = new Option<bool>("--quick") { Description = "Serve the tiny model on a free port, ask some predictions, swap the model under load, and stop: under 20 s." };
var command = new RootCommand("A web service: loads a model, serves predictions, swaps the model while it runs.") { model, port, seed, quick };
command.SetAction((parsed, stop) => Run(parsed, stop));
ParseResult result = command.Parse(args);
foreach (string message in result.Errors.Select(error => error.Message).Distinct())
{
    Console.Error.WriteLine($"{message} Run with --help to see the options.");
}

return result.Errors.Count > 0 ? 2 : await result.InvokeAsync();

async Task<int> Run(ParseResult parsed, CancellationToken stop)
{
    DirectoryInfo folder = Directory.CreateTempSubdirectory("web-prediction-");
    try
    {
        bool test = parsed.GetValue(quick);
        string file = (test ? null : parsed.GetValue(model)?.FullName) ?? Path.Combine(folder.FullName, "circle.safetensors");
        if (!File.Exists(file))
        {
            TinyModel.Train(file, radius: 1, parsed.GetValue(seed));
        }

        await using WebApplication app = PredictionService.Build(file, test ? 0 : parsed.GetValue(port));
        await app.StartAsync(stop);
        string address = app.Urls.First();
        Console.WriteLine($"Serving {ModelFile.LoadPredictor(file)} at {address}");
        Console.WriteLine($"Ask:     curl {address}/predict -H 'Content-Type: application/json' -d '[0.5, 0.5]'");
        Console.WriteLine($"Replace: put another model into {file}, then curl -X POST {address}/reload");
        if (!test)
        {
            await app.WaitForShutdownAsync(stop);
            return 0;
        }

        int claims = 0, cameOut = 0;
        await SelfTest.Run(new Uri(address), () => TinyModel.Train(file, radius: 1.5, parsed.GetValue(seed) + 1), (expectation, came, figure) =>
        {
            Console.WriteLine($"{expectation}: {(came ? "yes" : "no")}, {figure}.");
            claims++;
            cameOut += came ? 1 : 0;
        });
        await app.StopAsync(stop);
        Console.WriteLine($"{cameOut} of {claims} expectations came out.");
        return cameOut == claims ? 0 : 1;
    }
    catch (Exception problem) when (problem is IOException or InvalidDataException)
    {
        // The port is taken, or the file is no model: the message says which.
        Console.Error.WriteLine(problem.Message);
        return 2;
    }
    finally
    {
        folder.Delete(recursive: true);
    }
}
