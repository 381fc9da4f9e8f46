namespace NeuralTrain;

/// <summary>An average of the weights over many steps, which often predicts better than the weights of the last step: for <see cref="Optimizer.Average"/>.</summary>
/// <remarks>
/// <code>
/// exponential   θ̄ := dθ̄ + (1 − d)θ after each step, θ̄ = θ after the first
/// equal         θ̄ := θ̄ + (θ − θ̄)/(n + 1) after step start + n·every, n = 0, 1, …
/// </code>
/// Training continues with θ itself. PyTorch's <c>swa_utils.AveragedModel</c> with <c>get_ema_multi_avg_fn(d)</c>, or without; Keras' <c>use_ema=True, ema_momentum=d</c>. Sources:
/// Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992; Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", 2018.
/// </remarks>
public sealed class WeightAverage
{
    private WeightAverage(double? decay, long start, int every) => (Decay, Start, Every) = (decay, start, every);

    /// <summary>Decay rate d of the average; null if all steps count the same.</summary>
    public double? Decay { get; }

    /// <summary>The first step that counts.</summary>
    public long Start { get; }

    /// <summary>The interval between two steps that count.</summary>
    public int Every { get; }

    /// <summary>An exponential moving average (EMA), which spans about 1/(1 − d) steps.</summary>
    /// <param name="decay">d, in [0, 1). Default 0.999, as in PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The decay lies outside [0, 1), also as float32.</exception>
    public static WeightAverage Exponential(double decay = 0.999) => new(Guard.FractionFloat(decay, nameof(decay), "Typical values lie between 0.99 and 0.9999."), start: 1, every: 1);

    /// <summary>An equal average (SWA), usually of the steps at the end of each of the last epochs, at a high constant or cyclical learning rate.</summary>
    /// <param name="start">The first step that counts, 1 or more: for example three quarters of all steps.</param>
    /// <param name="every">The interval between two steps that count, 1 or more: for example the steps of an epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public static WeightAverage Equal(int start, int every) => new(
        decay: null, Guard.AtLeast(start, 1, nameof(start), "steps are counted from 1"), Guard.AtLeast(every, 1, nameof(every), "1 counts each step"));

    /// <summary>The numbers, as <c>WeightAverage(decay 0.999)</c>.</summary>
    public override string ToString() => Settings.Of(this, Describe).ToString();

    /// <summary>The weight of a step in the average; null if it does not count.</summary>
    internal double? WeightAt(long step) =>
        step < Start || (step - Start) % Every != 0 ? null
        : step == Start ? 1
        : Decay is double decay ? 1 - decay : 1 / (((step - Start) / Every) + 1.0);

    internal void Describe(Settings settings)
    {
        if (Decay is double decay)
        {
            settings.Set("decay", decay);
            return;
        }

        settings.Set("start", Start);
        settings.Set("every", Every);
    }
}
