using BenchmarkDotNet.Running;
using NeuralTrain.Benchmarks;

// "data FOLDER" and "trainer" print the tables of benchmarks/results/data.md and trainer.md; everything else goes to BenchmarkDotNet.
if (args is ["data", string folder])
{
    DataMeasures.Run(folder);
}
else if (args is ["trainer"])
{
    TrainerRatio.Run();
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
