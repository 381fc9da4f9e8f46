namespace NeuralTrain;

/// <summary>Ends training when it has stopped improving, and returns the best weights.</summary>
/// <remarks>
/// <code>
/// stop after patience consecutive epochs without improvement
/// value improves on best   ⇔   value &lt; best − minDelta       (metrics where higher is better: value &gt; best + minDelta)
/// </code>
/// A value that is not finite is never the best. The object has no state, so trainers may share it. Keras'
/// <c>EarlyStopping(patience, min_delta, monitor, restore_best_weights)</c>, which by default keeps the last weights. Lecture L5.1, L7.4.
/// </remarks>
/// <param name="patience">The number of consecutive epochs without improvement after which training ends, 1 or more. Default 10.</param>
/// <param name="minDelta">The minimum improvement that counts, a difference of 0 or more. Default 0: any improvement.</param>
/// <param name="metric">
/// The name of the metric to watch, one of <see cref="Trainer.Metrics"/>, on the validation data if there is any, otherwise on the training data. Default null: the loss.
/// </param>
/// <param name="restoreBest">Whether the weights of the best epoch are restored after training. Default true.</param>
/// <exception cref="ArgumentOutOfRangeException">The patience is less than 1, or the difference negative or not finite.</exception>
public sealed class EarlyStopping(int patience = 10, double minDelta = 0, string? metric = null, bool restoreBest = true)
{
    internal const string LossName = "loss";

    /// <summary>The number of consecutive epochs without improvement after which training ends.</summary>
    public int Patience { get; } = Guard.AtLeast(patience, 1, nameof(patience), "training that does not wait never gets anywhere");

    /// <summary>The minimum improvement that counts.</summary>
    public double MinDelta { get; } = Guard.NotNegative(minDelta, nameof(minDelta), "0 takes every improvement, however small.");

    /// <summary>The name of the metric to watch; null for the loss.</summary>
    public string? Metric { get; } = metric is null || !string.IsNullOrWhiteSpace(metric) ? metric : throw new ArgumentException("A metric needs a name; null watches the loss.", nameof(metric));

    /// <summary>Whether the weights of the best epoch are restored after training.</summary>
    public bool RestoreBest { get; } = restoreBest;

    /// <summary>The settings, as <c>EarlyStopping(patience 10, on loss)</c>.</summary>
    public override string ToString() => $"EarlyStopping(patience {Patience}, on {Metric ?? LossName})";

    internal void Describe(Settings settings)
    {
        settings.Set("patience", Patience);
        settings.Set("minimum improvement", MinDelta);
        settings.Set("watched value", (Metric ?? LossName).ToLowerInvariant());
        settings.Set("restores best", RestoreBest);
    }
}
