namespace NeuralTrain;

/// <summary>Any number between two others, evenly distributed, or so that its logarithm is.</summary>
internal sealed class NumberRange(double low, double high, bool logarithmic) : SearchRange
{
    /// <inheritdoc/>
    public override object Draw(double uniform) => At(uniform);

    /// <inheritdoc/>
    public override IReadOnlyList<object> Grid(int points) => [.. Fractions(points).Select(fraction => (object)At(fraction))];

    /// <inheritdoc/>
    public override string ToString() => $"{low} to {high}{(logarithmic ? ", logarithmic" : "")}";

    // The ends themselves are exact, where exp(ln x) would be off by a rounding; and no rounding leaves the range.
    private double At(double fraction) => fraction switch
    {
        0 => low,
        1 => high,
        _ => Math.Clamp(logarithmic ? Math.Exp(((1 - fraction) * Math.Log(low)) + (fraction * Math.Log(high))) : low + (fraction * (high - low)), low, high),
    };
}
