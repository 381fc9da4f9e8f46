namespace NeuralTrain.Tests.Diagnostics;

/// <summary>A layer of one formula on each value, with the derivative it claims to have.</summary>
internal sealed class FormulaLayer(Func<float, float> formula, Func<float, float> derivative) : Layer
{
    public static FormulaLayer Abs => new(MathF.Abs, x => x < 0 ? -1 : 1);

    public static FormulaLayer Rectifier => new(x => MathF.Max(x, 0), x => x > 0 ? 1 : 0);

    public static FormulaLayer Tanh => new(MathF.Tanh, x => 1 - (MathF.Tanh(x) * MathF.Tanh(x)));

    public override void Infer(Matrix input, Matrix output)
    {
        for (int i = 0; i < input.Span.Length; i++)
        {
            output.Span[i] = formula(input.Span[i]);
        }
    }

    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        for (int i = 0; i < inputGradient.Span.Length; i++)
        {
            inputGradient.Span[i] = derivative(input.Span[i]) * outputGradient.Span[i];
        }
    }

    public override string ToString() => "Formula";
}
