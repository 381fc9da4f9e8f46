namespace NeuralTrain.Tests.Diagnostics;

/// <summary>½Σ(q − y)², with one switch per way to break it.</summary>
internal sealed class FormulaLoss(string fault) : Loss
{
    protected override double Compute(Matrix prediction, Matrix target, Matrix gradient)
    {
        double sum = 0;
        float factor = fault switch { "factor 1.01" => 1.01f, "factor 0.99" => 0.99f, "wrong sign" => -1, "no gradient" => float.NaN, _ => 1 };
        for (int i = 0; i < prediction.Span.Length; i++)
        {
            float error = prediction.Span[i] - target.Span[i];
            sum += 0.5 * error * error;
            if (!gradient.IsEmpty && fault != "leaves the gradient")
            {
                gradient.Span[i] = factor * error;
            }
        }

        if (fault == "writes to the target" && !gradient.IsEmpty)
        {
            target.Span[0] += 1;
        }

        return fault == "another value with a gradient" && !gradient.IsEmpty ? (1 + 1.5e-5) * sum : sum;
    }
}
