namespace NeuralTrain;

/// <summary>Compares the gradients of a backward pass with differences of the forward pass: of a custom layer, a loss, or a whole network.</summary>
/// <remarks>
/// <para>
/// Each value of the input and of each parameter is moved a little to both sides, and the change of the result is compared with what
/// <see cref="Layer.Backward"/> predicts. Everything runs in the layer's own float32, so the step is chosen for each value, refined by
/// Richardson's extrapolation, and comes with an estimate of its error: a correct layer passes, and errors of 1 % and more are found.
/// </para>
/// <para>
/// On a kink, such as ReLU's at 0, there is no gradient to compare: such values are counted separately. A random layer cannot be checked, and the
/// result says so. Parameters, statistics and gradients are restored bit for bit, even when the layer throws; run <c>Forward</c> again before the
/// <c>Backward</c> of a batch that was pending.
/// </para>
/// <para>The check also finds writes to what may only be read, parameter gradients that are not added to, input gradients that are not overwritten, and an Infer whose rows depend on each other.</para>
/// </remarks>
public static class GradientCheck
{
    /// <summary>
    /// Checks a layer or a network on a random batch with a random upstream gradient, and with its parameters moved a little, so that no zero or one
    /// hides a missing term.
    /// </summary>
    /// <param name="layer">The layer. It is not changed.</param>
    /// <param name="inputSize">Columns of the input.</param>
    /// <param name="options">Seed, rows, strictness; null for the defaults.</param>
    /// <exception cref="ArgumentException">The layer takes another width.</exception>
    public static GradientCheckResult Run(Layer layer, int inputSize, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Guard.AtLeast(inputSize, 1, nameof(inputSize), "a layer is checked on at least one column");
        options ??= new GradientCheckOptions();
        Random random = options.NewRandom();
        return Check(layer, loss: null, RandomMatrix(options.BatchSize, inputSize, random), target: default, options, random, moveParameters: true, nameof(inputSize));
    }

    /// <summary>Checks a layer or a network on a given batch with a random upstream gradient, and with its parameters as they are.</summary>
    /// <param name="layer">The layer. It is not changed.</param>
    /// <param name="input">The batch. It is not changed.</param>
    /// <param name="options">Seed and strictness; null for the defaults.</param>
    /// <exception cref="ArgumentException">The batch is empty, or has another width than the layer takes.</exception>
    public static GradientCheckResult Run(Layer layer, Matrix input, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return Check(layer, loss: null, input, target: default, options);
    }

    /// <summary>Checks a network together with its loss on a given batch, with its parameters as they are: the gradients that training will use.</summary>
    /// <param name="network">The network. It is not changed.</param>
    /// <param name="input">The batch. It is not changed.</param>
    /// <param name="target">Its targets.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="options">Seed and strictness; null for the defaults.</param>
    /// <exception cref="ArgumentException">The batch is empty, or has another shape than the network or the loss takes.</exception>
    public static GradientCheckResult Run(Layer network, Matrix input, Matrix target, Loss loss, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        return Check(network, loss, input, target, options);
    }

    /// <summary>Checks a loss at random predictions.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="target">Targets the loss accepts, such as one-hot rows for a cross-entropy. The predictions get their shape.</param>
    /// <param name="options">Seed and strictness; null for the defaults.</param>
    /// <exception cref="ArgumentException">The targets are empty, or the loss does not accept them.</exception>
    public static GradientCheckResult Run(Loss loss, Matrix target, GradientCheckOptions? options = null) =>
        Run(loss, RandomMatrix(target.Rows, target.Columns, (options ?? new GradientCheckOptions()).NewRandom()), target, options);

    /// <summary>Checks a loss at given predictions.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="prediction">The predictions. They are not changed.</param>
    /// <param name="target">The targets, same shape.</param>
    /// <param name="options">Seed and strictness; null for the defaults.</param>
    /// <exception cref="ArgumentException">The predictions are empty, or the targets have another shape.</exception>
    public static GradientCheckResult Run(Loss loss, Matrix prediction, Matrix target, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Check(layer: null, loss, prediction, target, options);
    }

    private static GradientCheckResult Check(
        Layer? layer, Loss? loss, Matrix input, Matrix target, GradientCheckOptions? options,
        Random? random = null, bool moveParameters = false, string argument = "input")
    {
        if (input.IsEmpty) throw new ArgumentException("A gradient is checked on a batch, received an empty one: pass at least one row.", argument);
        if (layer?.InputSize is int expected && expected != input.Columns)
        {
            throw new ArgumentException($"{layer} expects {expected} columns, received {input.Columns}. Pass {argument}: {expected}{(argument == "input" ? " columns" : "")}.", argument);
        }

        options ??= new GradientCheckOptions();
        random ??= options.NewRandom();
        var function = new CheckedFunction(layer, loss, input, target, random, moveParameters);
        var rows = new List<GradientCheckRow>();
        var problems = new List<string>();
        try
        {
            string? obstacle = layer is null ? null : function.FindObstacle(problems);
            obstacle ??= CheckArrays(function, options, random, rows, problems);
            if (layer is not null && obstacle is null && RowMixing.Find(layer, input) is RowMixing mixing) problems.Add($"Infer of {mixing.Layer} {mixing.Difference}: {RowMixing.Remedy}.");
            return new GradientCheckResult(function.Name, options, rows, problems, obstacle);
        }
        finally
        {
            function.Restore();
        }
    }

    // Gives what hinders the check, or null.
    private static string? CheckArrays(CheckedFunction function, GradientCheckOptions options, Random random, List<GradientCheckRow> rows, List<string> problems)
    {
        try
        {
            function.Differentiate(problems);
            var probe = new SlopeProbe(function, options.Tolerance);
            foreach (CheckedArray array in function.Arrays)
            {
                rows.Add(array.Parameter is { IsTrainable: false } ? new GradientCheckRow(array) : ArrayCheck.Run(array, probe, options, random));
                if (!probe.Repeats())
                {
                    rows.Clear();
                    return $"The layer is random: Forward with the same input and parameters does not repeat its output. {CheckedFunction.WithoutRandomness}";
                }
            }

            return null;
        }
        catch (NotFiniteNumberException notFinite)
        {
            return notFinite.Message;
        }
    }

    private static Matrix RandomMatrix(int rows, int columns, Random random)
    {
        var matrix = new Matrix(rows, columns);
        foreach (ref float value in matrix.Span) value = (float)((random.NextDouble() * 4) - 2);

        return matrix;
    }
}
