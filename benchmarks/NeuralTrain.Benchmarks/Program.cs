using BenchmarkDotNet.Running;
using NeuralTrain.Benchmarks;

// "data FOLDER", "trainer" and "files" print the tables of the pages in benchmarks/results of these names; everything else goes to BenchmarkDotNet.
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
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
