namespace NeuralTrain.Tests.Harness;

/// <content>The backward pass.</content>
public static partial class LayerContract
{
    /// <summary>Gradients equal the finite differences of the double-precision formula, under a random upstream gradient.</summary>
    public static void GradientsMatchTheFormula(LayerCase layerCase) =>
        RequireGradients(layerCase, layerCase.CreateReady(), rows: Math.Max(3, layerCase.LeastTrainingRows));

    /// <summary>The same for the smallest batch.</summary>
    public static void GradientsMatchTheFormulaForOneRow(LayerCase layerCase) =>
        RequireGradients(layerCase, layerCase.CreateReady(), rows: layerCase.LeastTrainingRows);

    /// <summary>The same when a larger batch came before: nothing of it may linger.</summary>
    public static void GradientsMatchTheFormulaAfterALargerBatch(LayerCase layerCase)
    {
        Layer layer = layerCase.CreateReady();
        _ = Run(layer, layerCase.CreateInput(7, seed: 5));
        ClearGradients(layer);
        RequireGradients(layerCase, layer, rows: Math.Max(3, layerCase.LeastTrainingRows));
    }

    /// <summary>Two backward passes give twice the parameter gradients.</summary>
    public static void GradientsAccumulate(LayerCase layerCase)
    {
        Layer layer = layerCase.CreateReady();
        Pass pass = Run(layer, layerCase.CreateInput(3));
        float[][] once = Gradients(layer);
        layer.Backward(pass.Input, pass.Output, pass.OutputGradient, pass.InputGradient);
        float[][] twice = Gradients(layer);
        for (int p = 0; p < once.Length; p++)
        {
            for (int i = 0; i < once[p].Length; i++)
            {
                double expected = 2.0 * once[p][i];
                Require(
                    Math.Abs(twice[p][i] - expected) <= 1e-5 * Math.Max(1, Math.Abs(expected)),
                    $"{layerCase}: gradient {p}[{i}] is {once[p][i]} after one backward pass and {twice[p][i]} after two; it must accumulate to {expected}.");
            }
        }
    }

    /// <summary>Without an input gradient to fill, the parameter gradients are the same bits.</summary>
    public static void AnEmptyInputGradientChangesNothingElse(LayerCase layerCase)
    {
        Layer layer = layerCase.CreateReady();
        Pass pass = Run(layer, layerCase.CreateInput(3));
        float[][] with = Gradients(layer);
        ClearGradients(layer);
        layer.Backward(pass.Input, pass.Output, pass.OutputGradient, default);
        RequireSameBits(with, Gradients(layer), $"{layerCase}: parameter gradients with and without an input gradient");
    }

    private static void RequireGradients(LayerCase layerCase, Layer layer, int rows)
    {
        const double Step = 1e-5;
        Matrix input = layerCase.CreateInput(rows);
        Dictionary<string, double[]> parameters = Values(layer);
        Pass pass = Run(layer, input);
        double[,] x = ToDouble(input);
        double[,] upstream = ToDouble(pass.OutputGradient);

        double Objective()
        {
            double[,] y = layerCase.Forward(layer, x, parameters);
            double sum = 0;
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < y.GetLength(1); column++)
                {
                    sum += y[row, column] * upstream[row, column];
                }
            }

            return sum;
        }

        var numeric = new double[input.Span.Length];
        for (int i = 0; i < numeric.Length; i++)
        {
            ref double value = ref x[i / layerCase.InputSize, i % layerCase.InputSize];
            numeric[i] = CentralDifference(ref value, Step, Objective);
        }

        RequireGradient(pass.InputGradient.Span, numeric, $"{layerCase}: input gradient");
        foreach ((string path, Parameter parameter) in layer.NamedParameters())
        {
            if (parameter.IsStatistic)
            {
                continue;
            }

            if (!parameter.IsTrainable)
            {
                Require(!parameter.Gradient.Span.ContainsAnyExcept(0f), $"{layerCase}: the frozen {path} received a gradient.");
                continue;
            }

            double[] values = parameters[path];
            numeric = new double[values.Length];
            for (int i = 0; i < numeric.Length; i++)
            {
                numeric[i] = CentralDifference(ref values[i], Step, Objective);
            }

            RequireGradient(parameter.Gradient.Span, numeric, $"{layerCase}: gradient of {path}");
        }
    }

    private static double CentralDifference(ref double value, double step, Func<double> objective)
    {
        double at = value;
        value = at + step;
        double above = objective();
        value = at - step;
        double below = objective();
        value = at;
        return (above - below) / (2 * step);
    }

    private static void RequireGradient(ReadOnlySpan<float> analytic, double[] numeric, string what)
    {
        // Values far below the rest of their array carry the rounding of the others: they are measured against 1 % of the largest.
        double floor = Math.Max(1e-6, 0.01 * numeric.Max(Math.Abs));
        for (int i = 0; i < numeric.Length; i++)
        {
            double error = Math.Abs(analytic[i] - numeric[i]) / Math.Max(floor, Math.Abs(numeric[i]));
            Require(error < 1e-3, $"{what} [{i}] is {analytic[i]}, the formula gives {numeric[i]:g7}: relative error {error:g3}.");
        }
    }
}
