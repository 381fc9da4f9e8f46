namespace NeuralTrain;

/// <summary>Whether a network learnt a single batch by heart, see <see cref="Sequential.OverfitOneBatch"/>.</summary>
public sealed class OverfitResult
{
    internal OverfitResult(bool reached, int rows, int steps, double loss, double initialLoss, double? accuracy, IReadOnlyList<string> suspects) =>
        (Reached, Rows, Steps, Loss, InitialLoss, Accuracy, Suspects) = (reached, rows, steps, loss, initialLoss, accuracy, suspects);

    /// <summary>Whether it did: an accuracy of 100 %, or for values a loss of about 0.</summary>
    public bool Reached { get; }

    /// <summary>Rows of the batch.</summary>
    public int Rows { get; }

    /// <summary>How many steps were taken.</summary>
    public int Steps { get; }

    /// <summary>The loss after them; NaN if something was not finite.</summary>
    public double Loss { get; }

    /// <summary>The loss before the first step; NaN if something was not finite.</summary>
    public double InitialLoss { get; }

    /// <summary>The share of right decisions after them, 0 to 1; null if the outputs are values.</summary>
    public double? Accuracy { get; }

    /// <summary>What to look at if it did not, the likeliest first; empty if it did.</summary>
    public IReadOnlyList<string> Suspects { get; }

    /// <summary>As <c>reached 100 % after 43 steps</c>; or how far it came, and a line for each suspect.</summary>
    public override string ToString()
    {
        string what = Accuracy is double share ? FormattableString.Invariant($"{100 * share:0.#} %") : FormattableString.Invariant($"loss {Digits.Three(Loss)}");
        string steps = Steps == 1 ? "1 step" : FormattableString.Invariant($"{Steps} steps");
        return Reached ? $"reached {what} after {steps}" : string.Join(
            '\n',
            Suspects.Select(suspect => $"- {suspect}").Prepend(FormattableString.Invariant(
                $"did not learn {Rows} rows by heart: {what} after {steps}, loss {Digits.Three(InitialLoss)} before and {Digits.Three(Loss)} now. Suspect:")));
    }
}
