namespace NeuralTrain.Tests.Harness;

/// <summary>Plain formulas of losses, in double.</summary>
public static class LossReferences
{
    /// <summary>Σ w·(mean over the columns of a loss per value) / Σ w.</summary>
    public static LossReference Mean(Func<double, double, double> loss) => (q, y, w) =>
        Sum(q, y, w, loss) / (q.GetLength(1) * w.Sum());

    /// <summary>Σ w·(loss per value).</summary>
    public static LossReference Total(Func<double, double, double> loss) => (q, y, w) => Sum(q, y, w, loss);

    /// <summary>−p·y·ln σ(s) − (1 − y)·ln(1 − σ(s)), in the form that does not overflow.</summary>
    public static Func<double, double, double> BinaryCrossEntropy(double positiveWeight) => (s, y) =>
        (positiveWeight * y * LogOnePlusExp(-s)) + ((1 - y) * LogOnePlusExp(s));

    /// <summary>ln cosh e = ln(1 + 2·sinh²(e/2)) for small errors, |e| + ln(1 + e^−2|e|) − ln 2 for large ones.</summary>
    public static double LogCosh(double error)
    {
        double half = 2 * Math.Sinh(error / 2) * Math.Sinh(error / 2);
        return half < 1e-3 ? half - (half * half / 2) + (half * half * half / 3) - (half * half * half * half / 4) : Math.Abs(error) + Math.Log(1 + Math.Exp(-2 * Math.Abs(error))) - Math.Log(2);
    }

    /// <summary>Cross-entropy of softmax with class weights and label smoothing, divided by the weights used.</summary>
    public static LossReference SoftmaxCrossEntropy(double[]? classWeights = null, double smoothing = 0) => (s, y, v) =>
    {
        int classes = s.GetLength(1);
        double sum = 0, used = 0;
        for (int row = 0; row < s.GetLength(0); row++)
        {
            double[] scores = [.. Enumerable.Range(0, classes).Select(k => s[row, k])];
            double max = scores.Max();
            double logSum = Math.Log(scores.Sum(score => Math.Exp(score - max)));
            for (int k = 0; k < classes; k++)
            {
                double weight = v[row] * (classWeights?[k] ?? 1);
                double smoothed = ((1 - smoothing) * y[row, k]) + (smoothing / classes);
                sum += weight * smoothed * (logSum - (scores[k] - max));
                used += weight * y[row, k];
            }
        }

        return sum / used;
    };

    /// <summary>ln(1 + eˣ).</summary>
    private static double LogOnePlusExp(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    private static double Sum(double[,] q, double[,] y, double[] w, Func<double, double, double> loss)
    {
        double sum = 0;
        for (int row = 0; row < q.GetLength(0); row++)
        {
            for (int column = 0; column < q.GetLength(1); column++)
            {
                sum += w[row] * loss(q[row, column], y[row, column]);
            }
        }

        return sum;
    }
}
