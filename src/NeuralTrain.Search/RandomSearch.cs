namespace NeuralTrain;

/// <summary>Tries hyper-parameters at random (lecture L7.5).</summary>
/// <remarks>
/// Where few of the hyper-parameters matter, it finds better values than a grid on the same budget, since every trial has other values of
/// each. Source: Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization", 2012.
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
    /// A trial that throws is a line of the table; the search goes on.
    /// </remarks>
    /// <param name="space">The hyper-parameters; at least one.</param>
    /// <param name="trials">How many to try, 1 or more.</param>
    /// <param name="seed">What everything is drawn from.</param>
    /// <param name="run">Trains with the values of a trial and returns its score, such as the best validation loss. Several run at once: it must not change anything shared.</param>
    /// <param name="options">How to run them; null (the default) for the defaults.</param>
    /// <param name="cancellationToken">Ends the search; what has run is returned.</param>
    /// <exception cref="ArgumentException">The space is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no trial to run.</exception>
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
