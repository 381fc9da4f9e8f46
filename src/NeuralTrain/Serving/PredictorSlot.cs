namespace NeuralTrain;

/// <summary>Holds the current <see cref="Predictor"/> of a service, which can be replaced while requests run.</summary>
/// <remarks>
/// Reading <see cref="Current"/> is one read of a reference: no lock, no waiting. A request that started with the old predictor finishes with it, and the next one uses
/// the new one. A request that predicts several times takes <see cref="Current"/> once, so that all its answers come from the same model.
/// <code>
/// var slot = new PredictorSlot(predictor);
/// Classification answer = slot.Current.Classify(features);    // in every request
/// Predictor before = slot.Swap(newer);                        // while requests run
/// </code>
/// </remarks>
/// <param name="predictor">The value of <see cref="Current"/> until the first <see cref="Swap"/>.</param>
public sealed class PredictorSlot(Predictor predictor)
{
    private readonly Lock _swapping = new();
    private volatile Predictor _current = predictor ?? throw new ArgumentNullException(nameof(predictor));

    // A model without names keeps those that callers rely on.
    private IReadOnlyList<string> _features = predictor.InputNames, _classes = predictor.Classes;

    /// <summary>The current predictor; may be read on any number of threads.</summary>
    public Predictor Current => _current;

    /// <summary>Replaces the predictor for all requests that start from now on.</summary>
    /// <param name="next">The new predictor: the same features and outputs in the same order and with the same meaning, and the same names where both have names.</param>
    /// <returns>The previous one.</returns>
    /// <exception cref="ArgumentException">The new one takes other features or gives other outputs; the current one stays.</exception>
    public Predictor Swap(Predictor next)
    {
        ArgumentNullException.ThrowIfNull(next);
        lock (_swapping)
        {
            Predictor before = _current;
            string? other = next.InputSize != before.InputSize || next.OutputSize != before.OutputSize || next.OutputKind != before.OutputKind ? $"{before}, received {next}"
                : Other("features", _features, next.InputNames) ?? Other("classes", _classes, next.Classes);
            if (other is not null) throw new ArgumentException($"Callers of this slot rely on {other}. Swap in a model of the same sizes, names and meaning, or use another slot.", nameof(next));
            (_features, _classes) = (next.InputNames.Count > 0 ? next.InputNames : _features, next.Classes.Count > 0 ? next.Classes : _classes);
            _current = next;
            return before;
        }

        static string? Other(string what, IReadOnlyList<string> names, IReadOnlyList<string> others) =>
            names.Count == 0 || others.Count == 0 || names.SequenceEqual(others) ? null : $"the {what} {Guard.Names(names)}, received {Guard.Names(others)}";
    }
}
