namespace NeuralTrain;

/// <summary>Adam's corrections 1 − β₁ᵗ and 1 − β₂ᵗ for means that start at 0, computed once for all parameters that are at the same t.</summary>
internal sealed class BiasCorrection(double beta1, double beta2)
{
    private long _step;

    /// <summary>1 − β₁ᵗ.</summary>
    public double First { get; private set; }

    /// <summary>1 − β₂ᵗ.</summary>
    public double Second { get; private set; }

    /// <summary>Computes both for another t, from 1.</summary>
    public void MoveTo(long step)
    {
        if (step != _step)
        {
            _step = step;
            First = 1 - Math.Pow(beta1, step);
            Second = 1 - Math.Pow(beta2, step);
        }
    }
}
