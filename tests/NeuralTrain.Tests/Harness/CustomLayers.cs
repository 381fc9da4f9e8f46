namespace NeuralTrain.Tests.Harness;

/// <summary>What a user's custom layers look like: they use nothing but what a user can use (and the checks of shapes), and keep every promise of the library's own.</summary>
public static partial class LayerCases
{
    private static LayerCase[] CustomLayers =>
    [
        new("custom container", () => new Gated(new Linear(3, 4, new Random(1)), new Sequential(new Linear(3, 4, new Random(2)), new Sigmoid())), 3,
            (_, x, p) => Multiply(References.Linear(x, p, "0.", 4), References.Map(References.Linear(x, p, "1.0.", 4), References.Sigmoid))),
        new("custom container of a container", () => new Sequential(new Gated(new Residual(new Sigmoid()), new Sigmoid()), new Linear(3, 2, new Random(1))), 3,
            (_, x, p) => References.Linear(Multiply(References.Map(x, v => v + References.Sigmoid(v)), References.Map(x, References.Sigmoid)), p, "1.", 2)),
        new("custom random layer", () => new RandomScale(0.5f, new Random(1)), 5, (layer, x, _) => Multiply(x, ToDouble(((RandomScale)layer).Factors)))
        {
            InferReference = References.Elementwise(x => x),
            IsRandom = true,
        },
        new("custom normalisation", () => new MeanRemoval(3, start: 0.25f), 3, (_, x, _) => MinusMeans(x, ColumnMeans(x)))
        {
            InferReference = (_, x, p) => MinusMeans(x, p["running_mean"]),
            LeastTrainingRows = 2,
        },
    ];

    static LayerCases()
    {
        LayerKinds.Register("Harness.Gated", (_, layers) => new Gated(layers[0], layers[1]));
        LayerKinds.Register("Harness.RandomScale", settings => new RandomScale((float)settings.Number("spread"), new Random(0)));
        LayerKinds.Register("Harness.MeanRemoval", settings => new MeanRemoval(settings.WholeNumber("size")));
        All = [.. Layers, .. Normalization, .. Containers, .. RandomLayers, .. Activations, .. CustomLayers];
    }

    private static double[,] Multiply(double[,] left, double[,] right)
    {
        var product = new double[left.GetLength(0), left.GetLength(1)];
        for (int row = 0; row < left.GetLength(0); row++)
        {
            for (int column = 0; column < left.GetLength(1); column++)
            {
                product[row, column] = left[row, column] * right[row, column];
            }
        }

        return product;
    }

    private static double[] ColumnMeans(double[,] x) =>
        [.. Enumerable.Range(0, x.GetLength(1)).Select(column => Enumerable.Range(0, x.GetLength(0)).Average(row => x[row, column]))];

    private static double[,] MinusMeans(double[,] x, double[] means)
    {
        var centred = new double[x.GetLength(0), x.GetLength(1)];
        for (int row = 0; row < x.GetLength(0); row++)
        {
            for (int column = 0; column < x.GetLength(1); column++)
            {
                centred[row, column] = x[row, column] - means[column];
            }
        }

        return centred;
    }

    private static double[,] ToDouble(Matrix matrix)
    {
        var values = new double[matrix.Rows, matrix.Columns];
        for (int row = 0; row < matrix.Rows; row++)
        {
            for (int column = 0; column < matrix.Columns; column++)
            {
                values[row, column] = matrix[row, column];
            }
        }

        return values;
    }
}

/// <summary>A custom container: y = f(x)·g(x), value by value.</summary>
public sealed class Gated : Layer
{
    private readonly Layer[] _branches;
    private Matrix _f;
    private Matrix _g;
    private Matrix _gradient;
    private Matrix _below;

    public Gated(Layer f, Layer g) => _branches = [f, g];

    public override int? InputSize => _branches[0].InputSize ?? _branches[1].InputSize;

    public override IReadOnlyList<Layer> Children => _branches;

    public override Wiring Wiring => Wiring.Parallel;

    public override int OutputSize(int inputSize) => _branches[0].OutputSize(inputSize);

    public override void Infer(Matrix input, Matrix output)
    {
        CheckShapes(input, output);
        float[] rented = System.Buffers.ArrayPool<float>.Shared.Rent(output.Span.Length);
        var g = new Matrix(rented, 0, output.Rows, output.Columns);
        _branches[0].Infer(input, output);
        _branches[1].Infer(input, g);
        Multiply(output, g, output);
        System.Buffers.ArrayPool<float>.Shared.Return(rented);
    }

    public override void Forward(Matrix input, Matrix output)
    {
        CheckShapes(input, output);
        if (_f.Rows != output.Rows || _f.Columns != output.Columns)
        {
            (_f, _g, _gradient, _below) = (new(output.Rows, output.Columns), new(output.Rows, output.Columns), new(output.Rows, output.Columns), new(input.Rows, input.Columns));
        }

        _branches[0].Forward(input, _f);
        _branches[1].Forward(input, _g);
        Multiply(_f, _g, output);
    }

    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient, InputSize ?? input.Columns, OutputSize(input.Columns));
        Multiply(outputGradient, _g, _gradient);
        _branches[0].Backward(input, _f, _gradient, inputGradient);
        Multiply(outputGradient, _f, _gradient);
        Matrix below = inputGradient.IsEmpty ? inputGradient : _below;
        _branches[1].Backward(input, _g, _gradient, below);
        for (int i = 0; i < inputGradient.Span.Length; i++)
        {
            inputGradient.Span[i] += below.Span[i];
        }
    }

    public override Matrix ChildOutput(int child) => child == 0 ? _f : _g;

    public override void Recalibrate(Matrix input, Matrix output)
    {
        var g = new Matrix(output.Rows, output.Columns);
        _branches[0].Recalibrate(input, output);
        _branches[1].Recalibrate(input, g);
        Multiply(output, g, output);
    }

    private static void Multiply(Matrix left, Matrix right, Matrix product)
    {
        for (int i = 0; i < product.Span.Length; i++)
        {
            product.Span[i] = left.Span[i] * right.Span[i];
        }
    }

    private void CheckShapes(Matrix input, Matrix output) => Shapes.CheckForward(this, input, output, InputSize ?? input.Columns, OutputSize(InputSize ?? input.Columns));
}

/// <summary>A custom random layer: in training y = x·(1 + spread·u), with u uniform in [−1, 1) for each value.</summary>
public sealed class RandomScale : Layer
{
    public RandomScale(float spread, Random random) => (Spread, RandomStream) = (spread, new RandomStream(random));

    public float Spread { get; }

    /// <summary>What the last forward pass multiplied by.</summary>
    public Matrix Factors { get; private set; }

    public override RandomStream RandomStream { get; }

    public override bool PassesValuesThrough => true;

    protected override void Describe(Settings settings) => settings.Set("spread", Spread);

    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        input.CopyTo(output);
    }

    public override void Forward(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output);
        if (Factors.Rows != input.Rows || Factors.Columns != input.Columns)
        {
            Factors = new Matrix(input.Rows, input.Columns);
        }

        RandomStream.FillUniform(Factors.Span, 1 - Spread, 1 + Spread);
        for (int i = 0; i < input.Span.Length; i++)
        {
            output.Span[i] = input.Span[i] * Factors.Span[i];
        }
    }

    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient);
        for (int i = 0; i < inputGradient.Span.Length; i++)
        {
            inputGradient.Span[i] = outputGradient.Span[i] * Factors.Span[i];
        }
    }
}

/// <summary>A custom normalisation: y = x − m for each column, with the mean m of the batch in training and a running mean in prediction.</summary>
public sealed class MeanRemoval : Layer
{
    private readonly float[] _mean;
    private readonly Parameter _running;
    private bool _usedBatch;

    public MeanRemoval(int size, float start = 0)
        : this(Parameter.Statistic("running_mean", size, start))
    {
    }

    private MeanRemoval(Parameter running)
        : base(running.Shape[0], running) => (_running, _mean) = (running, new float[running.Shape[0]]);

    public override bool NeedsSeveralRows => !IsFrozen;

    protected override void Describe(Settings settings) => settings.Set("size", _mean.Length);

    public override void Infer(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, _mean.Length, _mean.Length);
        Subtract(input, _running.Value.Span, output);
    }

    public override void Forward(Matrix input, Matrix output)
    {
        Shapes.CheckForward(this, input, output, _mean.Length, _mean.Length);
        _usedBatch = !IsFrozen;
        if (!_usedBatch)
        {
            Subtract(input, _running.Value.Span, output);
            return;
        }

        if (input.Rows < 2) throw new ArgumentException($"{this} needs a batch of 2 or more rows, received {input.Rows}.", nameof(input));
        Measure(input);
        for (int column = 0; column < _mean.Length; column++) _running.Value.Span[column] += 0.1f * (_mean[column] - _running.Value.Span[column]);
        Subtract(input, _mean, output);
    }

    public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
    {
        Shapes.CheckBackward(this, input, output, outputGradient, inputGradient, _mean.Length, _mean.Length);
        if (inputGradient.IsEmpty) return;
        Measure(outputGradient);
        if (!_usedBatch) Array.Clear(_mean);
        Subtract(outputGradient, _mean, inputGradient);
    }

    public override void Recalibrate(Matrix input, Matrix output)
    {
        if (!IsFrozen)
        {
            Measure(input);
            _mean.CopyTo(_running.Value.Span);
        }

        Infer(input, output);
    }

    private void Measure(Matrix batch)
    {
        for (int column = 0; column < _mean.Length; column++)
        {
            double sum = 0;
            for (int row = 0; row < batch.Rows; row++) sum += batch[row, column];
            _mean[column] = (float)(sum / batch.Rows);
        }
    }

    private static void Subtract(Matrix from, ReadOnlySpan<float> means, Matrix to)
    {
        for (int row = 0; row < from.Rows; row++)
        {
            for (int column = 0; column < means.Length; column++) to.Row(row)[column] = from.Row(row)[column] - means[column];
        }
    }
}
