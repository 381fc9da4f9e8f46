namespace NeuralTrain.Tests.Harness;

/// <summary>One layer of the contract list: how to make it, and what it should compute.</summary>
/// <param name="Name">How test names and messages call it.</param>
/// <param name="Create">Makes a new one, the same each time.</param>
/// <param name="InputSize">Width of the batches it is tested with; odd on purpose.</param>
/// <param name="Forward">The formula of training, in double.</param>
public sealed record LayerCase(string Name, Func<Layer> Create, int InputSize, Reference Forward)
{
    /// <summary>The formula of prediction, if it is another than that of training.</summary>
    public Reference? InferReference { get; init; }

    /// <summary>The formula of prediction.</summary>
    public Reference Infer => InferReference ?? Forward;

    /// <summary>How far the float32 result may lie from the formula, relative to max(1, |value|).</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>The fewest rows a training pass takes.</summary>
    public int LeastTrainingRows { get; init; } = 1;

    /// <summary>Points where the formula has a kink: inputs stay clear of them, since no gradient exists there.</summary>
    public double[] Kinks { get; init; } = [];

    /// <summary>The kinks of a layer where they depend on its parameters.</summary>
    public Func<Layer, IEnumerable<double>>? KinksOf { get; init; }

    /// <summary>How many categories each column holds the numbers of; 0, or no entry, for a column of plain numbers.</summary>
    public int[] Categories { get; init; } = [];

    /// <summary>Whether two training passes over the same batch give different outputs.</summary>
    public bool IsRandom { get; init; }

    /// <summary>A layer whose parameters are all set to random values, so that none is zero by chance.</summary>
    public Layer CreateReady(int seed = 1)
    {
        Layer layer = Create();
        var random = new Random(seed);
        foreach ((_, Parameter parameter) in layer.NamedParameters())
        {
            if (!parameter.IsStatistic)
            {
                foreach (ref float value in parameter.Value.Span)
                {
                    value = (float)((random.NextDouble() * 2) - 1);
                }
            }
        }

        return layer;
    }

    /// <summary>Inputs between −2 and 2, clear of the kinks, and numbers of categories.</summary>
    public Matrix CreateInput(int rows, int seed = 2)
    {
        var random = new Random(seed);
        var input = new Matrix(rows, InputSize);
        double[] kinks = [.. Kinks, .. KinksOf?.Invoke(CreateReady()) ?? []];
        foreach (ref float value in input.Span)
        {
            double drawn;
            do
            {
                drawn = (random.NextDouble() * 4) - 2;
            }
            while (kinks.Any(kink => Math.Abs(drawn - kink) < 1e-3));
            value = (float)drawn;
        }

        for (int column = 0; column < Categories.Length; column++)
        {
            for (int row = 0; Categories[column] > 0 && row < rows; row++)
            {
                input[row, column] = random.Next(Categories[column]);
            }
        }

        return input;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
