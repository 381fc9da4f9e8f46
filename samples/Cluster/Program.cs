// Lecture L7.5 on more than one process: a study on an Orleans cluster, in which a worker is killed on the way.
using System.CommandLine;

const string Description = "A study on a cluster of three processes, one of which is killed on the way (lecture L7.5).";
var worker = new Option<int>("--worker") { Description = "Used by the sample itself: run trials for the cluster at this port.", Hidden = true };
var port = new Option<int>("--port") { Description = "The first of two ports on this machine.", DefaultValueFactory = _ => 11_111 };
port.Refuse(value => value is < 1 or > 65_534, "--port must lie in 1 to 65534.");
var postgres = new Option<string>("--postgres") { Description = "Keep the study and its checkpoints in this PostgreSQL database, rather than in memory and a folder: a connection string." };
var shards = new Option<bool>("--shards") { Description = "Instead: what it costs in accuracy to share one training between 1, 2, 4 and 8 machines." };
return SampleCommand.Run(args, Description, full: args.Contains("--shards") ? "2 min" : "1 min", quick: "20 s", takesData: true, more: [worker, port, postgres, shards], run: sample =>
{
    if (sample.Arguments.GetValue(worker) is > 0 and int gateway) Processes.Work(gateway, sample, sample.Arguments.GetValue(postgres)).GetAwaiter().GetResult();
    else if (sample.Arguments.GetValue(shards)) ShardCurves.Run(sample, sample.Arguments.GetValue(port)).GetAwaiter().GetResult();
    else Processes.Run(sample, sample.Arguments.GetValue(port), sample.Arguments.GetValue(postgres)).GetAwaiter().GetResult();
});
