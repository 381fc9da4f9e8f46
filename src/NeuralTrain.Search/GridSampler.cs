namespace NeuralTrain;

/// <summary>Tries all combinations of a few values of each hyper-parameter, the first one a trial asks for changing fastest. The study ends with the last one.</summary>
/// <remarks>
/// It is thorough, but grows fast: 5 values of 4 hyper-parameters are 625 trials. With more than two or three ranges, the other samplers see more on the same
/// budget. Every trial must ask for the same hyper-parameters in the same order. Lecture L7.5.
/// </remarks>
public sealed class GridSampler : Sampler
{
    /// <summary>Creates the sampler.</summary>
    /// <param name="points">
    /// The number of values of each range, 1 or more, spread evenly (for logarithmic ranges in the logarithm) from end to end. Whole numbers
    /// are all tried if there are no more than that; choices always are.
    /// </param>
    /// <param name="seed">The seed of the trials' <see cref="Trial.Random"/>. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of points is less than 1 or more than 100 000.</exception>
    public GridSampler(int points, ulong seed = 0)
        : base(seed)
    {
        const int Most = 100_000;
        Guard.AtLeast(points, 1, nameof(points), "each range needs a value to try");
        if (points > Most) throw new ArgumentOutOfRangeException(nameof(points), $"points must be {Most} or less, received {points}: that is more than anyone can try. Take fewer, or RandomSampler.");
        Points = points;
    }

    /// <summary>The number of values of each range.</summary>
    public int Points { get; }

    /// <inheritdoc/>
    protected internal override double Draw(string name, SearchRange range, SamplerInput input)
    {
        foreach (TrialResult earlier in input.Earlier.Where(earlier => earlier.Status is TrialStatus.Completed or TrialStatus.Stopped).Take(1))
        {
            if (earlier.Coordinates.Keys.ElementAtOrDefault(input.Chosen.Count) != name)
            {
                throw new InvalidOperationException(
                    $"Trial {input.Trial} asks for '{name}' at place {input.Chosen.Count}, where trial {earlier.Number} asked for '{earlier.Coordinates.Keys.ElementAtOrDefault(input.Chosen.Count) ?? "nothing"}'. " +
                    "A grid needs the same hyper-parameters in the same order; with conditions use another sampler.");
            }
        }

        double before = input.Chosen.Keys.Aggregate(1.0, (product, earlier) => product * input.Ranges[earlier].Grid(Points).Length);
        double[] values = range.Grid(Points);
        return values[(int)(Math.Floor(input.Trial / before) % values.Length)];
    }

    /// <inheritdoc/>
    protected internal override string Describe() => $"GridSampler(seed {Seed}, points {Points})";

    // A trial that has just begun may have asked for a part only; the first one goes ahead.
    internal override double? Trials(IEnumerable<IReadOnlyCollection<string>> asked, IReadOnlyDictionary<string, SearchRange> ranges) =>
        asked.Select(names => names.Aggregate(1.0, (product, name) => product * ranges[name].Grid(Points).Length)).DefaultIfEmpty(1).Max();
}
