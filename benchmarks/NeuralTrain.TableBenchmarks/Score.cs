namespace NeuralTrain.TableBenchmarks;

/// <summary>How good predictions are.</summary>
/// <param name="Main">What methods are compared by: the accuracy of classes, or the root mean square error of numbers in their own units, of several targets on average.</param>
/// <param name="LogLoss">The mean of −ln of the probability of the true class, which is at least 1e-7; NaN for numbers.</param>
internal sealed record Score(double Main, double LogLoss)
{
    private const double Least = 1e-7;

    public static Score Of(Problem problem, double[][] predictions, double[][] truths)
    {
        if (!problem.IsClasses)
        {
            return new Score(
                Enumerable.Range(0, problem.Outputs).Average(target => Math.Sqrt(predictions.Zip(truths, (found, truth) => Math.Pow(found[target] - truth[target], 2)).Average())),
                double.NaN);
        }

        double right = predictions.Zip(truths, (found, truth) => Array.IndexOf(found, found.Max()) == (int)truth[0] ? 1.0 : 0).Average();
        double loss = predictions.Zip(truths, (found, truth) => -Math.Log(Math.Clamp(found[(int)truth[0]] / found.Sum(), Least, 1))).Average();
        return new Score(right, loss);
    }
}
