namespace NeuralTrain.Tests.Harness;

/// <summary>
/// The promises every loss makes, each as a check that throws <see cref="ContractViolationException"/> when it is broken.
/// That the checks reject broken losses is tested in <see cref="LossContractCheckerTests"/>.
/// </summary>
public static class LossContract
{
    private static readonly int[] BatchSizes = [1, 2, 5, 33];

    /// <summary>All checks by name: the rows of the contract table.</summary>
    public static IReadOnlyDictionary<string, Action<LossCase>> Checks { get; } = new Dictionary<string, Action<LossCase>>
    {
        [nameof(ValueAndGradientMatchTheFormula)] = ValueAndGradientMatchTheFormula,
        [nameof(SampleWeightsMatchTheFormula)] = SampleWeightsMatchTheFormula,
        [nameof(ABatchWithoutWeightCountsNothing)] = ABatchWithoutWeightCountsNothing,
        [nameof(ExtremePredictionsAreStable)] = ExtremePredictionsAreStable,
        [nameof(AnEmptyGradientChangesNothing)] = AnEmptyGradientChangesNothing,
        [nameof(TheGradientIsOverwritten)] = TheGradientIsOverwritten,
        [nameof(WhatIsReadStaysUnchanged)] = WhatIsReadStaysUnchanged,
        [nameof(NothingIsAllocated)] = NothingIsAllocated,
        [nameof(WrongShapesAreRefused)] = WrongShapesAreRefused,
        [nameof(WrongWeightsAreRefused)] = WrongWeightsAreRefused,
        [nameof(NotANumberIsReportedWithItsPlace)] = NotANumberIsReportedWithItsPlace,
        [nameof(WrongTargetsAreRefusedWithTheirPlace)] = WrongTargetsAreRefusedWithTheirPlace,
    };

    /// <summary>The value equals the double-precision formula, the gradient its finite differences.</summary>
    public static void ValueAndGradientMatchTheFormula(LossCase lossCase)
    {
        foreach (int rows in BatchSizes)
        {
            (Matrix prediction, Matrix target) = lossCase.CreateBatch(rows);
            RequireFormula(lossCase, prediction, target, weights: null, step: 1e-5);
        }
    }

    /// <summary>The same with a weight for each row.</summary>
    public static void SampleWeightsMatchTheFormula(LossCase lossCase)
    {
        foreach (int rows in BatchSizes)
        {
            (Matrix prediction, Matrix target) = lossCase.CreateBatch(rows);
            RequireFormula(lossCase, prediction, target, LossCase.CreateWeights(rows), step: 1e-5);
        }
    }

    /// <summary>If all weights are 0, so are loss and gradient.</summary>
    public static void ABatchWithoutWeightCountsNothing(LossCase lossCase)
    {
        (Matrix prediction, Matrix target) = lossCase.CreateBatch(3);
        Matrix gradient = NaNs(prediction);
        double loss = Evaluate(lossCase, prediction, target, gradient, new float[3]);
        Require(loss == 0, $"{lossCase}: a batch whose weights are all 0 has loss {loss} instead of 0.");
        Require(!gradient.Span.ContainsAnyExcept(0f), $"{lossCase}: a batch whose weights are all 0 has a gradient.");
    }

    /// <summary>Value and gradient are right for predictions up to ±10 000, on the right side and on the wrong one.</summary>
    public static void ExtremePredictionsAreStable(LossCase lossCase)
    {
        (Matrix prediction, Matrix target) = lossCase.CreateBatch(33, range: 1e4);
        RequireFormula(lossCase, prediction, target, weights: null, step: 1e-4);
        for (int i = 0; i < prediction.Span.Length; i++)
        {
            prediction.Span[i] = prediction.Span[i] > 0 ? 1e4f : -1e4f;
        }

        RequireFormula(lossCase, prediction, target, weights: null, step: 1e-4);
    }

    /// <summary>Without a gradient to fill the value has the same bits.</summary>
    public static void AnEmptyGradientChangesNothing(LossCase lossCase)
    {
        (Matrix prediction, Matrix target) = lossCase.CreateBatch(33);
        Loss loss = lossCase.Create();
        float[] weights = LossCase.CreateWeights(33);
        Require(
            loss.Evaluate(prediction, target, NaNs(prediction)).Equals(loss.Evaluate(prediction, target))
            && loss.Evaluate(prediction, target, NaNs(prediction), weights).Equals(loss.Evaluate(prediction, target, default, weights)),
            $"{lossCase}: the value is another one without a gradient to fill.");
    }

    /// <summary>The gradient does not depend on what its memory held before.</summary>
    public static void TheGradientIsOverwritten(LossCase lossCase)
    {
        (Matrix prediction, Matrix target) = lossCase.CreateBatch(5);
        Matrix gradient = NaNs(prediction), weighted = NaNs(prediction);
        lossCase.Create().Evaluate(prediction, target, gradient);
        lossCase.Create().Evaluate(prediction, target, weighted, LossCase.CreateWeights(5));
        foreach (float value in (float[])[.. gradient.Span, .. weighted.Span])
        {
            Require(!float.IsNaN(value), $"{lossCase}: the gradient was not overwritten everywhere.");
        }
    }

    /// <summary>Predictions, targets and weights are only read.</summary>
    public static void WhatIsReadStaysUnchanged(LossCase lossCase)
    {
        (Matrix prediction, Matrix target) = lossCase.CreateBatch(5);
        float[] weights = LossCase.CreateWeights(5);
        float[] before = [.. prediction.Span, .. target.Span, .. weights];
        lossCase.Create().Evaluate(prediction, target, NaNs(prediction));
        lossCase.Create().Evaluate(prediction, target, NaNs(prediction), weights);
        float[] after = [.. prediction.Span, .. target.Span, .. weights];
        Require(before.AsSpan().SequenceEqual(after), $"{lossCase}: an input was written to.");
    }

    /// <summary>Nothing is allocated, with and without gradient, with and without weights.</summary>
    public static void NothingIsAllocated(LossCase lossCase)
    {
        (Matrix prediction, Matrix target) = lossCase.CreateBatch(5);
        Loss loss = lossCase.Create();
        Matrix gradient = NaNs(prediction);
        float[] weights = LossCase.CreateWeights(5);
        long bytes = Allocation.PerCall(() =>
        {
            loss.Evaluate(prediction, target, gradient);
            loss.Evaluate(prediction, target);
            loss.Evaluate(prediction, target, gradient, weights);
            loss.Evaluate(prediction, target, default, weights);
        });
        Require(bytes == 0, $"{lossCase}: an evaluation allocates {bytes} bytes.");
    }

    /// <summary>Matrices whose shapes do not fit are refused with a message.</summary>
    public static void WrongShapesAreRefused(LossCase lossCase)
    {
        (Matrix prediction, Matrix target) = lossCase.CreateBatch(3);
        Loss loss = lossCase.Create();
        int columns = lossCase.Columns;
        RequireRefusal<ArgumentException>(lossCase, "targets too long", "", () => loss.Evaluate(prediction, new Matrix(4, columns)));
        RequireRefusal<ArgumentException>(lossCase, "targets too wide", "", () => loss.Evaluate(prediction, new Matrix(3, columns + 1)));
        RequireRefusal<ArgumentException>(lossCase, "a gradient too long", "", () => loss.Evaluate(prediction, target, new Matrix(4, columns)));
        RequireRefusal<ArgumentException>(lossCase, "an empty batch", "", () => loss.Evaluate(new Matrix(0, columns), new Matrix(0, columns)));
    }

    /// <summary>Weights that are not one number of 0 or more per row are refused with a message.</summary>
    public static void WrongWeightsAreRefused(LossCase lossCase)
    {
        (Matrix prediction, Matrix target) = lossCase.CreateBatch(3);
        Loss loss = lossCase.Create();
        RequireRefusal<ArgumentException>(lossCase, "too few weights", "", () => loss.Evaluate(prediction, target, default, [1, 1]));
        RequireRefusal<ArgumentException>(lossCase, "a negative weight", "row 1", () => loss.Evaluate(prediction, target, default, [1, -1, 1]));
        RequireRefusal<ArgumentException>(lossCase, "a weight that is NaN", "row 2", () => loss.Evaluate(prediction, target, default, [1, 1, float.NaN]));
        RequireRefusal<ArgumentException>(
            lossCase, "an infinite weight", "row 0", () => loss.Evaluate(prediction, target, default, [float.PositiveInfinity, 1, 1]));
    }

    /// <summary>A prediction that is NaN is reported with row and column.</summary>
    public static void NotANumberIsReportedWithItsPlace(LossCase lossCase)
    {
        (Matrix prediction, Matrix target) = lossCase.CreateBatch(3);
        int column = lossCase.Columns - 1;
        prediction[1, column] = float.NaN;
        Loss loss = lossCase.Create();
        string place = $"row 1, column {column}";
        RequireRefusal<NotFiniteNumberException>(lossCase, "a NaN", place, () => loss.Evaluate(prediction, target));
        RequireRefusal<NotFiniteNumberException>(lossCase, "a NaN", place, () => loss.Evaluate(prediction, target, NaNs(prediction)));
        RequireRefusal<NotFiniteNumberException>(lossCase, "a NaN", place, () => loss.Evaluate(prediction, target, NaNs(prediction), [1, 1, 1]));
    }

    /// <summary>Targets that are not what the loss takes are refused with row and column.</summary>
    public static void WrongTargetsAreRefusedWithTheirPlace(LossCase lossCase)
    {
        Loss loss = lossCase.Create();
        int column = lossCase.Columns - 1;
        foreach (float wrong in lossCase.RefusedTargets)
        {
            (Matrix prediction, Matrix target) = lossCase.CreateBatch(3);
            target[1, column] = wrong;
            string place = $"row 1, column {column}";
            RequireRefusal<ArgumentException>(lossCase, $"a target of {wrong}", place, () => loss.Evaluate(prediction, target));
            RequireRefusal<ArgumentException>(lossCase, $"a target of {wrong}", place, () => loss.Evaluate(prediction, target, default, [1, 1, 1]));
        }
    }

    private static void RequireFormula(LossCase lossCase, Matrix prediction, Matrix target, float[]? weights, double step)
    {
        Matrix gradient = NaNs(prediction);
        double value = Evaluate(lossCase, prediction, target, gradient, weights);
        double[,] q = ToDouble(prediction), y = ToDouble(target);
        double[] w = weights is null
            ? [.. Enumerable.Repeat(1.0, prediction.Rows)]
            : Array.ConvertAll(weights, weight => (double)weight);

        double expected = lossCase.Reference(q, y, w);
        string what = $"{lossCase}, {prediction.Rows} rows{(weights is null ? "" : " with weights")}";
        Require(
            Math.Abs(value - expected) <= 1e-6 * Math.Max(Math.Abs(expected), 1e-6),
            $"{what}: the loss is {value:g9}, the formula gives {expected:g9}.");

        var numeric = new double[prediction.Span.Length];
        for (int i = 0; i < numeric.Length; i++)
        {
            ref double at = ref q[i / prediction.Columns, i % prediction.Columns];
            double middle = at;
            at = middle + step;
            double above = lossCase.Reference(q, y, w);
            at = middle - step;
            double below = lossCase.Reference(q, y, w);
            at = middle;
            numeric[i] = (above - below) / (2 * step);
        }

        // The difference of two losses carries the rounding of their size; values below it are measured against it.
        double floor = Math.Max(1e-3 * numeric.Max(Math.Abs), 1e-9 * Math.Abs(expected) / step);
        for (int i = 0; i < numeric.Length; i++)
        {
            double error = Math.Abs(gradient.Span[i] - numeric[i]);
            Require(
                error <= 1e-4 * Math.Max(floor, Math.Abs(numeric[i])),
                $"{what}: gradient [{i}] is {gradient.Span[i]}, the formula gives {numeric[i]:g7}.");
        }
    }

    private static double Evaluate(LossCase lossCase, Matrix prediction, Matrix target, Matrix gradient, float[]? weights)
    {
        try
        {
            return lossCase.Create().Evaluate(prediction, target, gradient, weights);
        }
        catch (NotFiniteNumberException notFinite)
        {
            throw new ContractViolationException($"{lossCase} answered finite predictions by: {notFinite.Message}");
        }
    }

    private static void RequireRefusal<TException>(LossCase lossCase, string what, string mention, Action call)
        where TException : Exception
    {
        try
        {
            call();
        }
        catch (TException refusal) when (refusal.Message.Length > 20 && refusal.Message.Contains(mention, StringComparison.Ordinal))
        {
            return;
        }
        catch (Exception other)
        {
            throw new ContractViolationException($"{lossCase} answered {what} by: {other.Message}");
        }

        throw new ContractViolationException($"{lossCase} took {what} without a word.");
    }

    private static Matrix NaNs(Matrix shape)
    {
        var matrix = new Matrix(shape.Rows, shape.Columns);
        matrix.Span.Fill(float.NaN);
        return matrix;
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

    // NaN fails every comparison, so it fails every requirement too.
    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ContractViolationException(otherwise);
        }
    }
}
