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
        new("Embedding", () => new Embedding(4, new Random(1), (1, 3, 2), (3, 5, 1)), 4, (_, x, p) => Embedded(x, p, (1, 2), (3, 1)))
        {
            Categories = [0, 3, 0, 5],
        },
        new("Embedding of all columns", () => new Embedding(2, new Random(1), (1, 2, 3), (0, 4, 17)), 2, (_, x, p) => Embedded(x, p, (0, 17), (1, 3)))
        {
            Categories = [4, 2],
        },
        new("Embedding in a Sequential", () => new Sequential(new Standardization(3), new Embedding(3, new Random(1), (0, 3, 4)), new Linear(6, 2, new Random(2))), 3,
            (_, x, p) => References.Linear(Embedded(x, p.ToDictionary(pair => pair.Key.Replace("1.", "", StringComparison.Ordinal), pair => pair.Value), (0, 4)), p, "2.", 2))
        {
            Categories = [3, 0, 0],
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

    // Each row spelled out; the number of a category, which has no derivative, is read as the nearest whole one.
    private static double[,] Embedded(double[,] x, IReadOnlyDictionary<string, double[]> parameters, params (int Column, int Size)[] embedded)
    {
        double[][] rows = [.. Enumerable.Range(0, x.GetLength(0)).Select(row => Enumerable.Range(0, x.GetLength(1)).SelectMany(column =>
        {
            int size = embedded.FirstOrDefault(one => one.Column == column).Size;
            return size == 0 ? [x[row, column]] : parameters[$"weight_{column}"].Skip((int)Math.Round(x[row, column]) * size).Take(size);
        }).ToArray())];
        return References.MapAt(new double[rows.Length, rows[0].Length], (_, row, column) => rows[row][column]);
    }
}
