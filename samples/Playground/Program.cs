// The lecture in the browser: a page on which small networks train before one's eyes, and stories that lead through the lecture's parts.
using System.CommandLine;

const string Description = "The lecture in the browser: choose data, network and training, and watch; with a guided story for each part.";
var port = new Option<int>("--port")
{ Description = "Where to listen on this machine; 0 for any free port.", DefaultValueFactory = _ => 5001 };
port.Refuse(value => value is < 0 or > 65535, "--port must lie in 0 to 65535.");
return SampleCommand.Run(
    args, Description, full: "until Ctrl-C", quick: "2 s", run: sample => Serve(sample).GetAwaiter().GetResult(), more: [port]);

async Task Serve(SampleRun sample)
{
    // Such networks are too small to divide; several pages share the processors instead.
    Compute.MaxThreads = 1;
    await using WebApplication app = PlaygroundService.Build(sample.Quick ? 0 : sample.Arguments.GetValue(port));
    await app.StartAsync(sample.Stop);
    string address = app.Urls.First();
    SampleRun.Say($"Open {address} in a browser; Ctrl-C ends it.");
    await (sample.Quick ? SelfTest.Run(sample, new Uri(address)) : app.WaitForShutdownAsync(sample.Stop));
}
