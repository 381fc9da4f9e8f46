namespace NeuralTrain;

/// <summary>The hyper-parameters of a search by name, each with the values it can take.</summary>
/// <remarks>
/// <code>
/// SearchSpace space = new SearchSpace()
///     .LogUniform("rate", 1e-5, 1e-1)
///     .Uniform("dropout", 0, 0.6)
///     .WholeNumber("layers", 1, 3)
///     .Choice("units", 16, 32, 64);
/// </code>
/// Rates and strengths of regularisation belong on a logarithmic scale: from 1e-5 to 1e-4 is as far as from 1e-2 to 1e-1.
/// </remarks>
public sealed class SearchSpace
{
    private readonly List<(string Name, SearchRange Range)> _ranges = [];

    /// <summary>The names, in the order they were added.</summary>
    public IReadOnlyList<string> Names => [.. _ranges.Select(range => range.Name)];

    /// <summary>The ranges, in the order they were added.</summary>
    internal IReadOnlyList<(string Name, SearchRange Range)> Ranges => _ranges;

    /// <summary>Adds a number, evenly distributed. Read it with <see cref="Trial.Number"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="low">The least value.</param>
    /// <param name="high">The greatest value, above <paramref name="low"/>.</param>
    /// <returns>This space, for the next one.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An end is not finite, or they are reversed or the same.</exception>
    public SearchSpace Uniform(string name, double low, double high)
    {
        CheckEnds(name, low, high);
        return Add(name, new NumberRange(low, high, logarithmic: false));
    }

    /// <summary>Adds a number whose logarithm is evenly distributed. Read it with <see cref="Trial.Number"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="low">The least value, greater than 0.</param>
    /// <param name="high">The greatest value, above <paramref name="low"/>.</param>
    /// <returns>This space, for the next one.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An end is not finite or not greater than 0, or they are reversed or the same.</exception>
    public SearchSpace LogUniform(string name, double low, double high)
    {
        Guard.Positive(low, nameof(low), $"'{name}' is searched by its logarithm, which 0 and less do not have. Use Uniform, or a small number.");
        CheckEnds(name, low, high);
        return Add(name, new NumberRange(low, high, logarithmic: true));
    }

    /// <summary>Adds a whole number. Read it with <see cref="Trial.WholeNumber"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="low">The least value.</param>
    /// <param name="high">The greatest value, included, not below <paramref name="low"/>.</param>
    /// <returns>This space, for the next one.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The ends are reversed.</exception>
    public SearchSpace WholeNumber(string name, int low, int high)
    {
        Guard.AtLeast(high, low, nameof(high), $"'{name}' begins at {low}; swap the ends");
        return Add(name, new WholeNumberRange(low, high));
    }

    /// <summary>Adds a choice. Read it with <see cref="Trial.Choice{T}"/>, or numbers with <see cref="Trial.Number"/> and <see cref="Trial.WholeNumber"/>.</summary>
    /// <typeparam name="T">Their type; the table shows them by <c>ToString</c>.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="choices">What to choose from, at least one, none null.</param>
    /// <returns>This space, for the next one.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken, there is no choice, or one is null.</exception>
    public SearchSpace Choice<T>(string name, params ReadOnlySpan<T> choices)
        where T : notnull
    {
        var values = new object[choices.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = choices[i] ?? throw new ArgumentException($"The choices of '{name}' must not be null, received null at place {i}.", nameof(choices));
        }

        return values.Length > 0
            ? Add(name, new ChoiceRange(values))
            : throw new ArgumentException($"'{name}' needs at least one value to choose from, received none.", nameof(choices));
    }

    /// <summary>Names and ranges, one per line.</summary>
    public override string ToString() => string.Join('\n', _ranges.Select(range => $"{range.Name}: {range.Range}"));

    private SearchSpace Add(string name, SearchRange range)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (_ranges.Exists(own => own.Name == name))
        {
            throw new ArgumentException($"'{name}' is in the search space already. Give each hyper-parameter a different name.", nameof(name));
        }

        _ranges.Add((name, range));
        return this;
    }

    private static void CheckEnds(string name, double low, double high)
    {
        Guard.Finite(low, nameof(low), "It is the least value to try.");
        Guard.Finite(high, nameof(high), "It is the greatest value to try.");
        if (!(low < high) || !double.IsFinite(high - low))
        {
            throw new ArgumentOutOfRangeException(
                nameof(high), $"'{name}' must end above its beginning, received {low} to {high}. Swap the ends; for a fixed value use Choice.");
        }
    }
}
