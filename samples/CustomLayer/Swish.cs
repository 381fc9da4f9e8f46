namespace NeuralTrain.Samples;

/// <summary>y = x·σ(βx), with one learnt β: between a straight line (β = 0) and ReLU (β → ∞).</summary>
public sealed class Swish : Layer
{
    private readonly Parameter[] _parameters;

    public Swish(double maxInput = 50)
    {
        MaxInput = maxInput;
        Beta = new Parameter("beta", length: 1);
        Beta.Value.Span[0] = 1;
        _parameters = [Beta];
    }

    /// <summary>A setting of the constructor: the exponent is limited to this.</summary>
    public double MaxInput { get; }

    /// <summary>What is learnt. The library saves, loads, clones and trains it because <see cref="Parameters"/> names it.</summary>
    public Parameter Beta { get; }

    public override IReadOnlyList<Parameter> Parameters => _parameters;

    protected override void Describe(Settings settings) => settings.Set("maxInput", MaxInput);

    public override void Infer(Matrix input, Matrix output)
    {
        float beta = Beta.Value.Span[0];
        for (int i = 0; i < input.Span.Length; i++)
        {
            output.Span[i] = input.Span[i] * Sigmoid(beta * input.Span[i]);
        }
    }

    // dy/dx = s + βx·s(1 − s), dy/dβ = x²·s(1 − s), where s = σ(βx)
    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        float beta = Beta.Value.Span[0];
        double betaGradient = 0;
        for (int i = 0; i < input.Span.Length; i++)
        {
            float x = input.Span[i], s = Sigmoid(beta * x);
            betaGradient += outputGradient.Span[i] * x * x * s * (1 - s);
            if (!inputGradient.IsEmpty)
            {
                inputGradient.Span[i] = outputGradient.Span[i] * (s + (beta * x * s * (1 - s)));
            }
        }

        Beta.Gradient.Span[0] += (float)betaGradient;
    }

    private float Sigmoid(float x) => 1 / (1 + MathF.Exp(-Math.Clamp(x, -(float)MaxInput, (float)MaxInput)));
}
