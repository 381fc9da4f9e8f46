namespace NeuralTrain.Tests.Harness;

/// <summary>The layers that normalise.</summary>
public static partial class LayerCases
{
    private static LayerCase[] Normalization =>
    [
        BatchNormCase("BatchNorm", () => new BatchNorm(5, epsilon: NormalizationReferences.BatchNormEpsilon), 5),
        BatchNormCase("BatchNorm without scale and shift", () => new BatchNorm(3, scaleAndShift: false, epsilon: NormalizationReferences.BatchNormEpsilon), 3),
        BatchNormCase("BatchNorm of one feature", () => new BatchNorm(1, epsilon: NormalizationReferences.BatchNormEpsilon), 1),
        BatchNormCase("BatchNorm, wide", () => new BatchNorm(67, epsilon: NormalizationReferences.BatchNormEpsilon), 67),
        BatchNormCase("BatchNorm, frozen", () => Frozen(new BatchNorm(5, epsilon: NormalizationReferences.BatchNormEpsilon)), 5) with
        {
            Forward = (_, x, p) => NormalizationReferences.BatchNormInference(x, p),
            LeastTrainingRows = 1,
        },
        BatchNormCase("BatchNorm, frozen but for scale and shift", () => FrozenStatistics(new BatchNorm(5, epsilon: NormalizationReferences.BatchNormEpsilon)), 5) with
        {
            Forward = (_, x, p) => NormalizationReferences.BatchNormInference(x, p),
            LeastTrainingRows = 1,
        },
        new("LayerNorm", () => new LayerNorm(5), 5, (_, x, p) => NormalizationReferences.LayerNorm(x, p)),
        new("LayerNorm without scale and shift", () => new LayerNorm(3, scaleAndShift: false), 3,
            (_, x, p) => NormalizationReferences.LayerNorm(x, p)),
        new("LayerNorm, wide", () => new LayerNorm(67), 67, (_, x, p) => NormalizationReferences.LayerNorm(x, p)),
        new("Standardization", () => Fitted(5), 5, (_, x, p) => NormalizationReferences.Fixed(x, p)),
        new("Standardization, inverse", () => Fitted(5).Inverse(), 5, (_, x, p) => NormalizationReferences.FixedInverse(x, p)),
        new("Standardization, wide", () => Fitted(67), 67, (_, x, p) => NormalizationReferences.Fixed(x, p)),
    ];

    private static LayerCase BatchNormCase(string name, Func<BatchNorm> create, int size) =>
        new(name, () => WithStatistics(create()), size, (_, x, p) => NormalizationReferences.BatchNormTraining(x, p))
        {
            InferReference = (_, x, p) => NormalizationReferences.BatchNormInference(x, p),
            LeastTrainingRows = 2,
        };

    // Statistics other than 0 and 1, so that a formula without them is seen.
    private static BatchNorm WithStatistics(BatchNorm layer)
    {
        var random = new Random(4);
        foreach (ref float mean in layer.RunningMean.Value.Span)
        {
            mean = (float)(random.NextDouble() - 0.5);
        }

        foreach (ref float variance in layer.RunningVariance.Value.Span)
        {
            variance = (float)(0.5 + random.NextDouble());
        }

        return layer;
    }

    private static Standardization Fitted(int size)
    {
        var random = new Random(5);
        var data = new Matrix(4, size);
        foreach (ref float value in data.Span)
        {
            value = (float)((random.NextDouble() * 6) - 2);
        }

        return Standardization.Fit(data);
    }

    private static BatchNorm Frozen(BatchNorm layer)
    {
        layer.Freeze();
        return layer;
    }

    private static BatchNorm FrozenStatistics(BatchNorm layer)
    {
        layer.Freeze();
        layer.Weight!.IsTrainable = true;
        layer.Bias!.IsTrainable = true;
        return layer;
    }
}
