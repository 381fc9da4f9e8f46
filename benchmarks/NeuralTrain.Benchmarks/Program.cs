using BenchmarkDotNet.Running;
using NeuralTrain.Benchmarks;

// "files" measures once, outside of BenchmarkDotNet: it is about peaks of memory and the disk.
if (args is ["files"])
{
    FileMeasurement.Run();
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
