using System.Globalization;

namespace NeuralTrain;

/// <summary>What a <see cref="Predictor"/> takes a sample for.</summary>
/// <param name="Label">The name of the class; its number as a text where nobody named the classes.</param>
/// <param name="Probability">How sure the network is, 0 to 1; null where its outputs say nothing of probabilities, as margins.</param>
/// <param name="Index">The number of the class, from 0; for a yes-or-no question 1 for yes and 0 for no.</param>
public readonly record struct Classification(string Label, float? Probability, int Index)
{
    /// <summary>Label and probability, as <c>barolo (97.0 %)</c>.</summary>
    public override string ToString() => Probability is float probability
        ? string.Create(CultureInfo.InvariantCulture, $"{Label} ({100 * probability:0.0} %)")
        : Label ?? "";
}
