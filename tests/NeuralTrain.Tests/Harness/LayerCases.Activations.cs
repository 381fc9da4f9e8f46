using MathNet.Numerics;

namespace NeuralTrain.Tests.Harness;

/// <summary>The layers of the folder Activations.</summary>
public static partial class LayerCases
{
    private static LayerCase[] Activations =>
    [
        new("Identity", () => new Identity(), 5, References.Elementwise(x => x)),
        new("Sigmoid", () => new Sigmoid(), 5, References.Elementwise(References.Sigmoid)),
        new("Tanh", () => new Tanh(), 5, References.Elementwise(x => (Math.Exp(2 * x) - 1) / (Math.Exp(2 * x) + 1))),
        new("ReLU", () => new ReLU(), 5, References.Elementwise(x => Math.Max(x, 0))) { Kinks = [0] },
        new("LeakyReLU", () => new LeakyReLU(), 5, References.Elementwise(x => Math.Max(x, 0.01 * x))) { Kinks = [0] },
        new("LeakyReLU, very leaky", () => new LeakyReLU(0.5), 17, References.Elementwise(x => Math.Max(x, 0.5 * x))) { Kinks = [0] },
        new("LeakyReLU, steep", () => new LeakyReLU(1.5), 5, References.Elementwise(x => x > 0 ? x : 1.5 * x)) { Kinks = [0] },
        new("PReLU", () => new PReLU(), 5, (_, x, p) => References.Map(x, value => Rectify(value, p["weight"][0]))) { Kinks = [0] },
        new("PReLU per unit", () => new PReLU(units: 19), 19,
            (_, x, p) => References.MapAt(x, (value, _, column) => Rectify(value, p["weight"][column]))) { Kinks = [0] },
        new("RReLU", () => new RReLU(new Random(1)), 7,
            (layer, x, _) => References.MapAt(x, (value, row, column) => Rectify(value, ((RReLU)layer).Slopes[row, column])))
        {
            InferReference = References.Elementwise(x => Rectify(x, (0.1 + 0.5) / 2)),
            Kinks = [0],
            IsRandom = true,
        },
        new("ELU", () => new ELU(), 5, References.Elementwise(x => x >= 0 ? x : Math.Exp(x) - 1)),
        new("ELU, other alpha", () => new ELU(0.3), 5, References.Elementwise(x => x >= 0 ? x : 0.3 * (Math.Exp(x) - 1))) { Kinks = [0] },
        new("SELU", () => new SELU(), 5, References.Elementwise(References.SELU)) { Kinks = [0] },
        new("Softplus", () => new Softplus(), 5, References.Elementwise(x => Math.Log(Math.Exp(x) + 1))),
        new("Softplus, centered", () => new Softplus(centered: true), 5, References.Elementwise(x => Math.Log(Math.Exp(x) + 1) - Math.Log(2))),
        new("GELU", () => new GELU(), 5, References.Elementwise(x => x * 0.5 * (1 + SpecialFunctions.Erf(x / Math.Sqrt(2))))),
        new("GELU, approximate", () => new GELU(approximate: true), 5, References.Elementwise(
            x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))))),
        new("SiLU", () => new SiLU(), 5, References.Elementwise(x => x * References.Sigmoid(x))),
        new("Mish", () => new Mish(), 5, References.Elementwise(x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))))),
        new("Maxout", () => new Maxout(5, 3, new Random(1)), 5, (_, x, p) => Maximum(x, p, outputs: 3, pieces: 2)),
        new("Maxout of three pieces without biases", () => new Maxout(4, 19, new Random(1), pieces: 3, bias: false), 4,
            (_, x, p) => Maximum(x, p, outputs: 19, pieces: 3)),
        new("Maxout of one piece", () => new Maxout(3, 2, new Random(1), pieces: 1), 3, (_, x, p) => References.Linear(x, p, "", 2)),
        new("APL", () => new APL(5, 2, new Random(1)), 5, (_, x, p) => AdaptivePiecewiseLinear(x, p, hinges: 2)) { KinksOf = Hinges },
        new("APL of one hinge", () => new APL(17, 1, new Random(1)), 17, (_, x, p) => AdaptivePiecewiseLinear(x, p, hinges: 1)) { KinksOf = Hinges },
        new("Softmax", () => new Softmax(), 5, (_, x, _) => References.Softmax(x)),
        new("Softmax, wide", () => new Softmax(), 67, (_, x, _) => References.Softmax(x)),
        new("Softmax of one column", () => new Softmax(), 1, (_, x, _) => References.Softmax(x)),
        new("LogSoftmax", () => new LogSoftmax(), 5, (_, x, _) => References.Map(References.Softmax(x), Math.Log)),
        new("LogSoftmax, wide", () => new LogSoftmax(), 67, (_, x, _) => References.Map(References.Softmax(x), Math.Log)),
        new("LogSoftmax of one column", () => new LogSoftmax(), 1, (_, x, _) => References.Map(References.Softmax(x), Math.Log)),
    ];

    private static double Rectify(double x, double slope) => x > 0 ? x : slope * x;

    private static double[,] Maximum(double[,] x, IReadOnlyDictionary<string, double[]> parameters, int outputs, int pieces)
    {
        double[,] scores = References.Linear(x, parameters, "", outputs * pieces);
        return References.MapAt(new double[x.GetLength(0), outputs], (_, row, column) =>
            Enumerable.Range(0, pieces).Max(piece => scores[row, (piece * outputs) + column]));
    }

    private static double[,] AdaptivePiecewiseLinear(double[,] x, IReadOnlyDictionary<string, double[]> parameters, int hinges)
    {
        int units = x.GetLength(1);
        double[] a = parameters["a"], b = parameters["b"];
        return References.MapAt(x, (value, _, unit) => Math.Max(value, 0) + Enumerable.Range(0, hinges).Sum(
            s => a[(s * units) + unit] * Math.Max(0, -value + b[(s * units) + unit])));
    }

    private static IEnumerable<double> Hinges(Layer layer) =>
        [0, .. ((APL)layer).Offsets.Value.Span.ToArray().Select(place => (double)place)];
}
