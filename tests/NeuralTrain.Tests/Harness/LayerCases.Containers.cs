namespace NeuralTrain.Tests.Harness;

/// <summary>The layers made of layers, but for Sequential.</summary>
public static partial class LayerCases
{
    private static LayerCase[] Containers =>
    [
        new("Residual", () => new Residual(new Linear(3, 4, new Random(1)), new Sigmoid(), new Linear(4, 3, new Random(2))), 3,
            (_, x, p) => References.Add(
                x, References.Linear(References.Map(References.Linear(x, p, "0.", 4), References.Sigmoid), p, "2.", 3))),
        new("Residual of one, any width", () => new Residual(new Sigmoid()), 5, References.Elementwise(x => x + References.Sigmoid(x))),
        new("Residual around BatchNorm", () => new Residual(WithStatistics(new BatchNorm(3, epsilon: NormalizationReferences.BatchNormEpsilon)), new Sigmoid()), 3,
            (_, x, p) => References.Add(x, References.Map(NormalizationReferences.BatchNormTraining(x, p, "0."), References.Sigmoid)))
        {
            InferReference = (_, x, p) =>
                References.Add(x, References.Map(NormalizationReferences.BatchNormInference(x, p, "0."), References.Sigmoid)),
            LeastTrainingRows = 2,
        },
        new("Residual in a Residual", () => new Residual(new Linear(3, 3, new Random(1)), new Residual(new Sigmoid())), 3,
            (_, x, p) => References.Add(x, References.Map(References.Linear(x, p, "0.", 3), s => s + References.Sigmoid(s)))),
        new("Concatenate", () => new Concatenate(
                new Sequential(new Linear(3, 4, new Random(1)), new Sigmoid()), new Linear(3, 1, new Random(2)), new Sigmoid()), 3,
            (_, x, p) => References.SideBySide(
                References.Map(References.Linear(x, p, "0.0.", 4), References.Sigmoid),
                References.Linear(x, p, "1.", 1),
                References.Map(x, References.Sigmoid))),
        new("Concatenate of one", () => new Concatenate(new Linear(5, 3, new Random(1))), 5, (_, x, p) => References.Linear(x, p, "0.", 3)),
        new("Concatenate of any width", () => new Concatenate(new Sigmoid(), new Residual(new Sigmoid())), 5,
            (_, x, _) => References.SideBySide(References.Map(x, References.Sigmoid), References.Map(x, v => v + References.Sigmoid(v)))),
        new("Concatenate in a Sequential", () => new Sequential(
                new Linear(3, 2, new Random(1)), new Concatenate(new Sigmoid(), new Linear(2, 3, new Random(2))), new Linear(5, 2, new Random(3))), 3,
            (_, x, p) =>
            {
                double[,] h = References.Linear(x, p, "0.", 2);
                return References.Linear(
                    References.SideBySide(References.Map(h, References.Sigmoid), References.Linear(h, p, "1.1.", 3)), p, "2.", 2);
            }),
    ];
}
