namespace NeuralTrain;

/// <summary>Any number between two, evenly or evenly in its logarithm.</summary>
internal sealed class NumberRange(double low, double high, bool logarithmic) : SearchRange
{
    /// <inheritdoc/>
    public override object Draw(double uniform) => At(uniform);

    /// <inheritdoc/>
    public override IReadOnlyList<object> Grid(int points) => [.. Fractions(points).Select(fraction => (object)At(fraction))];

    /// <inheritdoc/>
    public override string ToString() => $"{low} to {high}{(logarithmic ? ", logarithmic" : "")}";

    // The ends themselves come out exactly, which exp(ln x) would miss by a rounding; nor may a rounding leave the range.
    private double At(double fraction) => fraction switch
    {
        0 => low,
        1 => high,
        _ => Math.Clamp(logarithmic ? Math.Exp(((1 - fraction) * Math.Log(low)) + (fraction * Math.Log(high))) : low + (fraction * (high - low)), low, high),
    };
}
