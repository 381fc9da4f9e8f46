// A minimal web service that loads a model, serves predictions, and swaps the model while it runs.
using System.CommandLine;

const string Description = "A web service: loads a model, serves predictions, swaps the model while it runs.";
var model = new Option<FileInfo>("--model")
{ Description = "The model file to serve. Without it, a tiny model is trained: is a point (x, y) inside a circle?" };
model.AcceptExistingOnly();
var port = new Option<int>("--port")
{ Description = "Where to listen on this machine; 0 for any free port.", DefaultValueFactory = _ => 5000 };
port.Refuse(value => value is < 0 or > 65535, "--port must lie in 0 to 65535.");
return SampleCommand.Run(
    args, Description, full: "until Ctrl-C", quick: "1 s", run: sample => Serve(sample).GetAwaiter().GetResult(), more: [model, port]);

async Task Serve(SampleRun sample)
{
    // A quick run asks its own service, with a model of which it knows what to expect.
    string file = (sample.Quick ? null : sample.Arguments.GetValue(model)?.FullName)
        ?? TinyModel.Train(sample.PathOf("circle.safetensors"), radius: 1, sample.Seed);
    await using WebApplication app = PredictionService.Build(file, sample.Quick ? 0 : sample.Arguments.GetValue(port));
    await app.StartAsync(sample.Stop);
    string address = app.Urls.First();
    SampleRun.Say($"Serving {ModelFile.LoadPredictor(file)} at {address}");
    SampleRun.Say($"Ask:     curl {address}/predict -H 'Content-Type: application/json' -d '[0.5, 0.5]'");
    SampleRun.Say($"Replace: put another model into {file}, then curl -X POST {address}/reload");
    SampleRun.Say($"Health:  curl {address}/health");
    await (sample.Quick
        ? SelfTest.Run(sample, new Uri(address), () => TinyModel.Train(file, radius: 1.5, sample.Seed + 1))
        : app.WaitForShutdownAsync(sample.Stop));
}
