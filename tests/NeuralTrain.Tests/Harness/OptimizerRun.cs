namespace NeuralTrain.Tests.Harness;

/// <summary>
/// A small network under an optimizer, side by side with the reference rule: both get the same random gradients, whose sizes are
/// spread over four orders of magnitude.
/// </summary>
public sealed class OptimizerRun
{
    private readonly OptimizerCase _optimizerCase;
    private readonly Random _random = new(7);
    private readonly double[][] _theta;
    private readonly double[][][] _state;
    private readonly int[] _steps;
    private readonly double[][] _tolerance;

    /// <summary>Creates a network with weights of 1, 7 and 33 values in its body and 7 biases in its head, and its optimizer.</summary>
    public OptimizerRun(OptimizerCase optimizerCase, double rate = 0.05)
    {
        _optimizerCase = optimizerCase;
        Network = new Group(
            new Body(new Parameter("one", 1, 1), new Parameter("seven", 1, 7), new Parameter("many", 3, 11)),
            new Body(new Parameter("bias", 7)));
        Parameters = [.. Network.NamedParameters().Select(named => named.Parameter)];
        foreach (Parameter parameter in Parameters)
        {
            foreach (ref float value in parameter.Value.Span)
            {
                value = (float)((_random.NextDouble() * 2) - 1);
            }
        }

        _theta = [.. Parameters.Select(parameter => parameter.Value.Span.ToArray().Select(value => (double)value).ToArray())];
        _state = [.. _theta.Select(values => values.Select(_ => new double[3]).ToArray())];
        _steps = new int[Parameters.Length];
        Rates = [.. Parameters.Select(_ => 1.0)];
        _tolerance = [.. _theta.Select(values => new double[values.Length])];
        Optimizer = optimizerCase.Create(Network, rate);
    }

    /// <summary>The network: two layers, the second of which has the biases.</summary>
    public Layer Network { get; }

    /// <summary>All parameters, in order; the last one is the biases.</summary>
    public Parameter[] Parameters { get; }

    /// <summary>The optimizer under test.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The factors of the learning rate that the reference applies, by parameter.</summary>
    public double[] Rates { get; }

    /// <summary>What the reference does to each gradient before it uses it: clipping.</summary>
    public Func<double[][], double[][]> Prepare { get; set; } = gradients => gradients;

    /// <summary>Overwrites all gradients with new random ones, or with zeros.</summary>
    public double[][] DrawGradients(double size = 1)
    {
        foreach (Parameter parameter in Parameters)
        {
            Span<float> gradient = parameter.Gradient.Span;
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient[i] = (float)(size * Math.Pow(10, -(i % 4)) * ((_random.NextDouble() * 2) - 1));
            }
        }

        return [.. Parameters.Select(parameter => parameter.Gradient.Span.ToArray().Select(value => (double)value).ToArray())];
    }

    /// <summary>One step of both, with new gradients. The reference leaves frozen parameters as they are.</summary>
    public void Step(double size = 1)
    {
        double[][] gradients = Prepare(DrawGradients(size));
        Optimizer.Step();
        for (int p = 0; p < Parameters.Length; p++)
        {
            Parameter parameter = Parameters[p];
            if (!parameter.IsTrainable)
            {
                continue;
            }

            _steps[p]++;
            for (int i = 0; i < _theta[p].Length; i++)
            {
                double gradient = gradients[p][i] + (parameter.IsRegularized ? 2 * Optimizer.L2 * _theta[p][i] : 0);
                double before = _theta[p][i];
                double after = _optimizerCase.Rule(
                    before, gradient, _state[p][i], Optimizer.LearningRate * Rates[p], _steps[p], parameter.IsRegularized);
                _theta[p][i] = after;

                // Storing θ in float32 rounds by up to 2⁻²⁴ of it; the way is computed in float32, to within some tens of roundings.
                double rounding = Math.ScaleB(1, -24);
                _tolerance[p][i] += (2 * rounding * Math.Max(Math.Abs(before), Math.Abs(after))) + (50 * rounding * Math.Abs(after - before));
            }
        }
    }

    /// <summary>Several steps.</summary>
    public void Steps(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Step();
        }
    }

    /// <summary>Every value lies at its reference, within the roundings of float32 on its way there.</summary>
    public void RequireMatch(string when)
    {
        for (int p = 0; p < Parameters.Length; p++)
        {
            for (int i = 0; i < _theta[p].Length; i++)
            {
                double actual = Parameters[p].Value.Span[i];
                double expected = _theta[p][i];
                OptimizerContract.Require(
                    Math.Abs(actual - expected) <= _tolerance[p][i],
                    $"{_optimizerCase} {when}: '{Parameters[p].Name}'[{i}] is {actual} and should be {expected}, within {_tolerance[p][i]}.");
            }
        }
    }

    private sealed class Group(params Layer[] children) : Layer
    {
        public override IReadOnlyList<Layer> Children => children;

        public override void Infer(Matrix input, Matrix output) => throw new NotSupportedException();

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) =>
            throw new NotSupportedException();
    }

    private sealed class Body(params Parameter[] parameters) : Layer
    {
        public override IReadOnlyList<Parameter> Parameters => parameters;

        public override void Infer(Matrix input, Matrix output) => throw new NotSupportedException();

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) =>
            throw new NotSupportedException();
    }
}
