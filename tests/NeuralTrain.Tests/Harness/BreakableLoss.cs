namespace NeuralTrain.Tests.Harness;

/// <summary>A correct small loss, the mean of (q − y)², with one switch per way to break it: what the contract's checks must reject.</summary>
public sealed class BreakableLoss(string fault) : Loss
{
    /// <summary>The faults, each with the check that must see it.</summary>
    public static IReadOnlyDictionary<string, string> Faults { get; } = new Dictionary<string, string>
    {
        ["wrong value"] = nameof(LossContract.ValueAndGradientMatchTheFormula),
        ["wrong sign"] = nameof(LossContract.ValueAndGradientMatchTheFormula),
        ["missing factor"] = nameof(LossContract.ValueAndGradientMatchTheFormula),
        ["sum instead of mean"] = nameof(LossContract.ValueAndGradientMatchTheFormula),
        ["only the first row"] = nameof(LossContract.ValueAndGradientMatchTheFormula),
        ["ignores the weights"] = nameof(LossContract.SampleWeightsMatchTheFormula),
        ["weights without their sum"] = nameof(LossContract.SampleWeightsMatchTheFormula),
        ["divides by no weight"] = nameof(LossContract.ABatchWithoutWeightCountsNothing),
        ["overflows"] = nameof(LossContract.ExtremePredictionsAreStable),
        ["gradient saturates"] = nameof(LossContract.ExtremePredictionsAreStable),
        ["value by the gradient"] = nameof(LossContract.AnEmptyGradientChangesNothing),
        ["adds to the gradient"] = nameof(LossContract.TheGradientIsOverwritten),
        ["writes to the prediction"] = nameof(LossContract.WhatIsReadStaysUnchanged),
        ["allocates"] = nameof(LossContract.NothingIsAllocated),
        ["another error for shapes"] = nameof(LossContract.WrongShapesAreRefused),
        ["another error for weights"] = nameof(LossContract.WrongWeightsAreRefused),
        ["skips what is no number"] = nameof(LossContract.NotANumberIsReportedWithItsPlace),
        ["takes any target"] = nameof(LossContract.WrongTargetsAreRefusedWithTheirPlace),
    };

    /// <summary>A case with the given fault, or a sound one for "none".</summary>
    public static LossCase Case(string fault) => new(
        $"loss that {fault}", () => new BreakableLoss(fault), 3,
        (random, columns) => [.. Enumerable.Range(0, columns).Select(_ => random.NextDouble())],
        LossReferences.Mean((q, y) => (q - y) * (q - y)))
    {
        RefusedTargets = [7],
    };

    // The base class checks shapes and weights for every loss, so only one that breaks its messages can fail there.
    public override string ToString() => fault switch
    {
        "another error for shapes" or "another error for weights" => throw new InvalidOperationException("Something else went wrong here."),
        _ => base.ToString(),
    };

    protected override double Compute(Matrix prediction, Matrix target, Matrix gradient) =>
        Compute(prediction, target, gradient, weights: default, prediction.Rows);

    protected override double Compute(Matrix prediction, Matrix target, Matrix gradient, ReadOnlySpan<float> sampleWeights)
    {
        double total = 0;
        foreach (float weight in sampleWeights)
        {
            total += weight;
        }

        return fault switch
        {
            "ignores the weights" => Compute(prediction, target, gradient),
            "weights without their sum" => Compute(prediction, target, gradient, sampleWeights, prediction.Rows),
            _ => Compute(prediction, target, gradient, sampleWeights, total),
        };
    }

    private double Compute(Matrix prediction, Matrix target, Matrix gradient, ReadOnlySpan<float> weights, double divisor)
    {
        int rows = fault == "only the first row" ? 1 : prediction.Rows, columns = prediction.Columns;
        double scale = fault == "sum instead of mean" ? 1 : 1 / (divisor * columns);
        scale = divisor == 0 && fault != "divides by no weight" ? 0 : scale;
        double sum = 0;
        gradient.Span.Fill(fault == "adds to the gradient" ? float.NaN : 0);
        for (int i = 0; i < rows * columns; i++)
        {
            float q = prediction.Span[i], y = target.Span[i];
            if (y == 7 && fault != "takes any target")
            {
                throw new ArgumentException($"7 is no target, found in row {i / columns}, column {i % columns}.", nameof(target));
            }

            double weight = weights.IsEmpty ? 1 : weights[i / columns];
            double error = fault == "skips what is no number" && float.IsNaN(q) ? 0 : q - y;
            sum += weight * (fault == "overflows" ? Math.Log(Math.Exp(error * error)) : error * error);
            if (!gradient.IsEmpty)
            {
                double derivative = fault switch { "wrong sign" => -2 * error, "missing factor" => error, _ => 2 * error };
                derivative = fault == "gradient saturates" ? Math.Clamp(derivative, -100, 100) : derivative;
                gradient.Span[i] += (float)(scale * weight * derivative);
            }
        }

        sum += fault == "wrong value" ? 1e-3 : 0;
        sum += fault == "value by the gradient" && gradient.IsEmpty ? 1e-9 : 0;
        prediction.Span[0] += fault == "writes to the prediction" ? 1 : 0;
        if (fault == "allocates")
        {
            GC.KeepAlive(new float[rows]);
        }

        return scale * sum;
    }
}
