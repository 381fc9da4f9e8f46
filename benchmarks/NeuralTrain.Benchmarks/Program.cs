using BenchmarkDotNet.Running;
using NeuralTrain.Benchmarks;

// "trainer" and "files" alone print the tables of benchmarks/results/trainer.md and files.md within a minute or two; everything else goes to BenchmarkDotNet.
if (args is ["trainer"])
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
