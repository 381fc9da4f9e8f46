namespace NeuralTrain;

/// <summary>
/// One array of numbers that a layer learns (a weight matrix, a bias vector), with its gradient; or one that it measures
/// and keeps (a running mean), without.
/// </summary>
public sealed class Parameter
{
    private readonly int[] _shape;
    private bool _isTrainable;

    /// <summary>Creates a learnable matrix of zeros, regularized unless said otherwise.</summary>
    /// <param name="name">The name within its layer, as PyTorch's <c>state_dict</c> has it: <c>weight</c>.</param>
    /// <param name="rows">Rows, 1 or more; for weights the outputs.</param>
    /// <param name="columns">Columns, 1 or more; for weights the inputs.</param>
    /// <param name="isRegularized">Whether L2 regularisation applies (lecture L4.2: to weights, never to biases).</param>
    /// <exception cref="ArgumentException">The name is empty or contains a dot, which separates the steps of a path.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Parameter(string name, int rows, int columns, bool isRegularized = true)
        : this(name, [rows, columns], isRegularized, isStatistic: false)
    {
    }

    /// <summary>Creates a learnable vector of zeros, such as biases or slopes, to which regularisation does not apply.</summary>
    /// <param name="name">The name within its layer, as PyTorch's <c>state_dict</c> has it: <c>bias</c>.</param>
    /// <param name="length">Number of values, 1 or more.</param>
    /// <exception cref="ArgumentException">The name is empty or contains a dot, which separates the steps of a path.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is not positive.</exception>
    public Parameter(string name, int length)
        : this(name, [length], isRegularized: false, isStatistic: false)
    {
    }

    private Parameter(string name, int[] shape, bool isRegularized, bool isStatistic)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Contains('.', StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"A parameter's name must not contain a dot, received '{name}': dots separate the steps of a path such as '0.weight'.",
                nameof(name));
        }

        foreach (int size in shape)
        {
            if (size <= 0)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(shape), size, $"Every size of parameter '{name}' must be 1 or more, received [{string.Join(", ", shape)}].");
            }
        }

        Name = name;
        _shape = shape;
        IsRegularized = isRegularized;
        IsStatistic = isStatistic;
        _isTrainable = !isStatistic;
        (int rows, int columns) = shape.Length == 1 ? (1, shape[0]) : (shape[0], shape[1]);
        Value = Matrix.ToKeep(rows, columns);
        Gradient = isStatistic ? default : Matrix.ToKeep(rows, columns);
    }

    /// <summary>
    /// Creates a vector that the layer measures instead of learning it, such as a running mean: saved and loaded with the
    /// network, never touched by an optimizer, without a gradient.
    /// </summary>
    /// <param name="name">The name within its layer, as PyTorch's <c>state_dict</c> has it: <c>running_mean</c>.</param>
    /// <param name="length">Number of values, 1 or more.</param>
    public static Parameter Statistic(string name, int length) => new(name, [length], isRegularized: false, isStatistic: true);

    /// <summary>The name within its layer: <c>weight</c>. The path in a network, <c>0.weight</c>, comes from the containers.</summary>
    public string Name { get; }

    /// <summary>The values: a matrix as it is, a vector as one row.</summary>
    public Matrix Value { get; }

    /// <summary>The gradient of the loss, same shape as <see cref="Value"/>; layers add to it, an optimizer's step uses and clears it. Empty for a statistic.</summary>
    public Matrix Gradient { get; }

    /// <summary>The sizes, as a file names them: <c>[outputs, inputs]</c> for weights, <c>[length]</c> for a vector.</summary>
    public IReadOnlyList<int> Shape => _shape;

    /// <summary>Whether L2 regularisation applies: weights yes; biases, scales and shifts no.</summary>
    public bool IsRegularized { get; }

    /// <summary>Whether the values are measured by the layer instead of learnt: see <see cref="Statistic"/>.</summary>
    public bool IsStatistic { get; }

    /// <summary>Whether optimizers change the values. Set to false to freeze the parameter.</summary>
    /// <exception cref="InvalidOperationException">Set to true for a statistic, which is measured, not trained.</exception>
    public bool IsTrainable
    {
        get => _isTrainable;
        set
        {
            if (value && IsStatistic)
            {
                throw new InvalidOperationException(
                    $"'{Name}' is a statistic that its layer measures; it has no gradient and cannot be trained. Leave IsTrainable false.");
            }

            _isTrainable = value;
        }
    }

    /// <summary>Name and shape, as <c>weight [4, 3]</c>.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", _shape)}]";
}
