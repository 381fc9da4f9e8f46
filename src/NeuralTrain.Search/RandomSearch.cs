namespace NeuralTrain;

/// <summary>Tries random values of the hyper-parameters.</summary>
/// <remarks>
/// If only a few hyper-parameters matter, it finds better values than a grid on the same budget, because every trial has different values of
/// each. Source: Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization", 2012. Lecture L7.5.
/// <code>
/// SearchResults results = RandomSearch.Run(space, trials: 30, seed: 1, trial =>
/// {
///     Sequential network = Build(trial.WholeNumber("units"), trial.Random);
///     …train with trial.Number("rate")…
///     return validationLoss;
/// });
/// Console.WriteLine(results);
/// </code>
/// </remarks>
public static class RandomSearch
{
    /// <summary>Runs trials with values drawn from a space.</summary>
    /// <remarks>
    /// Trial i has the same values and the same <see cref="Trial.Random"/> for the same seed, whatever the number of trials, and however many run at once.
    /// A trial that throws becomes a line of the table; the search goes on.
    /// </remarks>
    /// <param name="space">The hyper-parameters; at least one.</param>
    /// <param name="trials">How many to try, 1 or more.</param>
    /// <param name="seed">The seed of all values and of the trials' <see cref="Trial.Random"/>.</param>
    /// <param name="run">Trains with the values of a trial and returns its score, such as the best validation loss. Several run at once: it must not change anything shared.</param>
    /// <param name="options">How to run them; null (the default) for the defaults.</param>
    /// <param name="cancellationToken">Ends the search; the trials that have run are returned.</param>
    /// <exception cref="ArgumentException">The space is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of trials is less than 1.</exception>
    public static SearchResults Run(
        SearchSpace space, int trials, int seed, Func<Trial, double> run, SearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(space);
        Guard.AtLeast(trials, 1, nameof(trials), "a search needs something to try");
        if (space.Ranges.Count == 0)
        {
            throw new ArgumentException("The search space is empty: add a range, such as LogUniform(\"rate\", 1e-5, 1e-1).", nameof(space));
        }

        return SearchRun.Of(space, trials, Draw, seed, run, options, cancellationToken);

        IEnumerable<object> Draw(int trial)
        {
            Random random = SearchRun.RandomOf(seed, trial, purpose: 0);
            return space.Ranges.Select(range => range.Range.Draw(random.NextDouble()));
        }
    }
}
