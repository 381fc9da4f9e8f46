namespace NeuralTrain;

/// <summary>A loss as a function of its predictions.</summary>
internal sealed class CheckedLoss(Loss loss, Matrix prediction, Matrix target) : CheckedFunction
{
    private readonly CheckedArray _prediction = new("(prediction)", prediction, IsVector: false);

    public override string Name => $"{loss} on {prediction} predictions";

    public override IReadOnlyList<CheckedArray> Arrays => [_prediction];

    public override int TermCount => 1;

    public override void Evaluate(Span<double> terms) => terms[0] = loss.Evaluate(prediction, target);

    public override int ValuesPerTerm => prediction.Span.Length;

    public override void Differentiate(List<string> problems)
    {
        float[] predictionBefore = prediction.Span.ToArray(), targetBefore = target.Span.ToArray();
        var gradient = new Matrix(prediction.Rows, prediction.Columns);
        gradient.Span.Fill(float.NaN);
        double alone = loss.Evaluate(prediction, target);
        double withGradient = loss.Evaluate(prediction, target, gradient);
        if (Math.Abs(alone - withGradient) > 1e-5 * Math.Max(Math.Abs(alone), Math.Abs(withGradient)))
        {
            problems.Add(FormattableString.Invariant(
                $"Compute must return the same loss with and without a gradient to write, but returned {withGradient:g9} with one and {alone:g9} without."));
        }

        _prediction.Analytic = gradient.Span.ToArray();
        NoteIfWritten(problems, "Compute", "the prediction", predictionBefore, prediction);
        NoteIfWritten(problems, "Compute", "the target", targetBefore, target);
    }
}
