namespace NeuralTrain.Tests.Harness;

/// <summary>
/// The promises every layer makes, each as a check that throws <see cref="ContractViolationException"/> when it is broken.
/// That the checks reject broken layers is tested in <see cref="LayerContractCheckerTests"/>.
/// </summary>
public static class LayerContract
{
    /// <summary>All checks by name: the rows of the contract table.</summary>
    public static IReadOnlyDictionary<string, Action<LayerCase>> Checks { get; } = new Dictionary<string, Action<LayerCase>>
    {
        [nameof(ForwardAndInferMatchTheFormula)] = ForwardAndInferMatchTheFormula,
        [nameof(GradientsMatchTheFormula)] = GradientsMatchTheFormula,
        [nameof(GradientsMatchTheFormulaForOneRow)] = GradientsMatchTheFormulaForOneRow,
        [nameof(GradientsMatchTheFormulaAfterALargerBatch)] = GradientsMatchTheFormulaAfterALargerBatch,
        [nameof(GradientsAccumulate)] = GradientsAccumulate,
        [nameof(AnEmptyInputGradientChangesNothingElse)] = AnEmptyInputGradientChangesNothingElse,
        [nameof(WhatIsWrittenIsOverwritten)] = WhatIsWrittenIsOverwritten,
        [nameof(WhatIsReadStaysUnchanged)] = WhatIsReadStaysUnchanged,
        [nameof(InferIsPure)] = InferIsPure,
        [nameof(InferServesManyThreads)] = InferServesManyThreads,
        [nameof(InferTreatsRowsAlone)] = InferTreatsRowsAlone,
        [nameof(NothingIsAllocatedPerStep)] = NothingIsAllocatedPerStep,
        [nameof(WrongShapesAreRefused)] = WrongShapesAreRefused,
    };

    /// <summary>Outputs of both modes lie at the double-precision formula, for several batch sizes.</summary>
    public static void ForwardAndInferMatchTheFormula(LayerCase layerCase)
    {
        foreach (int rows in new[] { layerCase.LeastTrainingRows, layerCase.LeastTrainingRows + 1, 5 })
        {
            Layer layer = layerCase.CreateReady();
            Matrix input = layerCase.CreateInput(rows);
            Dictionary<string, double[]> before = Values(layer);
            Matrix output = Output(layer, input);

            layer.Infer(input, output);
            RequireClose(output, layerCase.Infer(layer, ToDouble(input), before), layerCase.Tolerance, $"{layerCase} Infer of {rows} rows");

            layer.Forward(input, output);
            RequireClose(output, layerCase.Forward(layer, ToDouble(input), before), layerCase.Tolerance, $"{layerCase} Forward of {rows} rows");
        }
    }

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

    /// <summary>Outputs and input gradients do not depend on what their memory held before.</summary>
    public static void WhatIsWrittenIsOverwritten(LayerCase layerCase)
    {
        Layer layer = layerCase.CreateReady();
        Matrix input = layerCase.CreateInput(3);
        Matrix output = Output(layer, input);
        Matrix outputGradient = RandomLike(output, seed: 3);
        var inputGradient = new Matrix(input.Rows, input.Columns);

        output.Span.Fill(float.NaN);
        layer.Infer(input, output);
        RequireNoNaN(output, $"{layerCase}: output of Infer");
        output.Span.Fill(float.NaN);
        layer.Forward(input, output);
        RequireNoNaN(output, $"{layerCase}: output of Forward");
        inputGradient.Span.Fill(float.NaN);
        layer.Backward(input, output, outputGradient, inputGradient);
        RequireNoNaN(inputGradient, $"{layerCase}: input gradient");
    }

    /// <summary>Inputs, outputs and upstream gradients are only read by a backward pass, inputs by a forward pass.</summary>
    public static void WhatIsReadStaysUnchanged(LayerCase layerCase)
    {
        Layer layer = layerCase.CreateReady();
        Matrix input = layerCase.CreateInput(3);
        float[] inputBefore = input.Span.ToArray();
        Matrix output = Output(layer, input);
        layer.Infer(input, output);
        layer.Forward(input, output);
        float[] outputBefore = output.Span.ToArray();
        Matrix outputGradient = RandomLike(output, seed: 3);
        float[] gradientBefore = outputGradient.Span.ToArray();
        layer.Backward(input, output, outputGradient, new Matrix(input.Rows, input.Columns));
        RequireSameBits([inputBefore], [input.Span.ToArray()], $"{layerCase}: the input");
        RequireSameBits([outputBefore], [output.Span.ToArray()], $"{layerCase}: the output");
        RequireSameBits([gradientBefore], [outputGradient.Span.ToArray()], $"{layerCase}: the output gradient");
    }

    /// <summary>Infer repeats its result, changes nothing in the layer, and does not disturb the batch of the last Forward.</summary>
    public static void InferIsPure(LayerCase layerCase)
    {
        Layer layer = layerCase.CreateReady();
        Matrix input = layerCase.CreateInput(3);
        Pass pass = Run(layer, input);
        float[][] gradients = Gradients(layer);
        float[][] values = AllValues(layer);
        ClearGradients(layer);

        Matrix other = layerCase.CreateInput(6, seed: 9);
        Matrix first = Output(layer, other);
        Matrix second = Output(layer, other);
        layer.Infer(other, first);
        layer.Infer(other, second);
        RequireSameBits([first.Span.ToArray()], [second.Span.ToArray()], $"{layerCase}: two calls of Infer");
        RequireSameBits(values, AllValues(layer), $"{layerCase}: parameters and statistics before and after Infer");
        layer.Backward(pass.Input, pass.Output, pass.OutputGradient, pass.InputGradient);
        RequireSameBits(gradients, Gradients(layer), $"{layerCase}: gradients with and without an Infer in between");
    }

    /// <summary>Many threads predicting at once get the bits one thread gets.</summary>
    public static void InferServesManyThreads(LayerCase layerCase)
    {
        Layer layer = layerCase.CreateReady();
        Matrix[] inputs = [.. Enumerable.Range(0, 4).Select(i => layerCase.CreateInput(2 + i, seed: 20 + i))];
        float[][] expected = [.. inputs.Select(input => InferOnce(layer, input))];
        var failures = new System.Collections.Concurrent.ConcurrentBag<int>();
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            for (int repeat = 0; repeat < 50; repeat++)
            {
                int which = (t + repeat) % inputs.Length;
                if (!InferOnce(layer, inputs[which]).AsSpan().SequenceEqual(expected[which]))
                {
                    failures.Add(which);
                }
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Require(failures.IsEmpty, $"{layerCase}: Infer gave other bits from several threads than from one, {failures.Count} times.");
    }

    /// <summary>In prediction a row's result does not depend on the rows beside it.</summary>
    public static void InferTreatsRowsAlone(LayerCase layerCase)
    {
        Layer layer = layerCase.CreateReady();
        Matrix input = layerCase.CreateInput(5);
        Matrix output = Output(layer, input);
        layer.Infer(input, output);
        for (int row = 0; row < input.Rows; row++)
        {
            Matrix alone = Output(layer, input.SliceRows(row, 1));
            layer.Infer(input.SliceRows(row, 1), alone);
            RequireClose(alone, ToDouble(output.SliceRows(row, 1)), layerCase.Tolerance, $"{layerCase}: row {row} predicted alone");
        }
    }

    /// <summary>A step in steady state allocates nothing.</summary>
    public static void NothingIsAllocatedPerStep(LayerCase layerCase)
    {
        Layer layer = layerCase.CreateReady();
        Pass pass = Run(layer, layerCase.CreateInput(4));
        long bytes = Allocation.PerCall(() =>
        {
            layer.Forward(pass.Input, pass.Output);
            layer.Backward(pass.Input, pass.Output, pass.OutputGradient, pass.InputGradient);
            layer.Infer(pass.Input, pass.Output);
        });
        Require(bytes == 0, $"{layerCase}: a step allocates {bytes} bytes.");
    }

    /// <summary>A matrix of the wrong shape is refused with a message, wherever it is handed in.</summary>
    public static void WrongShapesAreRefused(LayerCase layerCase)
    {
        Layer layer = layerCase.CreateReady();
        Pass pass = Run(layer, layerCase.CreateInput(3));
        int width = pass.Output.Columns;
        var tooWide = new Matrix(3, width + 1);
        var tooLong = new Matrix(4, width);

        RequireRefusal("an output too wide", () => layer.Infer(pass.Input, tooWide));
        RequireRefusal("an output too long", () => layer.Infer(pass.Input, tooLong));
        RequireRefusal("a training output too wide", () => layer.Forward(pass.Input, tooWide));
        RequireRefusal("an empty batch", () => layer.Infer(new Matrix(0, layerCase.InputSize), new Matrix(0, width)));
        RequireRefusal("an empty training batch", () => layer.Forward(new Matrix(0, layerCase.InputSize), new Matrix(0, width)));
        if (layer.InputSize is int size)
        {
            RequireRefusal("an input too wide", () => layer.Infer(new Matrix(3, size + 1), pass.Output));
            RequireRefusal("a training input too wide", () => layer.Forward(new Matrix(3, size + 1), pass.Output));
        }

        layer.Forward(pass.Input, pass.Output);
        RequireRefusal("an output gradient too wide", () => layer.Backward(pass.Input, pass.Output, tooWide, pass.InputGradient));
        RequireRefusal("an output gradient too long", () => layer.Backward(pass.Input, pass.Output, tooLong, pass.InputGradient));
        RequireRefusal("an input gradient too wide", () => layer.Backward(
            pass.Input, pass.Output, pass.OutputGradient, new Matrix(3, layerCase.InputSize + 1)));
        RequireRefusal("an input gradient too long", () => layer.Backward(
            pass.Input, pass.Output, pass.OutputGradient, new Matrix(4, layerCase.InputSize)));

        void RequireRefusal(string what, Action call)
        {
            try
            {
                call();
            }
            catch (ArgumentException refusal) when (refusal is not ArgumentNullException && refusal.Message.Length > 20)
            {
                return;
            }
            catch (InvalidOperationException refusal) when (refusal.Message.Length > 20)
            {
                return;
            }

            throw new ContractViolationException($"{layerCase} took {what} without a word.");
        }
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

    private readonly record struct Pass(Matrix Input, Matrix Output, Matrix OutputGradient, Matrix InputGradient);

    private static Pass Run(Layer layer, Matrix input)
    {
        Matrix output = Output(layer, input);
        Matrix outputGradient = RandomLike(output, seed: 3);
        var inputGradient = new Matrix(input.Rows, input.Columns);
        layer.Forward(input, output);
        layer.Backward(input, output, outputGradient, inputGradient);
        return new Pass(input, output, outputGradient, inputGradient);
    }

    private static float[] InferOnce(Layer layer, Matrix input)
    {
        Matrix output = Output(layer, input);
        layer.Infer(input, output);
        return output.Span.ToArray();
    }

    private static Matrix Output(Layer layer, Matrix input) => new(input.Rows, layer.OutputSize(input.Columns));

    private static Matrix RandomLike(Matrix shape, int seed)
    {
        var random = new Random(seed);
        var matrix = new Matrix(shape.Rows, shape.Columns);
        foreach (ref float value in matrix.Span)
        {
            value = (float)((random.NextDouble() * 2) - 1);
        }

        return matrix;
    }

    private static float[][] Gradients(Layer layer) =>
        [.. layer.NamedParameters().Select(named => named.Parameter.Gradient.Span.ToArray())];

    private static float[][] AllValues(Layer layer) =>
        [.. layer.NamedParameters().Select(named => named.Parameter.Value.Span.ToArray())];

    private static Dictionary<string, double[]> Values(Layer layer) => layer.NamedParameters().ToDictionary(
        named => named.Path, named => Array.ConvertAll(named.Parameter.Value.Span.ToArray(), value => (double)value));

    private static void ClearGradients(Layer layer)
    {
        foreach ((_, Parameter parameter) in layer.NamedParameters())
        {
            parameter.Gradient.Span.Clear();
        }
    }

    private static double[,] ToDouble(Matrix matrix)
    {
        var values = new double[matrix.Rows, matrix.Columns];
        for (int row = 0; row < matrix.Rows; row++)
        {
            for (int column = 0; column < matrix.Columns; column++)
            {
                values[row, column] = matrix[row, column];
            }
        }

        return values;
    }

    private static void RequireClose(Matrix actual, double[,] expected, double tolerance, string what)
    {
        Require(
            expected.GetLength(0) == actual.Rows && expected.GetLength(1) == actual.Columns,
            $"{what}: shape {actual}, the formula gives {expected.GetLength(0)}×{expected.GetLength(1)}.");
        for (int row = 0; row < actual.Rows; row++)
        {
            for (int column = 0; column < actual.Columns; column++)
            {
                double error = Math.Abs(actual[row, column] - expected[row, column]) / Math.Max(1, Math.Abs(expected[row, column]));
                Require(error <= tolerance, $"{what}: [{row}, {column}] is {actual[row, column]}, the formula gives {expected[row, column]:g9}.");
            }
        }
    }

    private static void RequireNoNaN(Matrix matrix, string what)
    {
        foreach (float value in matrix.Span)
        {
            Require(!float.IsNaN(value), $"{what} was not overwritten everywhere.");
        }
    }

    private static void RequireSameBits(float[][] expected, float[][] actual, string what)
    {
        for (int p = 0; p < expected.Length; p++)
        {
            for (int i = 0; i < expected[p].Length; i++)
            {
                Require(
                    BitConverter.SingleToInt32Bits(expected[p][i]) == BitConverter.SingleToInt32Bits(actual[p][i]),
                    $"{what} differ: {p}[{i}] is {expected[p][i]:g9} and {actual[p][i]:g9}.");
            }
        }
    }

    // NaN fails every comparison, so it fails every requirement too.
    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ContractViolationException(otherwise);
        }
    }
}
