namespace NeuralTrain;

/// <summary>One attempt of a search: the values to try, a generator of its own, and where it reports how it gets on.</summary>
/// <remarks>It belongs to the thread its function runs on.</remarks>
public sealed class Trial
{
    private readonly Dictionary<string, object> _values;
    private readonly Func<Trial, double, bool> _mayGoOn;
    private readonly List<double> _reports = [];

    internal Trial(int index, IEnumerable<(string Name, object Value)> values, Random random, Func<Trial, double, bool> mayGoOn, CancellationToken cancellationToken)
    {
        Index = index;
        _values = [];
        foreach ((string name, object value) in values)
        {
            _values.Add(name, value);
        }

        Random = random;
        _mayGoOn = mayGoOn;
        CancellationToken = cancellationToken;
    }

    /// <summary>Which trial it is, from 0.</summary>
    public int Index { get; }

    /// <summary>The values to try, by name.</summary>
    public IReadOnlyDictionary<string, object> Values => _values;

    /// <summary>The generator to draw weights and masks from: it depends on the search's seed and <see cref="Index"/> alone, so a trial can be repeated.</summary>
    public Random Random { get; }

    /// <summary>Tells when the search is cancelled; pass it on to the training.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Whether the search told this trial to stop.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>What was reported so far.</summary>
    internal double[] Reports => [.. _reports];

    /// <summary>Reads a number: of <see cref="SearchSpace.Uniform"/>, <see cref="SearchSpace.LogUniform"/>, or of any other range that holds numbers.</summary>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <exception cref="ArgumentException">There is none of this name, or it is no number.</exception>
    public double Number(string name) => Value(name) switch
    {
        double value => value,
        float value => value,
        int value => value,
        long value => value,
        object other => throw Wrong(name, other, "a number"),
    };

    /// <summary>Reads a whole number: of <see cref="SearchSpace.WholeNumber"/>, or of a choice among <c>int</c>.</summary>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <exception cref="ArgumentException">There is none of this name, or it is no whole number.</exception>
    public int WholeNumber(string name) => Value(name) is int number ? number : throw Wrong(name, Value(name), "a whole number");

    /// <summary>Reads what <see cref="SearchSpace.Choice{T}"/> chose.</summary>
    /// <typeparam name="T">The type of the choices.</typeparam>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <exception cref="ArgumentException">There is none of this name, or it has another type.</exception>
    public T Choice<T>(string name)
        where T : notnull => Value(name) is T value ? value : throw Wrong(name, Value(name), $"a {typeof(T).Name}");

    /// <summary>Reports how the trial stands after an epoch; where the answer is no, end it: others were better at the same epoch.</summary>
    /// <param name="score">The score so far, in the sense of the search, such as the validation loss of the epoch.</param>
    /// <returns>Whether to go on: always, unless the search has an <see cref="SearchOptions.EarlyStop"/> or was cancelled.</returns>
    public bool Report(double score)
    {
        _reports.Add(score);
        IsStopped |= !_mayGoOn(this, score);
        return !IsStopped && !CancellationToken.IsCancellationRequested;
    }

    private object Value(string name) => _values.TryGetValue(name, out object? value)
        ? value
        : throw new ArgumentException($"The search space has no '{name}'; it has {string.Join(", ", _values.Keys)}.", nameof(name));

    private static ArgumentException Wrong(string name, object value, string expected) =>
        new($"'{name}' is {value} ({value.GetType().Name}), which is not {expected}. Read it as what the search space says.", nameof(name));
}
