namespace NeuralTrain;

/// <summary>Chooses the values of a study's trials. What it chooses depends on its seed, the trial's number and the earlier trials it is shown, and on nothing else.</summary>
public abstract class Sampler
{
    /// <summary>Creates a sampler.</summary>
    /// <param name="seed">The seed of all values, and of the trials' <see cref="Trial.Random"/>. Default 0.</param>
    protected Sampler(ulong seed = 0) => Seed = seed;

    /// <summary>The seed of all values.</summary>
    public ulong Seed { get; }

    /// <summary>Chooses the value of one hyper-parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="range">What to choose from.</param>
    /// <param name="input">The trial, and what is known when it asks.</param>
    /// <returns>A value of the range; for choices the place in the list.</returns>
    protected internal abstract double Draw(string name, SearchRange range, SamplerInput input);

    /// <summary>Chooses values of hyper-parameters that depend on each other, when a trial begins. What is not among them is asked for by <see cref="Draw"/>.</summary>
    /// <param name="input">The trial, and what is known when it begins.</param>
    /// <returns>Values by name; by default none.</returns>
    protected internal virtual IReadOnlyDictionary<string, double> DrawTogether(SamplerInput input) => new Dictionary<string, double>();

    /// <summary>The sampler's name with every setting that decides what it chooses. A study file stores it and refuses to continue with another.</summary>
    protected internal abstract string Describe();

    /// <summary>The number of trials to try, given the values that trials have asked for so far; null for any number.</summary>
    internal virtual double? Trials(IEnumerable<IReadOnlyCollection<string>> asked, IReadOnlyDictionary<string, SearchRange> ranges) => null;

    /// <summary>Name and settings.</summary>
    public override string ToString() => Describe();
}

/// <summary>What a sampler knows when it chooses.</summary>
public sealed class SamplerInput
{
    internal SamplerInput()
    {
    }

    /// <summary>The number of the trial, from 0.</summary>
    public required int Trial { get; init; }

    /// <summary>A generator for this one choice.</summary>
    public required Random Random { get; init; }

    /// <summary>Whether low or high scores are looked for.</summary>
    public required Direction Direction { get; init; }

    /// <summary>The earlier trials to learn from, all ended, by rising number.</summary>
    public required IReadOnlyList<TrialResult> Earlier { get; init; }

    /// <summary>The range of every hyper-parameter known so far.</summary>
    public required IReadOnlyDictionary<string, SearchRange> Ranges { get; init; }

    /// <summary>The values this trial has already, in the order it asked for them.</summary>
    public required IReadOnlyDictionary<string, double> Chosen { get; init; }
}
