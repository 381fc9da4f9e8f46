namespace NeuralTrain.Tests.Training;

/// <summary>Small made-up data and networks for trainings.</summary>
internal static class TestData
{
    /// <summary>Classes by the position of a point in two dimensions and one column of noise; no two calls with other seeds alike.</summary>
    public static Dataset Classes(int rows, int seed = 1, bool weighted = false, params string[] classes)
    {
        var random = new Random(seed);
        var inputs = new Matrix(rows, 3);
        var targets = new Matrix(rows, 3);
        var weights = new float[weighted ? rows : 0];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                inputs[row, column] = (2 * random.NextSingle()) - 1;
            }

            int label = inputs[row, 0] > 0.2f ? 0 : inputs[row, 1] > 0 ? 1 : 2;
            targets[row, label] = 1;
            if (weighted)
            {
                weights[row] = 0.25f + random.NextSingle();
            }
        }

        return new Dataset(inputs, targets, classes: classes, sampleWeights: weights);
    }

    /// <summary>y = a smooth function of two inputs.</summary>
    public static Dataset Values(int rows, int seed = 1)
    {
        var random = new Random(seed);
        var inputs = new Matrix(rows, 2);
        var targets = new Matrix(rows, 1);
        for (int row = 0; row < rows; row++)
        {
            inputs[row, 0] = (2 * random.NextSingle()) - 1;
            inputs[row, 1] = (2 * random.NextSingle()) - 1;
            targets[row, 0] = (inputs[row, 0] * inputs[row, 1]) + 1;
        }

        return new Dataset(inputs, targets);
    }

    public static Sequential Network(int seed = 1, int inputs = 3, int outputs = 3)
    {
        var random = new Random(seed);
        return new Sequential(new Linear(inputs, 8, random), new Tanh(), new Linear(8, outputs, random));
    }

    public static Trainer Classifier(Sequential? network = null, Func<Sequential, Optimizer>? optimizer = null)
    {
        network ??= Network();
        return new Trainer(network, new SoftmaxCrossEntropy(), optimizer?.Invoke(network) ?? new Adam(network, 0.01)) { BatchSize = 10 };
    }

    /// <summary>All values of all parameters and statistics, bit for bit.</summary>
    public static int[] Bits(Layer network) =>
        [.. network.NamedParameters().SelectMany(named => named.Parameter.Value.Span.ToArray()).Select(BitConverter.SingleToInt32Bits)];

    /// <summary>What an epoch came to, without its times.</summary>
    public static string Figures(Epoch epoch) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{epoch.Number} {Text(epoch.Training)} {Text(epoch.Validation)} {epoch.LearningRate:r} {epoch.GradientNorm:r} {epoch.RegularizationLoss:r}");

    private static string Text(Evaluation? evaluation) => evaluation is null ? "-"
        : string.Join(' ', evaluation.Values.Select(value => $"{value.Name}={value.Value:r}").Prepend($"{evaluation.Loss:r}"));
}
