namespace NeuralTrain.Tests.Harness;

/// <summary>Every loss of the library, each with the plain formula it must follow. A new loss is added here.</summary>
public static class LossCases
{
    private static readonly float[] Weights5 = [0.5f, 2, 1, 0, 3];

    /// <summary>The list.</summary>
    public static IReadOnlyList<LossCase> All { get; } =
    [
        new("SumOfSquares", () => new SumOfSquares(), 3, Numbers, LossReferences.Total((q, y) => 0.5 * (q - y) * (q - y))),
        new("MeanSquaredError", () => new MeanSquaredError(), 5, Numbers, LossReferences.Mean((q, y) => (q - y) * (q - y))),
        new("MeanSquaredError of one column", () => new MeanSquaredError(), 1, Numbers, LossReferences.Mean((q, y) => (q - y) * (q - y))),
        new("MeanAbsoluteError", () => new MeanAbsoluteError(), 3, Numbers, LossReferences.Mean((q, y) => Math.Abs(q - y)))
        {
            IsNearKink = (q, y) => Math.Abs(q - y) < 1e-2,
        },
        HuberCase("Huber", new Huber(), 1),
        HuberCase("Huber with a small delta", new Huber(0.3), 0.3),
        HingeCase("Hinge", 1, (random, columns) => Draw(columns, () => random.Next(2) == 0 ? -1 : 1)),
        HingeCase("Hinge of zeros and ones", 5, OneHotRow),
        BinaryCase("BinaryCrossEntropy", new BinaryCrossEntropy(), 1, 1, Bits),
        BinaryCase("BinaryCrossEntropy of several labels", new BinaryCrossEntropy(), 7, 1, Bits),
        BinaryCase("BinaryCrossEntropy of probabilities", new BinaryCrossEntropy(), 3, 1, (random, columns) => Draw(columns, random.NextDouble)),
        BinaryCase("BinaryCrossEntropy with a weight for positives", new BinaryCrossEntropy(3.5), 3, 3.5, Bits),
        SoftmaxCase("SoftmaxCrossEntropy", new SoftmaxCrossEntropy(), 3, OneHotRow, LossReferences.SoftmaxCrossEntropy()),
        SoftmaxCase("SoftmaxCrossEntropy of two classes", new SoftmaxCrossEntropy(), 2, OneHotRow, LossReferences.SoftmaxCrossEntropy()),
        SoftmaxCase("SoftmaxCrossEntropy of many classes", new SoftmaxCrossEntropy(), 67, OneHotRow, LossReferences.SoftmaxCrossEntropy()),
        SoftmaxCase("SoftmaxCrossEntropy of distributions", new SoftmaxCrossEntropy(), 5, Distribution, LossReferences.SoftmaxCrossEntropy()),
        SoftmaxCase("SoftmaxCrossEntropy with label smoothing", new SoftmaxCrossEntropy(labelSmoothing: 0.1), 5, OneHotRow,
            LossReferences.SoftmaxCrossEntropy(smoothing: 0.1)),
        SoftmaxCase("SoftmaxCrossEntropy with class weights", new SoftmaxCrossEntropy(Weights5), 5, Distribution,
            LossReferences.SoftmaxCrossEntropy([0.5, 2, 1, 0, 3])),
        SoftmaxCase("SoftmaxCrossEntropy with all of it", new SoftmaxCrossEntropy(Weights5, labelSmoothing: 0.2), 5, Distribution,
            LossReferences.SoftmaxCrossEntropy([0.5, 2, 1, 0, 3], 0.2)),
        BinaryCase("BinaryCrossEntropy with label smoothing", new BinaryCrossEntropy(2, labelSmoothing: 0.2), 3, 2, Bits, smoothing: 0.2),
        new("LogCosh", () => new LogCosh(), 5, Numbers, LossReferences.Mean((q, y) => LossReferences.LogCosh(q - y))),
        new("LogCosh of small errors", () => new LogCosh(), 3, (random, columns) => Draw(columns, () => 1e-3 * random.NextDouble()), LossReferences.Mean((q, y) => LossReferences.LogCosh(q - y)))
        {
            IsNearKink = (q, _) => Math.Abs(q) is > 0.1 and < 100,
        },
        new("PoissonLoss", () => new PoissonLoss(), 3, (random, columns) => Draw(columns, () => random.Next(5)), LossReferences.Mean((q, y) => q - (y * Math.Log(q + 1e-8))))
        {
            IsNearKink = (q, _) => q < 0.05,
            RefusedTargets = [-1, -1e-6f, float.NegativeInfinity],
        },
        FocalCase("FocalLoss", new FocalLoss(), 2, 0.25),
        FocalCase("FocalLoss, hardly focused", new FocalLoss(0.5, 0.7), 0.5, 0.7),
        FocalCase("FocalLoss without focus", new FocalLoss(0, 0.5), 0, 0.5),
        QuantileCase("QuantileLoss of one quantile", 4, 0.9),
        QuantileCase("QuantileLoss of several quantiles", 3, 0.1, 0.5, 0.8),
        GaussianCase("GaussianLoss", 1),
        GaussianCase("GaussianLoss of several targets", 3),
        new LossCase("MeanSquaredError", () => new MeanSquaredError(), 5, Numbers, LossReferences.Mean((q, y) => (q - y) * (q - y))).DividedByRows(() => new MeanSquaredError { DividesByRows = true }),
        SoftmaxCase("SoftmaxCrossEntropy", new SoftmaxCrossEntropy(), 3, OneHotRow, LossReferences.SoftmaxCrossEntropy()).DividedByRows(() => new SoftmaxCrossEntropy { DividesByRows = true }),
        new LossCase("a custom loss", () => new QuarticLoss(), 3, Numbers, LossReferences.Mean((q, y) => Math.Pow(q - y, 4))).DividedByRows(() => new QuarticLoss { DividesByRows = true }),
        new("a custom loss", () => new QuarticLoss(), 3, Numbers, LossReferences.Mean((q, y) => Math.Pow(q - y, 4))),
    ];

    private static LossCase HuberCase(string name, Huber loss, double delta) => new(
        name, () => loss, 5, Numbers,
        LossReferences.Mean((q, y) => Math.Abs(q - y) <= delta ? 0.5 * (q - y) * (q - y) : delta * (Math.Abs(q - y) - (0.5 * delta))))
    {
        IsNearKink = (q, y) => Math.Abs(Math.Abs(q - y) - delta) < 1e-2,
    };

    private static LossCase HingeCase(string name, int columns, Func<Random, int, double[]> target) => new(
        name, () => new Hinge(), columns, target, LossReferences.Mean((q, y) => Math.Max(0, 1 - ((y > 0 ? 1 : -1) * q))))
    {
        IsNearKink = (q, y) => Math.Abs(Math.Abs(q) - 1) < 1e-2,
        RefusedTargets = [0.5f, 2, -0.1f, float.NaN],
    };

    private static LossCase BinaryCase(
        string name, BinaryCrossEntropy loss, int columns, double positiveWeight, Func<Random, int, double[]> target, double smoothing = 0) => new(
        name, () => loss, columns, target,
        LossReferences.Mean((s, y) => LossReferences.BinaryCrossEntropy(positiveWeight)(s, ((1 - smoothing) * y) + (smoothing / 2))))
        {
            RefusedTargets = [-0.001f, 1.001f, 2, float.NaN],
        };

    // p the probability of the right answer: −a·(1 − p)^γ·ln p, with ln p and ln(1 − p) in the form that does not overflow.
    private static LossCase FocalCase(string name, FocalLoss loss, double gamma, double alpha) => new(
        name, () => loss, 3, Bits, LossReferences.Mean((s, y) =>
        {
            double margin = y == 1 ? s : -s, cross = LossReferences.BinaryCrossEntropy(1)(margin, 1), other = LossReferences.BinaryCrossEntropy(1)(margin, 0);
            return (y == 1 ? alpha : 1 - alpha) * Math.Exp(-gamma * other) * cross;
        }))
    {
        RefusedTargets = [0.5f, -1, 2, float.NaN],
    };

    // Half of the logarithm of a variance of at least 10⁻⁶, and of the squared error in its units; beyond e⁶⁰⁰ an error is nothing.
    private static LossCase GaussianCase(string name, int targets) => new(
        name, () => new GaussianLoss(), 2 * targets, Numbers, (q, y, w) =>
        {
            double sum = 0;
            for (int row = 0; row < w.Length; row++)
            {
                for (int k = 0; k < targets; k++)
                {
                    double v = q[row, targets + k], error = y[row, k] - q[row, k];
                    double variance = 1e-6 + Math.Exp(Math.Min(v, 600)), logarithm = v < 600 ? Math.Log(variance) : v;
                    sum += w[row] * 0.5 * (logarithm + (error * error / variance));
                }
            }

            return sum / (w.Sum() * targets);
        })
    {
        TargetColumns = targets,
    };

    // The reference sees values without their column, so each column gets its own part of the mean.
    private static LossCase QuantileCase(string name, int columns, params double[] quantiles) => new(
        name, () => new QuantileLoss(quantiles), columns, Numbers, (q, y, w) =>
        {
            double sum = 0;
            for (int row = 0; row < w.Length; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    double tau = quantiles[column % quantiles.Length], missing = y[row, column] - q[row, column];
                    sum += w[row] * Math.Max(tau * missing, (tau - 1) * missing);
                }
            }

            return sum / (w.Sum() * columns);
        })
    {
        IsNearKink = (q, y) => Math.Abs(q - y) < 1e-2,
    };

    private static LossCase SoftmaxCase(
        string name, SoftmaxCrossEntropy loss, int columns, Func<Random, int, double[]> target, LossReference reference) => new(
        name, () => loss, columns, target, reference)
        {
            RefusedTargets = [-0.1f, 1.01f, float.NaN, float.PositiveInfinity],
        };

    private static double[] Numbers(Random random, int columns) => Draw(columns, () => (random.NextDouble() * 4) - 2);

    private static double[] Bits(Random random, int columns) => Draw(columns, () => random.Next(2));

    private static double[] OneHotRow(Random random, int columns)
    {
        var row = new double[columns];
        row[random.Next(columns)] = 1;
        return row;
    }

    private static double[] Distribution(Random random, int columns)
    {
        double[] row = Draw(columns, random.NextDouble);
        double sum = row.Sum();
        return [.. row.Select(value => value / sum)];
    }

    private static double[] Draw(int columns, Func<double> draw) => [.. Enumerable.Range(0, columns).Select(_ => draw())];

    /// <summary>The mean of fourth powers, as a user would write it: without a word about sample weights.</summary>
    private sealed class QuarticLoss : Loss
    {
        protected override double Compute(Matrix prediction, Matrix target, Matrix gradient)
        {
            int count = prediction.Span.Length;
            double sum = 0;
            for (int i = 0; i < count; i++)
            {
                double error = prediction.Span[i] - target.Span[i];
                sum += Math.Pow(error, 4);
                if (!gradient.IsEmpty)
                {
                    gradient.Span[i] = (float)(4 * Math.Pow(error, 3) / count);
                }
            }

            return sum / count;
        }
    }
}
