using BenchmarkDotNet.Running;
using NeuralTrain.Benchmarks;

// "trainer" alone prints the table of benchmarks/results/trainer.md within a minute or two; everything else goes to BenchmarkDotNet.
if (args is ["trainer"])
{
    TrainerRatio.Run();
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
