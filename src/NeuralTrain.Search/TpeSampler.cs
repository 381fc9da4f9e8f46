namespace NeuralTrain;

/// <summary>Learns from earlier trials where good values are likely: a tree-structured Parzen estimator (TPE), in several dimensions at once.</summary>
/// <remarks>
/// <para>
/// The n earlier trials are divided into the best n_b = min(⌈0.1·n⌉, 25) and the rest, and a density is fitted to each: l(x) and g(x). Of 24 candidates drawn from l the one with the
/// largest l(x)/g(x) is tried; it has the largest expected improvement (Bergstra et al., "Algorithms for Hyper-Parameter Optimization", 2011, equation 2). The first
/// 10 trials to learn from are random. Stopped trials count as worse than all completed ones; those that got further rank before those that got less far. Failed ones do not count.
/// </para>
/// <para>
/// Each density is a mixture of one kernel a trial, a product over the dimensions, and one that is wide over the whole range, so that nothing is ruled out: in each dimension a normal
/// distribution cut at the ends, with its mean at the trial's value and σ = 0.2·n_k^(−1/(d+4))·width, but no less than width/min(100, n_k + 2), where n_k is the number of trials of the density and d
/// that of the dimensions. For whole numbers it is summed over ±½; for choices a kernel gives 1 + 1/(n_k + 1) to the trial's choice and 1/(n_k + 1) to the others. Of more than 25 trials,
/// older ones than the last 25 weigh less, from 1/n_k to 1 in even steps. All constants are those of Optuna's <c>TPESampler(multivariate=True)</c>; which of them matter: Watanabe, arXiv 2304.11127.
/// </para>
/// <para>Hyper-parameters that every earlier trial has are chosen together, so that the sampler sees how they depend on each other; others, such as those asked for under a condition, are chosen independently.</para>
/// </remarks>
public sealed class TpeSampler : Sampler
{
    /// <summary>Creates the sampler.</summary>
    /// <param name="seed">The seed. Default 0.</param>
    /// <param name="startup">The number of trials needed to learn from; until then, values are random. 1 or more. Default 10.</param>
    /// <param name="candidates">The number of candidates of which the best is tried, 1 or more. Default 24.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public TpeSampler(ulong seed = 0, int startup = 10, int candidates = 24)
        : base(seed)
    {
        Startup = Guard.AtLeast(startup, 1, nameof(startup), "without a trial there is nothing to learn from");
        Candidates = Guard.AtLeast(candidates, 1, nameof(candidates), "one of them is tried");
    }

    /// <summary>The number of trials needed to learn from; until then, values are random.</summary>
    public int Startup { get; }

    /// <summary>The number of candidates of which the best is tried.</summary>
    public int Candidates { get; }

    /// <inheritdoc/>
    protected internal override IReadOnlyDictionary<string, double> DrawTogether(SamplerInput input)
    {
        TrialResult[] known = [.. input.Earlier.Where(IsUsed)];
        if (known.Length < Startup) return new Dictionary<string, double>();
        string[] names = [.. known.Select(trial => trial.Coordinates.Keys).Aggregate(known[0].Coordinates.Keys, (common, more) => common.Intersect(more)).Order(StringComparer.Ordinal)];
        return names.Length == 0 ? new Dictionary<string, double>() : names.Zip(Best(names, [.. names.Select(name => input.Ranges[name])], known, input)).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <inheritdoc/>
    protected internal override double Draw(string name, SearchRange range, SamplerInput input)
    {
        TrialResult[] known = [.. input.Earlier.Where(trial => IsUsed(trial) && trial.Coordinates.ContainsKey(name))];
        return known.Length < Startup ? range.At(input.Random.NextDouble()) : Best([name], [range], known, input)[0];
    }

    /// <inheritdoc/>
    protected internal override string Describe() => $"TpeSampler(seed {Seed}, startup {Startup}, candidates {Candidates})";

    private static bool IsUsed(TrialResult trial) => trial.Status is TrialStatus.Completed or TrialStatus.Stopped;

    private double[] Best(string[] names, SearchRange[] ranges, TrialResult[] known, SamplerInput input)
    {
        int best = Math.Min((int)Math.Ceiling(0.1 * known.Length), 25);
        TrialResult[] ranked =
        [
            .. known.OrderBy(trial => trial.Status).ThenByDescending(trial => trial.Status == TrialStatus.Stopped && trial.Reports.Count > 0 ? trial.Reports[^1].Epoch : 0)
                .ThenByDescending(trial => Pruner.Worth(trial.Score!.Value, input.Direction)).ThenBy(trial => trial.Number),
        ];
        ParzenEstimator good = Fit(ranked[..best]), rest = Fit(ranked[best..]);
        return Enumerable.Range(0, Candidates).Select(_ => good.Draw(input.Random)).MaxBy(values => good.LogDensity(values) - rest.LogDensity(values))!;

        ParzenEstimator Fit(TrialResult[] trials) => new(ranges, [.. trials.OrderBy(trial => trial.Number).Select(trial => Array.ConvertAll(names, name => trial.Coordinates[name]))]);
    }
}
