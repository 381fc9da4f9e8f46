using System.Diagnostics;
using System.Globalization;

namespace NeuralTrain.Benchmarks;

/// <summary>Prints what a trainer costs beyond a loop by hand: the least of many short rounds in turn, so that other load on the machine falls out.</summary>
internal static class TrainerRatio
{
    /// <summary>Measures and prints a table in Markdown.</summary>
    public static void Run()
    {
        Compute.MaxThreads = 1;
        Console.WriteLine("| network / batch / rows | steps of an epoch | by hand, µs a step | trainer | with its metrics |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach ((string text, int epochs, int rounds) in new[] { ("784-128-10/32/320", 1, 2000), ("3-4-1/4/4096", 1, 2000), ("3-4-1/4/4", 1000, 1000) })
        {
            var loops = new TrainerLoops(text);
            double hand = double.MaxValue, plain = double.MaxValue, measured = double.MaxValue;
            for (int round = 0; round < rounds; round++)
            {
                hand = Math.Min(hand, Time(() => loops.ByHand(epochs)));
                plain = Math.Min(plain, Time(() => loops.Train(epochs, measured: false)));
                measured = Math.Min(measured, Time(() => loops.Train(epochs, measured: true)));
                loops = round % 50 == 49 && epochs > 1 ? new TrainerLoops(text) : loops;
            }

            double step = hand / ((double)loops.Steps * epochs);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {text} | {loops.Steps} | {step:0.000} | {plain / hand:0.000}× | {measured / hand:0.000}× |"));
        }
    }

    private static double Time(Func<double> action)
    {
        long began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalMicroseconds;
    }
}
