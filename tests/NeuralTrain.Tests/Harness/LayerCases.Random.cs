using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Harness;

/// <summary>The layers that work with chance in training. Of the layer a reference takes what it drew, nothing else.</summary>
public static partial class LayerCases
{
    private static LayerCase[] RandomLayers =>
    [
        DropoutCase("Dropout", 0.3, direct: false),
        DropoutCase("Dropout, direct", 0.3, direct: true),
        DropoutCase("Dropout of nothing", 0, direct: false) with { IsRandom = false },
        DropoutCase("Dropout of nothing, direct", 0, direct: true) with { IsRandom = false },
        new("AlphaDropout", () => new AlphaDropout(0.3, new Random(1)), 5, (layer, x, _) => AlphaDropoutFormula((AlphaDropout)layer, x, 0.3f))
        {
            InferReference = References.Elementwise(x => x),
            IsRandom = true,
        },
        new("AlphaDropout of nothing", () => new AlphaDropout(0, new Random(1)), 5, References.Elementwise(x => x)),
        new("GaussianNoise", () => new GaussianNoise(0.4, new Random(1)), 5, (layer, x, _) => References.Add(x, Noise((GaussianNoise)layer, x)))
        {
            InferReference = References.Elementwise(x => x),
            IsRandom = true,
        },
        new("GaussianNoise of nothing", () => new GaussianNoise(0, new Random(1)), 5, References.Elementwise(x => x)),
        new("Dropout in a Sequential", () => new Sequential(new Linear(3, 7, new Random(1)), new Dropout(0.5, new Random(1)), new Linear(7, 2, new Random(2))), 3,
            (layer, x, p) => References.Linear(
                Kept(((Dropout)layer.Children[1]).Mask, References.Linear(x, p, "0.", 7), value => value / 0.5, 0), p, "2.", 2))
        {
            InferReference = (_, x, p) => References.Linear(References.Linear(x, p, "0.", 7), p, "2.", 2),
            IsRandom = true,
        },
    ];

    private static LayerCase DropoutCase(string name, double p, bool direct)
    {
        // The layer keeps p as float32.
        double keep = 1 - (double)(float)p;
        return new(name, () => new Dropout(p, new Random(1), direct), 5,
            (layer, x, _) => Kept(((Dropout)layer).Mask, x, value => direct ? value : value / keep, 0))
        {
            InferReference = References.Elementwise(x => direct ? keep * x : x),
            IsRandom = true,
        };
    }

    private static double[,] AlphaDropoutFormula(AlphaDropout layer, double[,] x, double p)
    {
        const double Alpha = -1.7580993408473766;
        double a = Math.Pow((1 - p) * (1 + (p * Alpha * Alpha)), -0.5);
        double b = -a * p * Alpha;
        return Kept(layer.Mask, x, value => (a * value) + b, (a * Alpha) + b);
    }

    private static double[,] Kept(Matrix mask, double[,] x, Func<double, double> kept, double dropped)
    {
        var y = new double[x.GetLength(0), x.GetLength(1)];
        for (int row = 0; row < mask.Rows; row++)
        {
            for (int column = 0; column < mask.Columns; column++)
            {
                y[row, column] = mask[row, column] == 0 ? dropped : kept(x[row, column]);
            }
        }

        return y;
    }

    // The noise is not kept by the layer: drawn again from where the last forward pass began.
    private static double[,] Noise(GaussianNoise layer, double[,] x)
    {
        var noise = new Matrix(x.GetLength(0), x.GetLength(1));
        CounterRandom.FillNormal(noise.Span, layer.RandomStream.Seed, layer.RandomStream.Position - (ulong)noise.Span.Length, 0, 1);
        var scaled = new double[noise.Rows, noise.Columns];
        for (int row = 0; row < noise.Rows; row++)
        {
            for (int column = 0; column < noise.Columns; column++)
            {
                scaled[row, column] = (double)(float)layer.StandardDeviation * noise[row, column];
            }
        }

        return scaled;
    }
}
