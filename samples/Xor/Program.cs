using System.CommandLine;
using NeuralTrain.Samples;

var seed = new Option<int?>("--seed") { Description = "Start the first part from random weights of this seed instead of the published ones." };

return SampleCommand.Run(
    "The two-layer perceptron learns XOR (lecture L1.3), then the same problem with biases from 100 random starts.",
    args,
    options =>
    {
        bool first = LectureXor.Run(options.GetValue(seed));
        Console.WriteLine();
        bool second = BiasedXor.Run();
        return first && second;
    },
    seed);
