using System.Diagnostics.CodeAnalysis;

namespace NeuralTrain;

/// <summary>
/// Compares the gradients of a backward pass with differences of the forward pass: for a layer of one's own, a loss, or a
/// whole network.
/// </summary>
/// <remarks>
/// <para>
/// Each value x of the input and of each parameter is moved a little to both sides, and the change of the result is compared
/// with what <see cref="Layer.Backward"/> said it would be. Everything runs in the layer's own float32, so the step is chosen
/// for each value, refined by Richardson's extrapolation, and comes with an estimate of its error: a correct layer passes,
/// errors of 1 % and more are found. The result names every array with its worst relative error and its place.
/// </para>
/// <para>
/// On a kink, as that of ReLU at 0, there is no gradient to compare: such values are counted apart. A random layer cannot be
/// checked while it is random, and the result says so. Parameters, statistics and gradients are put back bit for bit, also
/// when the layer throws; a batch whose backward pass is still to come has to be passed forward again.
/// </para>
/// <para>Beside the numbers it is checked that nothing is written that is only to be read, that parameter gradients are added to, and that the input gradient is overwritten.</para>
/// </remarks>
[SuppressMessage("ApiDesign", "RS0026", Justification = "The overloads differ in their first, required arguments: no call is ambiguous.")]
public static class GradientCheck
{
    /// <summary>Checks a layer or a network on a random batch with a random upstream gradient, and with its parameters moved a little, so that no zero or one hides a missing term.</summary>
    /// <param name="layer">The layer; it is left as it was.</param>
    /// <param name="inputSize">Columns of the input.</param>
    /// <param name="options">Seed, rows, strictness; by default those of <see cref="GradientCheckOptions"/>.</param>
    /// <exception cref="ArgumentException">The layer takes another width.</exception>
    public static GradientCheckResult Run(Layer layer, int inputSize, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Guard.AtLeast(inputSize, 1, nameof(inputSize), "a layer is checked on at least one column");
        if (layer.InputSize is int expected && expected != inputSize)
        {
            throw new ArgumentException($"{layer} expects {expected} columns, received inputSize {inputSize}. Pass inputSize: {expected}.", nameof(inputSize));
        }

        options ??= new GradientCheckOptions();
        var random = new Random(options.Seed);
        return Check(layer, RandomMatrix(options.BatchSize, inputSize, random), moveParameters: true, loss: null, target: default, options, random);
    }

    /// <summary>Checks a layer or a network on a given batch with a random upstream gradient, exactly where it stands.</summary>
    /// <param name="layer">The layer; it is left as it was.</param>
    /// <param name="input">The batch; it is left as it was.</param>
    /// <param name="options">Seed and strictness; by default those of <see cref="GradientCheckOptions"/>.</param>
    /// <exception cref="ArgumentException">The batch is empty, or has another width than the layer takes.</exception>
    public static GradientCheckResult Run(Layer layer, Matrix input, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        CheckBatch(layer, input);
        options ??= new GradientCheckOptions();
        return Check(layer, input.Clone(), moveParameters: false, loss: null, target: default, options, new Random(options.Seed));
    }

    /// <summary>Checks a network together with its loss on a given batch, exactly where it stands: the gradients that training will use.</summary>
    /// <param name="network">The network; it is left as it was.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="input">The batch; it is left as it was.</param>
    /// <param name="target">Its targets.</param>
    /// <param name="options">Seed and strictness; by default those of <see cref="GradientCheckOptions"/>.</param>
    /// <exception cref="ArgumentException">The batch is empty, or has another shape than the network or the loss takes.</exception>
    public static GradientCheckResult Run(Layer network, Loss loss, Matrix input, Matrix target, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        CheckBatch(network, input);
        options ??= new GradientCheckOptions();
        return Check(network, input.Clone(), moveParameters: false, loss, target, options, new Random(options.Seed));
    }

    /// <summary>Checks a loss at random predictions.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="target">Targets that suit it, such as one-hot rows for a cross-entropy. The predictions get their shape.</param>
    /// <param name="options">Seed and strictness; by default those of <see cref="GradientCheckOptions"/>.</param>
    /// <exception cref="ArgumentException">The targets are empty, or not such as the loss takes.</exception>
    public static GradientCheckResult Run(Loss loss, Matrix target, GradientCheckOptions? options = null)
    {
        options ??= new GradientCheckOptions();
        return Run(loss, RandomMatrix(target.Rows, target.Columns, new Random(options.Seed)), target, options);
    }

    /// <summary>Checks a loss at given predictions.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="prediction">The predictions; they are left as they were.</param>
    /// <param name="target">The targets, same shape.</param>
    /// <param name="options">Seed and strictness; by default those of <see cref="GradientCheckOptions"/>.</param>
    /// <exception cref="ArgumentException">The predictions are empty, or the targets have another shape.</exception>
    public static GradientCheckResult Run(Loss loss, Matrix prediction, Matrix target, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        options ??= new GradientCheckOptions();
        return Check(new CheckedLoss(loss, prediction.Clone(), target.Clone()), [], options, new Random(options.Seed));
    }

    private static GradientCheckResult Check(
        Layer layer, Matrix input, bool moveParameters, Loss? loss, Matrix target, GradientCheckOptions options, Random random)
    {
        var snapshot = new LayerSnapshot(layer);
        try
        {
            if (moveParameters)
            {
                MoveParameters(layer, random);
            }

            var function = new CheckedLayer(layer, snapshot, input, loss, target, random);
            var problems = new List<string>();
            return function.FindObstacle(problems) is string obstacle
                ? new GradientCheckResult(function.Name, options, [], problems, obstacle)
                : Check(function, problems, options, random);
        }
        finally
        {
            snapshot.Restore();
        }
    }

    private static GradientCheckResult Check(CheckedFunction function, List<string> problems, GradientCheckOptions options, Random random)
    {
        var rows = new List<GradientCheckRow>();
        string? obstacle = null;
        try
        {
            function.Differentiate(problems);
            var probe = new SlopeProbe(function, options.Tolerance);
            foreach (CheckedArray array in function.Arrays)
            {
                rows.Add(array.IsFrozen
                    ? new GradientCheckRow(array.Name, array.Values.Span.Length) { IsFrozen = true }
                    : ArrayCheck.Run(array, probe, options, random));
                if (!probe.Repeats())
                {
                    rows.Clear();
                    obstacle = "The layer is random: Forward with the same input and parameters does not repeat its output. Switch its randomness off and check again.";
                    break;
                }
            }
        }
        catch (NotFiniteNumberException notFinite)
        {
            obstacle = notFinite.Message;
        }

        return new GradientCheckResult(function.Name, options, rows, problems, obstacle);
    }

    // By a tenth of the array's own size, so that a scale stays positive and a network as active as it was.
    private static void MoveParameters(Layer layer, Random random)
    {
        foreach ((_, Parameter parameter) in layer.NamedParameters())
        {
            if (!parameter.IsStatistic)
            {
                Span<float> values = parameter.Value.Span;
                double size = ArrayCheck.RootMeanSquare(values);
                double reach = size > 0 ? 0.1 * size : 0.1;
                foreach (ref float value in values)
                {
                    value += (float)(reach * ((2 * random.NextDouble()) - 1));
                }
            }
        }
    }

    private static void CheckBatch(Layer layer, Matrix input)
    {
        if (input.IsEmpty)
        {
            throw new ArgumentException($"{layer} is checked on a batch, received an empty one ({input}): pass at least one row.", nameof(input));
        }

        if (layer.InputSize is int expected && expected != input.Columns)
        {
            throw new ArgumentException($"{layer} expects {expected} columns, received a {input} input. Pass data of that width.", nameof(input));
        }
    }

    private static Matrix RandomMatrix(int rows, int columns, Random random)
    {
        var matrix = new Matrix(rows, columns);
        foreach (ref float value in matrix.Span)
        {
            value = (float)((random.NextDouble() * 4) - 2);
        }

        return matrix;
    }
}
