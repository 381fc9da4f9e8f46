namespace NeuralTrain;

/// <summary>Moves the learning rate up and down between two bounds in straight lines.</summary>
/// <remarks>
/// <code>
/// At(t) = low + (1 − low)·swing·scale
/// swing   rises from 0 to 1 in up steps, and falls back to 0 in down steps
/// scale   1 (Triangular),  ½^(cycle − 1) (Triangular2),  decay^t (ExponentialRange),      cycle = ⌊1 + t / (up + down)⌋
/// </code>
/// The upper bound is the learning rate of the optimizer. Source: Smith, "Cyclical Learning Rates for Training Neural Networks", 2017,
/// who takes low = ⅓ or ¼ and 2 to 10 epochs for each direction. PyTorch's <c>CyclicLR(base_lr=low·γ, max_lr=γ, step_size_up=up,
/// step_size_down=down, mode, gamma=decay)</c>, without its cycling of the momentum. Lecture L5.10.
/// </remarks>
/// <param name="low">The lower bound, as a fraction of the learning rate, in [0, 1).</param>
/// <param name="up">The length of the rise, 1 or more. Default 2000, as in PyTorch.</param>
/// <param name="down">The length of the fall, 1 or more. Default: that of the rise, as in PyTorch.</param>
/// <param name="mode">How the height of the cycles changes. Default: it stays the same.</param>
/// <param name="decay">The decay factor per step in <see cref="CyclicalMode.ExponentialRange"/>, in (0, 1]. Default 1: none, as in PyTorch.</param>
/// <param name="unit">Whether it counts steps or epochs. Default steps, as in Smith and PyTorch.</param>
/// <exception cref="ArgumentException">A decay is given for a mode that has none.</exception>
/// <exception cref="ArgumentOutOfRangeException">
/// The lower bound lies outside [0, 1), a time is not positive, the decay outside (0, 1], or the mode or the unit unknown.
/// </exception>
public sealed class Cyclical(
    double low, int up = 2000, int? down = null, CyclicalMode mode = CyclicalMode.Triangular, double decay = 1, ScheduleUnit unit = ScheduleUnit.Step)
    : Schedule(unit)
{
    /// <summary>The lower bound, as a fraction of the learning rate.</summary>
    public double Low { get; } = Guard.InHalfOpen(low, 0, 1, nameof(low), "It is a fraction of the optimizer's learning rate, which is the upper bound.");

    /// <summary>The length of the rise.</summary>
    public int Up { get; } = Guard.AtLeast(up, 1, nameof(up), "the way up needs time to pass");

    /// <summary>The length of the fall.</summary>
    public int Down { get; } = Guard.AtLeast(down ?? up, 1, nameof(down), "the way down needs time to pass");

    /// <summary>How the height of the cycles changes.</summary>
    public CyclicalMode Mode { get; } = Guard.Defined(mode, nameof(mode));

    /// <summary>The decay factor per step.</summary>
    public double Decay { get; } = CheckDecay(decay, mode);

    /// <inheritdoc/>
    protected internal override void Describe(Settings settings)
    {
        settings.Set("low", Low);
        settings.Set("up", Up);
        settings.Set("down", Down);
        settings.Set("mode", Mode.ToString());
        settings.Set("decay", Decay);
    }

    /// <inheritdoc/>
    protected override double Factor(long time, long budget)
    {
        (long finished, long within) = Math.DivRem(time, (long)Up + Down);
        double swing = within <= Up ? (double)within / Up : (double)((long)Up + Down - within) / Down;
        double scale = Mode switch
        {
            CyclicalMode.Triangular2 => Math.Pow(0.5, finished),
            CyclicalMode.ExponentialRange => Math.Pow(Decay, time),
            _ => 1,
        };
        return Low + ((1 - Low) * swing * scale);
    }

    private static double CheckDecay(double decay, CyclicalMode mode) =>
        Guard.InOpenClosed(decay, 0, 1, nameof(decay), "Typical values are 0.999 and above, by step.") == 1 || mode == CyclicalMode.ExponentialRange ? decay
        : throw new ArgumentException($"A decay ({decay}) applies only in mode {nameof(CyclicalMode.ExponentialRange)}, received mode {mode}. Choose that mode, or leave the decay out.", nameof(decay));
}

/// <summary>How the height of the cycles of <see cref="Cyclical"/> changes.</summary>
public enum CyclicalMode
{
    /// <summary>It stays the same.</summary>
    Triangular,

    /// <summary>It is halved with every cycle.</summary>
    Triangular2,

    /// <summary>It is multiplied by a decay with every step, not only with every cycle.</summary>
    ExponentialRange,
}
