namespace NeuralTrain.PeerBenchmarks;

/// <summary>
/// What a child process of the benchmark does, to measure start-up and memory: train the lecture's XOR for a while and end.
/// Each way is a method of its own, so that a child loads only the library it uses.
/// </summary>
internal static class SmallProgram
{
    /// <summary>The ways to run it.</summary>
    public static readonly string[] Kinds = ["nothing", "ours", "libtorch"];

    private const int Steps = 500;

    private static NetworkPlan Plan => new([3, 4, 1], 4, Rule.SGD, 1) { IsLectureXor = true };

    /// <summary>Runs one of <see cref="Kinds"/> and prints the peak memory of the process in KiB.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string kind)
    {
        switch (kind)
        {
            case "ours":
                TrainOurs();
                break;
            case "libtorch":
                TrainPeer();
                break;
            case "nothing":
                break;
            default:
                Console.Error.WriteLine($"--startup expects one of {string.Join(", ", Kinds)}, received '{kind}'.");
                return 2;
        }

        Console.WriteLine(Machine.PeakMemoryKiB());
        return 0;
    }

    private static void TrainOurs()
    {
        var training = new OurTraining(Plan, new SampleBatch(Plan));
        for (int i = 0; i < Steps; i++)
        {
            training.Step();
        }
    }

    private static void TrainPeer()
    {
        using var training = new TorchTraining(Plan, new SampleBatch(Plan));
        for (int i = 0; i < Steps; i++)
        {
            training.Step();
        }
    }
}
