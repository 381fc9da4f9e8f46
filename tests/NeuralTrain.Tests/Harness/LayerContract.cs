namespace NeuralTrain.Tests.Harness;

/// <summary>
/// The promises every layer makes, each as a check that throws <see cref="ContractViolationException"/> when it is broken.
/// That the checks reject broken layers is tested in <see cref="LayerContractCheckerTests"/>.
/// </summary>
public static partial class LayerContract
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
        [nameof(SharedMemoryIsRefused)] = SharedMemoryIsRefused,
        [nameof(ACloneGoesOnWithTheSameBits)] = ACloneGoesOnWithTheSameBits,
        [nameof(SavedAndLoadedItGoesOnWithTheSameBits)] = SavedAndLoadedItGoesOnWithTheSameBits,
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

        // As many values in another shape.
        var asOneRow = new Matrix(1, 3 * width);
        RequireRefusal("an output of another shape", () => layer.Infer(pass.Input, asOneRow));
        RequireRefusal("a training output of another shape", () => layer.Forward(pass.Input, asOneRow));
        RequireRefusal("an output gradient of another shape", () => layer.Backward(pass.Input, pass.Output, asOneRow, pass.InputGradient));
        RequireRefusal("an input gradient of another shape", () => layer.Backward(
            pass.Input, pass.Output, pass.OutputGradient, new Matrix(1, 3 * layerCase.InputSize)));

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

    /// <summary>An output that shares values with the input, all or some of them, is refused before anything is written.</summary>
    public static void SharedMemoryIsRefused(LayerCase layerCase)
    {
        Layer layer = layerCase.CreateReady();
        foreach (int rows in new[] { layerCase.LeastTrainingRows, 3 })
        {
            Matrix source = layerCase.CreateInput(rows);
            int length = source.Span.Length, outputs = layer.OutputSize(source.Columns), outputLength = rows * outputs;
            float[] memory = new float[length + (2 * outputLength)];
            var input = new Matrix(memory, outputLength, rows, source.Columns);
            source.CopyTo(input);
            float[] before = [.. memory];
            foreach (int start in new[] { outputLength, 1, outputLength + 1, outputLength + length - 1 }.Where(start => start < outputLength + length))
            {
                var output = new Matrix(memory, start, rows, outputs);
                foreach (Action<Matrix, Matrix> pass in new Action<Matrix, Matrix>[] { layer.Infer, layer.Forward })
                {
                    bool isRefused = false;
                    try
                    {
                        pass(input, output);
                    }
                    catch (ArgumentException refusal) when (refusal.Message.Contains("shares values with its input"))
                    {
                        isRefused = true;
                    }

                    Require(isRefused, $"{layerCase}: {pass.Method.Name} of {rows} rows took an output that begins {start - outputLength} values after its input.");
                    RequireSameBits([before], [memory], $"{layerCase}: the memory before and after a refusal");
                }
            }

            // Neighbours in one array share nothing.
            layer.Infer(input, new Matrix(memory, 0, rows, outputs));
            layer.Forward(input, new Matrix(memory, outputLength + length, rows, outputs));
        }
    }
}
