namespace NeuralTrain.Tests.Harness;

/// <summary>The plain formula of a loss in double precision, written independently of it: predictions, targets, one weight per row.</summary>
public delegate double LossReference(double[,] prediction, double[,] target, double[] weights);

/// <summary>One loss of the contract list.</summary>
/// <param name="Name">How test names and messages call it.</param>
/// <param name="Create">Makes a new one.</param>
/// <param name="Columns">Width of the batches it is tested with; odd on purpose.</param>
/// <param name="Target">Draws one row of targets, given the random numbers and the width.</param>
/// <param name="Reference">The formula with sample weights; with all weights 1 the one without.</param>
public sealed record LossCase(
    string Name, Func<Loss> Create, int Columns, Func<Random, int, double[]> Target, LossReference Reference)
{
    /// <summary>Whether a prediction lies on a kink of the formula given its target, where no gradient exists.</summary>
    public Func<double, double, bool> IsNearKink { get; init; } = (_, _) => false;

    /// <summary>Width of the targets, where it is another one than that of the predictions.</summary>
    public int TargetColumns { get; init; } = Columns;

    /// <summary>A case whose sample weights do not enter the divisor.</summary>
    public LossCase DividedByRows(Func<Loss> create) => this with
    {
        Name = $"{Name} divided by rows",
        Create = create,
        Reference = (q, y, w) => Reference(q, y, w) * w.Sum() / w.Length,
    };

    /// <summary>Targets the loss must refuse by name, as (value, column 1 of a row that is otherwise sound).</summary>
    public float[] RefusedTargets { get; init; } = [];

    /// <summary>Predictions between −range and range, clear of the kinks, and their targets.</summary>
    public (Matrix Prediction, Matrix Target) CreateBatch(int rows, double range = 2, int seed = 1)
    {
        var random = new Random(seed);
        Matrix prediction = new(rows, Columns), target = new(rows, TargetColumns);
        for (int row = 0; row < rows; row++)
        {
            double[] drawn = Target(random, TargetColumns);
            for (int column = 0; column < Columns; column++)
            {
                if (column < TargetColumns) target[row, column] = (float)drawn[column];
                do
                {
                    prediction[row, column] = (float)(((random.NextDouble() * 2) - 1) * range);
                }
                while (IsNearKink(prediction[row, column], target[row, Math.Min(column, TargetColumns - 1)]));
            }
        }

        return (prediction, target);
    }

    /// <summary>Weights of the rows between 0 and 2, with a zero among them.</summary>
    public static float[] CreateWeights(int rows)
    {
        var random = new Random(6);
        float[] weights = [.. Enumerable.Range(0, rows).Select(_ => (float)(random.NextDouble() * 2))];
        weights[rows / 2] = rows > 1 ? 0 : weights[0];
        return weights;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
