namespace NeuralTrain;

/// <summary>One attempt of a search: the values to try, a random generator, and a way to report progress.</summary>
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

    /// <summary>The generator to draw weights and masks from. It depends only on the search's seed and <see cref="Index"/>, so a trial can be repeated.</summary>
    public Random Random { get; }

    /// <summary>Tells when the search is cancelled; pass it on to the training.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Whether the search told this trial to stop.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>What was reported so far.</summary>
    internal double[] Reports => [.. _reports];

    /// <summary>Reads a number from <see cref="SearchSpace.Uniform"/>, <see cref="SearchSpace.LogUniform"/>, or any other range of numbers.</summary>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <exception cref="ArgumentException">There is none with this name, or it is not a number.</exception>
    public double Number(string name) => Value(name) switch
    {
        double value => value,
        float value => value,
        int value => value,
        long value => value,
        object other => throw Wrong(name, other, "a number"),
    };

    /// <summary>Reads a whole number from <see cref="SearchSpace.WholeNumber"/>, or from a choice among <c>int</c>s.</summary>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <exception cref="ArgumentException">There is none with this name, or it is not a whole number.</exception>
    public int WholeNumber(string name) => Value(name) is int number ? number : throw Wrong(name, Value(name), "a whole number");

    /// <summary>Reads what <see cref="SearchSpace.Choice{T}"/> chose.</summary>
    /// <typeparam name="T">The type of the choices.</typeparam>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <exception cref="ArgumentException">There is none with this name, or it has another type.</exception>
    public T Choice<T>(string name)
        where T : notnull => Value(name) is T value ? value : throw Wrong(name, Value(name), $"a {typeof(T).Name}");

    /// <summary>Reports the score after an epoch. If this returns false, end the trial: others were better at the same epoch.</summary>
    /// <param name="score">The score so far, comparable to the final one, such as the validation loss of the epoch.</param>
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
