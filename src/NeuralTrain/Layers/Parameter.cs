global using NamedParameter = (string Path, NeuralTrain.Parameter Parameter);
using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>
/// An array of numbers that a layer learns (a weight matrix, a bias vector), with its gradient; or one that it measures
/// (a running mean), without a gradient.
/// </summary>
/// <remarks>
/// Memory is allocated and initial values are drawn when <see cref="Value"/> or <see cref="Gradient"/> is first read, on any thread: by then the layer is part
/// of a network, and default initializers can follow the next activation. Existing values are never drawn again.
/// </remarks>
public sealed class Parameter
{
    private readonly Lock _gate = new();
    private readonly int[] _shape;
    private readonly bool _followsActivation;
    private Action<Span<float>, Initializer?>? _fill;
    private Matrix _value, _gradient;
    private volatile bool _exists;

    /// <summary>Creates a learnable matrix of zeros, regularized by default.</summary>
    /// <param name="name">The name within its layer, as PyTorch's <c>state_dict</c> has it: <c>weight</c>.</param>
    /// <param name="rows">Rows, 1 or more; for weights the outputs.</param>
    /// <param name="columns">Columns, 1 or more; for weights the inputs.</param>
    /// <param name="isRegularized">Whether L2 regularisation applies: to weights, never to biases.</param>
    /// <exception cref="ArgumentException">The name is empty or contains a dot, which separates the steps of a path.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Parameter(string name, int rows, int columns, bool isRegularized = true)
        : this(name, [rows, columns], isRegularized, initializer: null)
    {
    }

    /// <summary>Creates a learnable vector of zeros, such as biases or slopes, to which regularisation does not apply.</summary>
    /// <param name="name">The name within its layer, as PyTorch's <c>state_dict</c> has it: <c>bias</c>.</param>
    /// <param name="length">Number of values, 1 or more.</param>
    /// <exception cref="ArgumentException">The name is empty or contains a dot, which separates the steps of a path.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is not positive.</exception>
    public Parameter(string name, int length)
        : this(name, length, start: 0)
    {
    }

    internal Parameter(string name, int length, float start)
        : this(name, [length], fill: Constant(start))
    {
    }

    internal Parameter(
        string name, int[] shape, bool isRegularized = false, Initializer? initializer = null, bool followsActivation = false,
        Action<Span<float>, Initializer?>? fill = null, bool isStatistic = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Contains('.', StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"A parameter's name must not contain a dot, received '{name}': dots separate the steps of a path such as '0.weight'.", nameof(name));
        }

        foreach (int size in shape)
        {
            if (size > 0) continue;
            throw new ArgumentOutOfRangeException(
                nameof(shape), $"Every size of parameter '{name}' must be 1 or more, received [{string.Join(", ", shape)}].");
        }

        (Name, _shape, IsRegularized, IsStatistic, IsTrainable) = (name, shape, isRegularized, isStatistic, !isStatistic);
        (Initializer, _followsActivation, _fill) = (initializer, followsActivation, fill);
        Matrix.CheckedLength(Rows, Columns);
    }

    /// <summary>
    /// Creates a vector that the layer measures instead of learning it, such as a running mean: saved and loaded with the
    /// network, never touched by an optimizer, without a gradient.
    /// </summary>
    /// <param name="name">The name within its layer, as PyTorch's <c>state_dict</c> has it: <c>running_mean</c>.</param>
    /// <param name="length">Number of values, 1 or more.</param>
    /// <param name="start">The initial value of all of them. Default 0.</param>
    public static Parameter Statistic(string name, int length, float start = 0) => Statistic(name, length, start, ValueRange.Finite);

    internal static Parameter Statistic(string name, int length, float start, ValueRange range) =>
        new(name, [length], fill: Constant(start), isStatistic: true) { Range = range };

    /// <summary>Creates a learnable weight matrix whose values are drawn at random when they are first read.</summary>
    /// <param name="name">The name within its layer: <c>weight</c>.</param>
    /// <param name="rows">Rows, 1 or more: the outputs, fan_out of the initializer.</param>
    /// <param name="columns">Columns, 1 or more: the inputs, fan_in of the initializer.</param>
    /// <param name="random">One number is drawn from it, which seeds the draws of this parameter.</param>
    /// <param name="initializer">
    /// The distribution. Default: the one the next activation in the network prefers (<see cref="Layer.PreferredInitializer"/>), or <see cref="GlorotUniform"/> if there is none.
    /// </param>
    /// <param name="isRegularized">Whether L2 regularisation applies. Default true.</param>
    public static Parameter Drawn(string name, int rows, int columns, Random random, Initializer? initializer = null, bool isRegularized = true)
    {
        ArgumentNullException.ThrowIfNull(random);
        var own = new Random(random.Next());
        return new Parameter(
            name, [rows, columns], isRegularized, initializer ?? GlorotUniform.Instance, followsActivation: initializer is null,
            (values, from) => from!.Fill(values, columns, rows, own));
    }

    /// <summary>The name within its layer: <c>weight</c>. The path in a network, <c>0.weight</c>, comes from the containers.</summary>
    public string Name { get; }

    /// <summary>The values; a vector is a matrix with one row.</summary>
    public Matrix Value
    {
        get
        {
            if (!_exists) Create(draw: true);
            return _value;
        }
    }

    /// <summary>The gradient of the loss, same shape as <see cref="Value"/>; layers add to it, and the optimizer's step uses and clears it. Empty for a statistic.</summary>
    public Matrix Gradient
    {
        get
        {
            if (!_exists) Create(draw: true);
            return _gradient;
        }
    }

    /// <summary>The distribution from which the values are or will be drawn; null if they are constants, or come from elsewhere, such as a file.</summary>
    public Initializer? Initializer { get; private set; }

    /// <summary>The sizes, as a file names them: <c>[outputs, inputs]</c> for weights, <c>[length]</c> for a vector.</summary>
    public IReadOnlyList<int> Shape => _shape;

    /// <summary>Whether L2 regularisation applies: to weights, not to biases, scales and shifts.</summary>
    public bool IsRegularized { get; }

    /// <summary>Whether the layer measures the values instead of learning them: see <see cref="Statistic(string, int, float)"/>.</summary>
    public bool IsStatistic { get; }

    /// <summary>Whether optimizers change the values. Set to false to freeze the parameter.</summary>
    /// <exception cref="InvalidOperationException">Set to true for a statistic, which is measured, not trained.</exception>
    public bool IsTrainable
    {
        get;
        set
        {
            if (value && IsStatistic) throw new InvalidOperationException($"'{Name}' is a statistic, which its layer measures and no optimizer trains. Leave IsTrainable false.");
            field = value;
        }
    }

    private int Rows => _shape.Length == 1 ? 1 : _shape[0];

    private int Columns => _shape[^1];

    /// <summary>The range of its values in a file.</summary>
    internal ValueRange Range { get; private init; }

    /// <summary>Name and shape, as <c>weight [4, 3]</c>.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", _shape)}]";

    /// <summary>Sets the values, for example from another library's file; then none are drawn.</summary>
    /// <param name="values">The values, row by row.</param>
    /// <exception cref="ArgumentException">The number of values differs from the parameter's.</exception>
    public void SetValues(ReadOnlySpan<float> values)
    {
        if (values.Length != Rows * Columns) throw new ArgumentException($"'{this}' has {Rows * Columns} values, received {values.Length}. Pass all of them, row by row.", nameof(values));
        values.CopyTo(Overwrite());
    }

    /// <summary>The values for a caller that overwrites them all, so that they need not be drawn first.</summary>
    internal Span<float> Overwrite()
    {
        Create(draw: false);
        Initializer = null;
        return _value.Span;
    }

    /// <summary>Takes the initializer the next activation prefers, if the values are drawn by default and do not exist yet.</summary>
    internal void Prefer(Initializer preferred)
    {
        lock (_gate)
        {
            if (_followsActivation && !_exists) Initializer = preferred;
        }
    }

    /// <summary>A second parameter with the same values, without their gradient.</summary>
    internal Parameter Copy()
    {
        Matrix values = Value;
        var copy = new Parameter(Name, _shape, IsRegularized, isStatistic: IsStatistic) { Range = Range };
        values.Span.CopyTo(copy.Overwrite());
        (copy.IsTrainable, copy.Initializer) = (IsTrainable, Initializer);
        return copy;
    }

    private static Action<Span<float>, Initializer?>? Constant(float start) => start == 0 ? null : (values, _) => values.Fill(start);

    [MethodImpl(Jit.Cold)]
    private void Create(bool draw)
    {
        lock (_gate)
        {
            if (_exists) return;
            Matrix value = Matrix.ToKeep(Rows, Columns);
            if (draw) _fill?.Invoke(value.Span, Initializer);
            (_value, _gradient, _fill) = (value, IsStatistic ? default : Matrix.ToKeep(Rows, Columns), null);
            _exists = true;
        }
    }
}

/// <summary>The valid range of an array's numbers: others in a file are damage, or come from training that diverged.</summary>
internal enum ValueRange
{
    Finite,
    NotZero,
    NotNegative,
    Square,
    Any,
}

/// <summary>Looks for numbers out of their range.</summary>
internal static class ValueRanges
{
    /// <summary>The position of the first number that is out of the range, or −1. A square can be infinite: a large gradient's is.</summary>
    public static int FirstOutside(this ValueRange range, ReadOnlySpan<float> values)
    {
        if (range == ValueRange.Finite) return Matrix.FirstNotFinite(values);
        for (int i = 0; i < values.Length; i++)
        {
            float value = values[i];
            bool isWithin = range switch
            {
                ValueRange.Any => true,
                ValueRange.Square => value >= 0,
                ValueRange.NotZero => float.IsFinite(value) && value != 0,
                _ => float.IsFinite(value) && value >= 0,
            };
            if (!isWithin) return i;
        }

        return -1;
    }

    /// <summary>The range as a sentence ends with it.</summary>
    public static string Text(this ValueRange range) => range switch
    {
        ValueRange.NotZero => "a finite number other than 0",
        ValueRange.Finite => "a finite number",
        ValueRange.Square => "a number of 0 or more",
        _ => "a finite number of 0 or more",
    };
}
