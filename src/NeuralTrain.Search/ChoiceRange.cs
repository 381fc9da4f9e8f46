namespace NeuralTrain;

/// <summary>One of several values, each equally likely.</summary>
internal sealed class ChoiceRange(object[] choices) : SearchRange
{
    /// <inheritdoc/>
    public override object Draw(double uniform) => choices[Math.Min((int)(uniform * choices.Length), choices.Length - 1)];

    /// <inheritdoc/>
    public override IReadOnlyList<object> Grid(int points) => choices;

    /// <inheritdoc/>
    public override string ToString() => string.Join(" | ", choices);
}
