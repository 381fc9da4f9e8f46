using BenchmarkDotNet.Running;
using NeuralTrain.Benchmarks;

if (args is ["data", string folder])
{
    DataMeasures.Run(folder);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
