using System.Diagnostics;

namespace NeuralTrain.Samples;

/// <summary>
/// The 11-line network of the lecture (L1.3): 3-4-1 sigmoid units without biases, full batch, step 1, ½Σ(y − q)².
/// Source of the published figures: iamtrask, "A Neural Network in 11 lines of Python", 2015.
/// </summary>
internal static class LectureXor
{
    private const int Iterations = 60_000;

    /// <summary>Trains, prints the comparison, and returns the loss at every 50th iteration.</summary>
    public static double[] Run(SampleRun sample)
    {
        int? seed = sample.GivenSeed;
        Matrix inputs = new float[,] { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 0, 1 }, { 1, 1, 1 } };
        Matrix targets = new float[,] { { 0 }, { 1 }, { 1 }, { 0 } };

        var random = new Random(seed ?? 0);
        var hidden = new Linear(3, 4, random, bias: false, weightInitializer: new Uniform(-1, 1));
        var output = new Linear(4, 1, random, bias: false, weightInitializer: new Uniform(-1, 1));
        if (seed is null)
        {
            Published.HiddenWeights.CopyTo(hidden.Weight.Value);
            Published.OutputWeights.CopyTo(output.Weight.Value);
        }

        var network = new Sequential(hidden, new Sigmoid(), output, new Sigmoid());
        var loss = new SumOfSquares();
        var optimizer = new SGD(network, learningRate: 1);
        var gradient = new Matrix(4, 1);
        (var errors, var losses) = (new List<double>(), new List<double>());
        Matrix outputs = default;

        var clock = Stopwatch.StartNew();
        for (int i = 0; i < Iterations; i++)
        {
            outputs = network.Forward(inputs);
            double value = loss.Evaluate(outputs, targets, gradient);
            if (i % Pictures.Interval == 0)
            {
                losses.Add(value);
            }

            if (i % 10_000 == 0)
            {
                errors.Add(MeanAbsoluteError(outputs, targets));
            }

            network.Backward(gradient);
            optimizer.Step();
        }

        clock.Stop();

        // The published outputs are those of the last iteration, before its update: what the network still holds.
        Report.Print(sample, errors, outputs, targets, clock.Elapsed);
        return [.. losses];
    }

    private static double MeanAbsoluteError(Matrix outputs, Matrix targets)
    {
        double sum = 0;
        for (int row = 0; row < outputs.Rows; row++)
        {
            sum += Math.Abs(targets[row, 0] - outputs[row, 0]);
        }

        return sum / outputs.Rows;
    }
}
