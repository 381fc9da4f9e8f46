namespace NeuralTrain;

/// <summary>Lowers the learning rate along half a cosine, jumps back up and starts over, each cycle as long or longer.</summary>
/// <remarks>
/// <code>
/// At(t) = minimum + ½(peakᵢ − minimum)(1 + cos(π·T_cur / Tᵢ))      T_cur the time since the last restart
/// T₀ = period,  Tᵢ₊₁ = multiplier·Tᵢ,  peak₀ = 1,  peakᵢ₊₁ = max(peakDecay·peakᵢ, minimum)
/// </code>
/// The end of each cycle is a good moment to save the network. Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm
/// Restarts", 2017, eq. 5. PyTorch's <c>CosineAnnealingWarmRestarts(T_0=period, T_mult=multiplier, eta_min=minimum·γ)</c> (no decay of the
/// peak); Keras' <c>CosineDecayRestarts(t_mul=2, m_mul=1, alpha)</c>, whose <c>m_mul</c> is <c>peakDecay</c> for a minimum of 0. Lecture L5.11.
/// </remarks>
/// <param name="period">The length T₀ of the first cycle, 1 or more.</param>
/// <param name="multiplier">The ratio of the length of each cycle to that of the one before, 1 or more. Default 1, as in PyTorch.</param>
/// <param name="minimum">The minimum, as a fraction of the learning rate, in [0, 1). Default 0, as in PyTorch and Keras.</param>
/// <param name="peakDecay">The factor that multiplies the peak at each restart, in (0, 1]. Default 1: it stays.</param>
/// <param name="unit">Whether it counts steps or epochs. Default epochs, as PyTorch's documentation has it.</param>
/// <exception cref="ArgumentOutOfRangeException">
/// The period or the multiplier is not positive, the minimum outside [0, 1), the decay outside (0, 1], or the unit unknown.
/// </exception>
public sealed class WarmRestarts(
    int period, int multiplier = 1, double minimum = 0, double peakDecay = 1, ScheduleUnit unit = ScheduleUnit.Epoch)
    : Schedule(unit)
{
    /// <summary>The length T₀ of the first cycle.</summary>
    public int Period { get; } = Guard.AtLeast(period, 1, nameof(period), "a cycle must last for some time");

    /// <summary>The ratio of the length of each cycle to that of the one before.</summary>
    public int Multiplier { get; } = Guard.AtLeast(multiplier, 1, nameof(multiplier), "1 keeps all cycles alike, 2 doubles each");

    /// <summary>The minimum, as a fraction of the learning rate.</summary>
    public double Minimum { get; } = CheckMinimum(minimum);

    /// <summary>The factor that multiplies the peak at each restart.</summary>
    public double PeakDecay { get; } = Guard.InOpenClosed(peakDecay, 0, 1, nameof(peakDecay), "1 returns to the full rate each time.");

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("period", Period);
        settings.Set("multiplier", Multiplier);
        settings.Set("minimum", Minimum);
        settings.Set("peak decay", PeakDecay);
    }

    /// <inheritdoc/>
    protected override double Factor(long time, long budget)
    {
        // Whole numbers throughout: a logarithm that rounds down would put the restart one late.
        (long restarts, long sinceRestart) = Multiplier == 1 ? Math.DivRem(time, Period) : (0, time);
        Int128 cycle = Period;
        for (; sinceRestart >= cycle; restarts++)
        {
            sinceRestart -= (long)cycle;
            cycle *= Multiplier;
        }

        double peak = Math.Max(Math.Pow(PeakDecay, restarts), Minimum);
        return AlongCosine(peak, Minimum, sinceRestart / (double)cycle);
    }
}
