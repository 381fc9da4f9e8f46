namespace NeuralTrain;

/// <summary>The place a service takes its present <see cref="Predictor"/> from, and where a newer one is put in while requests run.</summary>
/// <remarks>
/// Reading <see cref="Current"/> is one read of a reference: no lock, no wait. A request that took the old predictor ends with it, and
/// the next one begins with the new: since a predictor never changes, a result always comes from one model as a whole. Take
/// <see cref="Current"/> once at the beginning of a request that asks several times, so that all its answers come from the same model.
/// <code>
/// var slot = new PredictorSlot(predictor);
/// app.MapPost("/predict", (float[] features) => slot.Current.Classify(features));
/// Predictor before = slot.Swap(newer);                        // while requests run
/// </code>
/// </remarks>
public sealed class PredictorSlot
{
    private readonly Lock _swapping = new();
    private volatile Predictor _current;

    /// <summary>Begins with a first predictor.</summary>
    /// <param name="predictor">What <see cref="Current"/> is until the first <see cref="Swap"/>.</param>
    public PredictorSlot(Predictor predictor)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        _current = predictor;
    }

    /// <summary>The present predictor; for any number of threads.</summary>
    public Predictor Current => _current;

    /// <summary>Puts another predictor in, for all requests that begin from now on.</summary>
    /// <param name="next">The new one. It must take as many features and give as many outputs of the same meaning, for callers count on them.</param>
    /// <returns>The one that was there.</returns>
    /// <exception cref="ArgumentException">The new one takes or gives something else; the present one stays.</exception>
    public Predictor Swap(Predictor next)
    {
        ArgumentNullException.ThrowIfNull(next);
        lock (_swapping)
        {
            Predictor before = _current;
            if (next.InputSize != before.InputSize || next.OutputSize != before.OutputSize || next.OutputKind != before.OutputKind)
            {
                throw new ArgumentException(
                    $"Callers of this slot count on {before}, received {next}. Swap in a model of the same sizes and meaning; for another one begin " +
                    "a slot of its own.",
                    nameof(next));
            }

            _current = next;
            return before;
        }
    }
}
