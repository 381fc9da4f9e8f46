using System.Diagnostics;

namespace NeuralTrain;

/// <summary>Runs the trials of a search, however their values are chosen.</summary>
internal sealed class SearchRun
{
    private readonly SearchSpace _space;
    private readonly Func<int, IEnumerable<object>> _choose;
    private readonly int _seed;
    private readonly Func<Trial, double> _run;
    private readonly SearchOptions _options;
    private readonly CancellationToken _cancellationToken;
    private readonly TrialResult?[] _results;
    private readonly Lock _reporting = new();

    private SearchRun(
        SearchSpace space, int count, Func<int, IEnumerable<object>> choose, int seed, Func<Trial, double> run, SearchOptions options,
        CancellationToken cancellationToken)
    {
        _space = space;
        _choose = choose;
        _seed = seed;
        _run = run;
        _options = options;
        _cancellationToken = cancellationToken;
        _results = new TrialResult?[count];
    }

    /// <summary>Runs them all and returns their results.</summary>
    /// <param name="space">The names and ranges.</param>
    /// <param name="count">How many trials.</param>
    /// <param name="choose">Gives the values of a trial, in the order of the space.</param>
    /// <param name="seed">The seed of the trials' generators.</param>
    /// <param name="run">The trial.</param>
    /// <param name="options">How to run them; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the search with what it has.</param>
    public static SearchResults Of(
        SearchSpace space, int count, Func<int, IEnumerable<object>> choose, int seed, Func<Trial, double> run, SearchOptions? options,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        options ??= new SearchOptions();
        var search = new SearchRun(space, count, choose, seed, run, options, cancellationToken);
        WindowedWork.Run(count, options.Parallelism, options.EarlyStop?.Window ?? count, search.RunTrial);
        return new SearchResults(space.Names, search._results.OfType<TrialResult>(), count, options.Maximize);
    }

    /// <summary>A generator for one purpose of one trial, unrelated to those of neighbouring trials and seeds.</summary>
    public static Random RandomOf(int seed, int trial, int purpose)
    {
        // The finalizer of SplitMix64 (Steele, Lea and Flood 2014), which changes half of the bits for each bit of its input.
        ulong mixed = ((ulong)(uint)seed << 32) + ((ulong)(uint)trial << 1) + (uint)purpose + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return new Random((int)((mixed ^ (mixed >> 31)) & int.MaxValue));
    }

    private void RunTrial(int index)
    {
        if (_cancellationToken.IsCancellationRequested)
        {
            return;
        }

        var trial = new Trial(index, _space.Names.Zip(_choose(index)), RandomOf(_seed, index, purpose: 1), MayGoOn, _cancellationToken);
        long start = Stopwatch.GetTimestamp();
        TrialResult result = Evaluate(trial, start);

        // The results of this trial are read by later ones only after it has ended, and by the caller after all have.
        _results[index] = result;
        lock (_reporting)
        {
            _options.Progress?.Report(result);
        }
    }

    private TrialResult Evaluate(Trial trial, long start)
    {
        try
        {
            double score = _run(trial);
            TimeSpan duration = Stopwatch.GetElapsedTime(start);
            return !double.IsFinite(score) ? new TrialResult(
                    trial, TrialStatus.Failed, null, null, $"the score was {score}: the training diverged, or the trial returned the wrong number", duration)
                : trial.IsStopped ? new TrialResult(trial, TrialStatus.Stopped, score, null, $"worse than half of the others at epoch {trial.Reports.Length}", duration)
                : _cancellationToken.IsCancellationRequested ? new TrialResult(trial, TrialStatus.Cancelled, null, null, "the search was cancelled", duration)
                : new TrialResult(trial, TrialStatus.Completed, score, null, "", duration);
        }
        catch (OperationCanceledException) when (_cancellationToken.IsCancellationRequested)
        {
            return new TrialResult(trial, TrialStatus.Cancelled, null, null, "the search was cancelled", Stopwatch.GetElapsedTime(start));
        }
        catch (Exception failure)
        {
            // One combination that fails must not cost the results of all others: the table reports it.
            return new TrialResult(trial, TrialStatus.Failed, null, failure, $"{failure.GetType().Name}: {failure.Message}", Stopwatch.GetElapsedTime(start));
        }
    }

    private bool MayGoOn(Trial trial, double score)
    {
        if (_options.EarlyStop is not MedianRule rule)
        {
            return true;
        }

        int comparable = Math.Max(trial.Index - rule.Window + 1, 0);
        return !rule.Stops(trial.Reports, _results.Take(comparable).OfType<TrialResult>().Select(result => result.Reports), _options.Maximize);
    }
}
