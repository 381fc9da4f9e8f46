namespace NeuralTrain.Tests.Diagnostics;

/// <summary>y = scale·x, which keeps a running mean of its training inputs, and on demand throws in the middle of its work.</summary>
internal sealed class MeasuringLayer : Layer
{
    private readonly Parameter _scale = new("scale", 1);
    private readonly Parameter _mean = Parameter.Statistic("running_mean", 1);

    public MeasuringLayer(float scale) => _scale.Value.Span[0] = scale;

    public int PassesBeforeThrowing { get; set; } = int.MaxValue;

    public bool MeansShiftTheOutput { get; set; }

    public override IReadOnlyList<Parameter> Parameters => [_scale, _mean];

    public override void Infer(Matrix input, Matrix output)
    {
        for (int i = 0; i < input.Span.Length; i++)
        {
            output.Span[i] = (_scale.Value.Span[0] * input.Span[i]) + (MeansShiftTheOutput ? _mean.Value.Span[0] : 0);
        }
    }

    public override void Forward(Matrix input, Matrix output)
    {
        Infer(input, output);
        _mean.Value.Span[0] += 1;
        if (--PassesBeforeThrowing < 0)
        {
            throw new InvalidTimeZoneException("in the middle");
        }
    }

    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        for (int i = 0; i < input.Span.Length; i++)
        {
            _scale.Gradient.Span[0] += outputGradient.Span[i] * input.Span[i];
        }

        for (int i = 0; i < inputGradient.Span.Length; i++)
        {
            inputGradient.Span[i] = _scale.Value.Span[0] * outputGradient.Span[i];
        }
    }
}
