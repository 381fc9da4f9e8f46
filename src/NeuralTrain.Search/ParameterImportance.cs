namespace NeuralTrain;

/// <summary>How much one hyper-parameter matters for being among the best trials of a study.</summary>
/// <param name="Name">The hyper-parameter.</param>
/// <param name="Share">Its share of the total importance, in [0, 1].</param>
/// <remarks>
/// <para>
/// PED-ANOVA: for each hyper-parameter the density p of its values among the best tenth of the trials is compared with the density q among all, by the Pearson divergence
/// Σ q·(p/q − 1)²; what decides who is among the best has another density there. The densities are those of <see cref="TpeSampler"/> in one dimension with equal weights, at 64 places of a range or at
/// each choice. Source: Watanabe, Bansal and Hutter, "PED-ANOVA", arXiv 2304.10255, with γ' = 0.1 and γ = 1; since both densities are of the study's own trials, it matters little
/// that its sampler tried some places more often.
/// </para>
/// <para>Stopped trials count as worse than all that were completed, failed ones not at all. It looks at each hyper-parameter alone: two that matter only together can both seem unimportant.</para>
/// </remarks>
public sealed record ParameterImportance(string Name, double Share)
{
    private const int Least = 20, Places = 64;

    /// <summary>Name and share, as <c>rate 71 %</c>.</summary>
    public override string ToString() => $"{Name} {100 * Share:0} %";

    /// <summary>Computes them.</summary>
    internal static IReadOnlyList<ParameterImportance> Of(IReadOnlyList<TrialResult> trials, IReadOnlyDictionary<string, SearchRange> ranges, Direction direction)
    {
        TrialResult[] ended = [.. trials.Where(trial => trial.Status is TrialStatus.Completed or TrialStatus.Stopped).OrderBy(trial => trial.Status).ThenByDescending(trial => Pruner.Worth(trial.Score!.Value, direction)).ThenBy(trial => trial.Number)];
        if (ended.Length < Least) throw new InvalidOperationException($"The importance needs {Least} trials or more that were completed or stopped, received {ended.Length}. Run more trials.");
        (string Name, double Value)[] found = [.. ranges.Select(range => (range.Key, Divergence(range.Key, range.Value)))];
        double sum = found.Sum(one => one.Value);
        return [.. found.OrderByDescending(one => one.Value).Select(one => new ParameterImportance(one.Name, sum > 0 ? one.Value / sum : 1.0 / found.Length))];

        double Divergence(string name, SearchRange range)
        {
            double[] values = [.. ended.Where(trial => trial.Coordinates.ContainsKey(name)).Select(trial => trial.Coordinates[name])];
            if (values.Length < Least || range.Low == range.High) return 0;
            double[] all = Density(values), best = Density(values[..Math.Max(values.Length / 10, 2)]);
            return all.Zip(best, (q, p) => q * (p / q - 1) * (p / q - 1)).Sum();

            double[] Density(double[] points)
            {
                var estimator = new ParzenEstimator([range], [.. points.Select(point => new[] { point })], equal: true);
                double[] density = [.. (range.Count <= Places ? Enumerable.Range(0, (int)range.Count.Value).Select(i => range.Low + i) : Enumerable.Range(0, Places).Select(i => range.At((i + 0.5) / Places)))
                    .Select(place => Math.Exp(estimator.LogDensity([place])))];
                double whole = density.Sum();
                return [.. density.Select(value => value / whole)];
            }
        }
    }
}
