using BenchmarkDotNet.Running;
using NeuralTrain.Benchmarks;

// "data FOLDER", "trainer", "files", "serving" and "cold" print the tables of the pages in benchmarks/results of these names; "compare OLD/NeuralTrain.dll [THREADS [CASE]]"
// times two versions of the library in turns; "search FOLDER [PICTURE]" compares a study with random search (docs/search.md); everything else goes to BenchmarkDotNet.
if (args is ["data", string folder])
{
    DataMeasures.Run(folder);
}
else if (args is ["trainer"])
{
    TrainerRatio.Run();
}
else if (args is ["files"])
{
    FileMeasurement.Run();
}
else if (args is ["serving"])
{
    await ServingMeasurement.Run();
}
else if (args is ["cold"])
{
    ColdMeasurement.Run();
}
else if (args is ["cold", string task])
{
    ColdMeasurement.RunTask(task);
}
else if (args is ["search", string all, .. string[] more])
{
    SearchComparison.Run(all, more is [string picture] ? picture : null);
}
else if (args is ["compare", string old, .. string[] rest])
{
    VersionComparison.Run(old, rest is [string threads, ..] ? int.Parse(threads, System.Globalization.CultureInfo.InvariantCulture) : 1, rest is [_, string cases] ? cases : "");
}
else
{
    Switch(args);
}

// Apart, so that the other commands do not load BenchmarkDotNet.
static void Switch(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
