namespace NeuralTrain;

/// <summary>Tries all combinations of a few values of each hyper-parameter.</summary>
/// <remarks>
/// It is thorough, but grows fast: 5 values of 4 hyper-parameters are 625 trials. With more than two or three ranges, <see cref="RandomSearch"/> sees more on the same budget. Lecture L7.5.
/// </remarks>
public static class GridSearch
{
    /// <summary>A grid with more trials than this is refused: it is most likely a mistake.</summary>
    private const long MaxTrials = 100_000;

    /// <summary>Runs a trial for every combination, the values of the last range changing fastest.</summary>
    /// <param name="space">The hyper-parameters; at least one.</param>
    /// <param name="points">
    /// How many values of each range, 1 or more, spread evenly (for logarithmic ranges in the logarithm) from end to end. Whole numbers
    /// are all tried if there are no more than that; choices always are.
    /// </param>
    /// <param name="seed">The seed of the trials' <see cref="Trial.Random"/>.</param>
    /// <param name="run">Trains with the values of a trial and returns its score, such as the best validation loss. Several run at once: it must not change anything shared.</param>
    /// <param name="options">How to run them; null (the default) for the defaults.</param>
    /// <param name="cancellationToken">Ends the search; the trials that have run are returned.</param>
    /// <exception cref="ArgumentException">The space is empty, or has more than 100 000 combinations.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of points is less than 1.</exception>
    public static SearchResults Run(
        SearchSpace space, int points, int seed, Func<Trial, double> run, SearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(space);
        Guard.AtLeast(points, 1, nameof(points), "each range needs a value to try");
        if (space.Ranges.Count == 0)
        {
            throw new ArgumentException("The search space is empty: add a range, such as LogUniform(\"rate\", 1e-5, 1e-1).", nameof(space));
        }

        if (points > MaxTrials)
        {
            throw TooMany($"{points} values of a range");
        }

        IReadOnlyList<object>[] values = [.. space.Ranges.Select(range => range.Range.Grid(points))];
        double count = values.Aggregate(1.0, (product, range) => product * range.Count);
        if (count > MaxTrials)
        {
            throw TooMany($"{count:0} combinations ({string.Join(" × ", values.Select(range => range.Count))})");
        }

        return SearchRun.Of(space, (int)count, Combination, seed, run, options, cancellationToken);

        IEnumerable<object> Combination(int trial)
        {
            var chosen = new object[values.Length];
            for (int i = values.Length - 1; i >= 0; i--)
            {
                (trial, int place) = Math.DivRem(trial, values[i].Count);
                chosen[i] = values[i][place];
            }

            return chosen;
        }

        static ArgumentException TooMany(string what) =>
            new($"The grid has {what}, more than {MaxTrials}. Take fewer points, or RandomSearch, which takes as many trials as you say.", nameof(points));
    }
}
