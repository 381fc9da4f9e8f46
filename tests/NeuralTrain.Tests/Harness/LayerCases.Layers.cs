namespace NeuralTrain.Tests.Harness;

/// <summary>The layers of the folder Layers.</summary>
public static partial class LayerCases
{
    private static LayerCase[] Layers =>
    [
        new("Linear", () => new Linear(5, 3, new Random(1)), 5, (_, x, p) => References.Linear(x, p, "", 3)),
        new("Linear without biases", () => new Linear(7, 4, new Random(1), bias: false), 7, (_, x, p) => References.Linear(x, p, "", 4)),
        new("Linear to one unit", () => new Linear(3, 1, new Random(1)), 3, (_, x, p) => References.Linear(x, p, "", 1)),
        new("Linear, wide", () => new Linear(67, 35, new Random(1)), 67, (_, x, p) => References.Linear(x, p, "", 35))
        {
            // The partial sums of 67 products up to 2 reach magnitudes around 30, whose unit in the last place is 2e-6.
            Tolerance = 4e-6,
        },
        new("Sequential", () => new Sequential(new Linear(3, 4, new Random(1)), new Sigmoid(), new Linear(4, 2, new Random(2))), 3,
            (_, x, p) => References.Linear(References.Map(References.Linear(x, p, "0.", 4), References.Sigmoid), p, "2.", 2)),
        new("Sequential, deep", () => new Sequential(
                new Linear(3, 5, new Random(1)), new Linear(5, 4, new Random(2)), new Sigmoid(), new Linear(4, 6, new Random(3)), new Linear(6, 2, new Random(4))), 3,
            (_, x, p) => References.Linear(
                References.Linear(References.Map(References.Linear(References.Linear(x, p, "0.", 5), p, "1.", 4), References.Sigmoid), p, "3.", 6), p, "4.", 2)),
        new("Sequential of one", () => new Sequential(new Sigmoid()), 5, References.Elementwise(References.Sigmoid)),
        new("Sequential in a Sequential", () => new Sequential(
                new Sequential(new Linear(3, 4, new Random(1)), new Sigmoid()), new Sequential(new Linear(4, 3, new Random(2)), new Sigmoid())), 3,
            (_, x, p) => References.Map(
                References.Linear(References.Map(References.Linear(x, p, "0.0.", 4), References.Sigmoid), p, "1.0.", 3), References.Sigmoid)),
    ];
}
