namespace NeuralTrain;

/// <summary>The values that one hyper-parameter can take: numbers, whole numbers, or choices.</summary>
/// <remarks>Samplers see every value as a number: a choice by its place in the list, from 0.</remarks>
public sealed record SearchRange
{
    /// <summary>The lower bound; 0 for choices.</summary>
    public double Low { get; init; }

    /// <summary>The upper bound, inclusive; for choices the place of the last one.</summary>
    public double High { get; init; }

    /// <summary>Whether the range is searched by its logarithm: from 1e-5 to 1e-4 is then as far as from 1e-2 to 1e-1.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Whether only whole numbers are in it. The places of choices are.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The choices as text; null for numbers.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>The number of values; null if the range is continuous.</summary>
    internal double? Count => IsWhole ? High - Low + 1 : null;

    /// <summary>Where the range begins for samplers: in the logarithm if it is logarithmic, and half a step earlier for whole numbers, so that each has the same room.</summary>
    internal double From => Scaled(IsWhole ? Low - 0.5 : Low);

    /// <summary>Where the range ends for samplers.</summary>
    internal double To => Scaled(IsWhole ? High + 0.5 : High);

    /// <summary>The value at a fraction of the way from end to end.</summary>
    internal double At(double fraction) => Unscaled(((1 - fraction) * From) + (fraction * To));

    /// <summary>The values of a grid: all there are, or this many spread evenly from end to end.</summary>
    internal double[] Grid(int points)
    {
        if (Choices is not null || Count <= points) return [.. Enumerable.Range(0, (int)Count!.Value).Select(i => Low + i)];
        if (points == 1) return [IsWhole ? Math.Round((Low + High) / 2) : At(0.5)];
        double low = Scaled(Low), high = Scaled(High);
        return [.. Enumerable.Range(0, points).Select(i => i == 0 ? Low : i == points - 1 ? High : Unscaled(low + (i * (high - low) / (points - 1)))).Distinct()];
    }

    /// <summary>The scale samplers work on.</summary>
    internal double Scaled(double value) => IsLogarithmic ? Math.Log(value) : value;

    /// <summary>Back from the scale samplers work on, never outside the range.</summary>
    internal double Unscaled(double scaled)
    {
        double value = IsLogarithmic ? Math.Exp(scaled) : scaled;
        return Math.Clamp(IsWhole ? Math.Round(value) : value, Low, High);
    }

    /// <summary>The value as it is shown: a number, or the text of a choice.</summary>
    internal object Shown(double value) => Choices is not null ? Choices[(int)value] : IsWhole ? (object)(int)value : value;

    /// <summary>Whether a value is one of the range.</summary>
    internal bool Has(double value) => value >= Low && value <= High && (!IsWhole || value == Math.Floor(value));

    /// <summary>Equal if kind, ends and choices are.</summary>
    /// <param name="other">The other range.</param>
    public bool Equals(SearchRange? other) => other is not null && (Low, High, IsLogarithmic, IsWhole) == (other.Low, other.High, other.IsLogarithmic, other.IsWhole)
        && (Choices ?? []).SequenceEqual(other.Choices ?? []) && Choices is null == other.Choices is null;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Low, High, IsLogarithmic, IsWhole, Choices?.Count);

    /// <summary>As <c>1E-05 to 0.1, logarithmic</c> or <c>relu | tanh</c>.</summary>
    public override string ToString() => Choices is not null ? string.Join(" | ", Choices) : $"{Low} to {High}{(IsWhole ? ", whole" : "")}{(IsLogarithmic ? ", logarithmic" : "")}";

    /// <summary>A range of numbers.</summary>
    /// <param name="name">The hyper-parameter's name, for messages.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound.</param>
    /// <param name="log">Whether it is searched by its logarithm.</param>
    internal static SearchRange Numbers(string name, double low, double high, bool log)
    {
        Guard.Finite(low, nameof(low), "It is the lower bound of the values to try.");
        Guard.Finite(high, nameof(high), "It is the upper bound of the values to try.");
        if (!(low < high) || !double.IsFinite(high - low))
        {
            throw new ArgumentOutOfRangeException(nameof(high), $"'{name}' must end above its beginning, received {low} to {high}. Swap the ends; a fixed value needs no Suggest.");
        }

        if (log) Guard.Positive(low, nameof(low), $"'{name}' is searched by its logarithm, which 0 and less do not have. Leave log out, or begin at a small number.");
        return new SearchRange { Low = low, High = high, IsLogarithmic = log };
    }

    /// <summary>A range of whole numbers, both ends included.</summary>
    internal static SearchRange Whole(string name, int low, int high, bool log)
    {
        Guard.AtLeast(high, low, nameof(high), $"'{name}' begins at {low}; swap the ends");
        if (log) Guard.AtLeast(low, 1, nameof(low), $"'{name}' is searched by its logarithm, which 0 and less do not have; leave log out");
        return new SearchRange { Low = low, High = high, IsLogarithmic = log, IsWhole = true };
    }

    /// <summary>A choice among texts.</summary>
    internal static SearchRange Among(string name, string[] choices)
    {
        if (choices.Length == 0) throw new ArgumentException($"'{name}' needs at least one value to choose from, received none.", nameof(choices));
        if (choices.GroupBy(choice => choice).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The choices of '{name}' must differ as text, by which the study keeps them; '{twice.Key}' is there {twice.Count()} times. Choose among names or numbers.", nameof(choices));
        }

        return new SearchRange { High = choices.Length - 1, IsWhole = true, Choices = choices };
    }
}
