using NeuralTrain.Tests.Harness;
using NeuralTrain.Tests.Training;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The code of docs/custom.md: each part keeps the promises of its kind, and all of them train together.</summary>
public sealed class CustomPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Once for the process: a second registration is refused.
    static CustomPageTests() => Register();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_layer_keeps_the_promises_of_a_layer()
    {
        // <snippet custom-layer-check>
        GradientCheck.Run(new ColumnScale(5), inputSize: 5).ThrowIfWrong();
        // </snippet>

        CheckContract(new LayerCase("ColumnScale", () => new ColumnScale(5), 5, (_, x, p) => References.MapAt(x, (value, _, column) => value * p["scale"][column])));
    }

    [Fact]
    public void The_container_keeps_the_promises_of_a_layer()
    {
        GradientCheck.Run(new Scaled(new Linear(3, 4, new Random(1)), 2), inputSize: 3).ThrowIfWrong();
        CheckContract(new LayerCase("Scaled", () => new Scaled(new Linear(5, 4, new Random(1)), 2), 5, (_, x, p) => References.Map(References.Linear(x, p, "0.", 4), value => 2 * value)));
    }

    [Fact]
    public void The_container_promises_what_its_layer_does()
    {
        new Scaled(new Sigmoid(), 1).OutputRange.Should().Be((0.0, 1.0));
        FluentActions.Invoking(() => new SoftmaxCrossEntropy().CheckNetwork(Ending(new Scaled(new Sigmoid(), 1)))).Should().Throw<ArgumentException>("its outputs are probabilities");
        FluentActions.Invoking(() => new SoftmaxCrossEntropy().CheckNetwork(Ending(new Sigmoid(), new Scaled(new Dropout(0.5, new Random(1)), 1)))).Should().Throw<ArgumentException>("it passes them through");
        new SoftmaxCrossEntropy().CheckNetwork(Ending(new Scaled(new Sigmoid(), 10)));

        Sequential normalised = Ending(new Scaled(new BatchNorm(2), 3));
        Matrix data = new float[,] { { 1, 2 }, { 3, -1 }, { 0, 5 } };
        normalised.Recalibrate(data);
        Matrix scores = normalised.Predict(data);
        Enumerable.Range(0, 3).Average(row => (double)scores[row, 0]).Should().BeApproximately(0, 1e-5, "the statistics are those of the data");
        ActivationStatistics.Measure(normalised, data).Layers.Select(layer => layer.Path).Should().Equal("0", "1.0", "1");

        static Sequential Ending(params Layer[] end) => new([new Linear(2, 2, new Random(1)), .. end]);
    }

    [Fact]
    public void The_loss_is_its_formula_and_its_gradient_is_the_derivative()
    {
        Matrix targets = new float[,] { { 0.5f, -1 }, { 3, 0 } };
        GradientCheck.Run(new LogCosh(), targets).ThrowIfWrong();
        Matrix predictions = new float[,] { { 1, 1 }, { -2, 0.25f } };
        double expected = new[] { 0.5, 2, -5, 0.25 }.Average(error => Math.Log(Math.Cosh(error)));
        new LogCosh().Evaluate(predictions, targets).Should().BeApproximately(expected, 1e-12);
        new LogCosh().Evaluate(new float[,] { { 10_000 } }, new float[,] { { 0 } }).Should().BeApproximately(10_000 - Math.Log(2), 1e-9);
    }

    [Fact]
    public void The_optimizer_keeps_the_promises_of_an_optimizer()
    {
        var sign = new OptimizerCase("SignSGD", (network, rate) => new SignSGD(network, rate), (theta, g, _, rate, _, _) => theta - (rate * Math.Sign(g)));
        foreach ((string promise, Action<OptimizerCase> check) in OptimizerContract.Checks)
        {
            check.Invoking(c => c(sign)).Should().NotThrow(promise);
        }
    }

    [Fact]
    public void All_of_them_train_together_and_the_model_is_saved_with_the_layer()
    {
        Dataset train = TestData.Values(200);
        var random = new Random(1);

        // <snippet custom-use>
        var network = new Sequential(new ColumnScale(2), new Linear(2, 16, random), new Tanh(), new Linear(16, 1, random));
        var trainer = new Trainer(network, new LogCosh(), new SignSGD(network, learningRate: 0.01))
        {
            Schedule = new InverseRoot(),
            Metrics = [new Within(0.1)],
        };
        History history = trainer.Fit(train, epochs: 200);
        Console.WriteLine(history.Best);
        // </snippet>

        history.Best!.Training[$"within {0.1}"].Should().BeGreaterThan(0.8);
        history.Epochs[0].Training[$"within {0.1}"].Should().BeLessThan(0.5, "it had to be learnt");
        history.Epochs[3].LearningRate.Should().BeApproximately(0.01 / 2, 1e-12);

        ModelFile.Save(_folder["own.safetensors"], network);
        Sequential loaded = ModelFile.Load(_folder["own.safetensors"]).Network;
        loaded.Predict(train.Inputs).Span.SequenceEqual(network.Predict(train.Inputs).Span).Should().BeTrue();
    }

    // Shapes and shared memory are checked by the container a layer is in, so these refuse nothing themselves.
    private static void CheckContract(LayerCase layer)
    {
        foreach ((string promise, Action<LayerCase> check) in LayerContract.Checks
            .Where(check => check.Key is not (nameof(LayerContract.WrongShapesAreRefused) or nameof(LayerContract.SharedMemoryIsRefused))))
        {
            check.Invoking(c => c(layer)).Should().NotThrow(promise);
        }
    }

    private static void Register()
    {
        LayerKinds.Register("Scaled", (settings, layers) => new Scaled(layers[0], (float)settings.Number("factor")));

        // <snippet custom-register>
        LayerKinds.Register("ColumnScale", settings => new ColumnScale(settings.WholeNumber("columns")));
        // </snippet>
    }

    // <snippet custom-layer>
    /// <summary>y = s·x, with a learnt factor s for each column.</summary>
    public sealed class ColumnScale : Layer
    {
        private readonly Parameter _scale;
        private readonly Parameter[] _parameters;

        public ColumnScale(int columns)
        {
            _scale = new Parameter("scale", columns);   // a vector: L2 leaves it alone, unlike a matrix, new Parameter(name, rows, columns)
            _scale.Value.Span.Fill(1);
            _parameters = [_scale];
        }

        public int Columns => _scale.Value.Columns;

        public override int? InputSize => Columns;

        public override IReadOnlyList<Parameter> Parameters => _parameters;

        protected override void Describe(Settings settings) => settings.Set("columns", Columns);

        public override void Infer(Matrix input, Matrix output)
        {
            for (int row = 0; row < input.Rows; row++)
            {
                for (int column = 0; column < input.Columns; column++)
                {
                    output[row, column] = _scale.Value[0, column] * input[row, column];
                }
            }
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
        {
            for (int row = 0; row < input.Rows; row++)
            {
                for (int column = 0; column < input.Columns; column++)
                {
                    _scale.Gradient[0, column] += outputGradient[row, column] * input[row, column];             // added
                    if (!inputGradient.IsEmpty)
                    {
                        inputGradient[row, column] = outputGradient[row, column] * _scale.Value[0, column];     // overwritten
                    }
                }
            }
        }
    }
    // </snippet>

    // <snippet custom-container>
    /// <summary>y = s·f(x): what another layer gives, times a factor s greater than 0.</summary>
    public sealed class Scaled(Layer inner, float factor) : Layer
    {
        private readonly Layer[] _layers = [inner];
        private Matrix _output, _gradient;

        private Layer Inner => _layers[0];

        public override IReadOnlyList<Layer> Children => _layers;

        public override Wiring Wiring => Wiring.Chain;

        public override int? InputSize => Inner.InputSize;

        public override int OutputSize(int inputSize) => Inner.OutputSize(inputSize);

        // What it promises follows from what its layer promises.
        public override bool PassesValuesThrough => Inner.PassesValuesThrough;

        public override (double Low, double High)? OutputRange => Inner.OutputRange is (double low, double high) ? (factor * low, factor * high) : null;

        public override bool Saturates => Inner.Saturates;

        public override Matrix ChildOutput(int child) => _output;

        protected override void Describe(Settings settings) => settings.Set("factor", factor);

        public override void Infer(Matrix input, Matrix output)
        {
            Inner.Infer(input, output);
            Scale(output, output);
        }

        public override void Recalibrate(Matrix input, Matrix output)
        {
            Inner.Recalibrate(input, output);
            Scale(output, output);
        }

        public override void Forward(Matrix input, Matrix output)
        {
            if (_output.Rows != output.Rows || _output.Columns != output.Columns)
            {
                (_output, _gradient) = (new Matrix(output.Rows, output.Columns), new Matrix(output.Rows, output.Columns));
            }

            Inner.Forward(input, _output);
            Scale(_output, output);
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
        {
            Scale(outputGradient, _gradient);
            Inner.Backward(input, _output, _gradient, inputGradient);
        }

        private void Scale(Matrix values, Matrix scaled)
        {
            for (int i = 0; i < values.Span.Length; i++)
            {
                scaled.Span[i] = factor * values.Span[i];
            }
        }
    }
    // </snippet>

    // <snippet custom-loss>
    /// <summary>L = 1/(N·K)·Σ log cosh(q − y), so that ∂L/∂q = tanh(q − y) / (N·K): squares for small errors, absolute values for large ones.</summary>
    public sealed class LogCosh : Loss
    {
        protected override double Compute(Matrix prediction, Matrix target, Matrix gradient)
        {
            int count = prediction.Span.Length;
            double sum = 0;
            for (int i = 0; i < count; i++)
            {
                double error = (double)prediction.Span[i] - target.Span[i];
                double size = Math.Abs(error);
                sum += size + Math.Log((1 + Math.Exp(-2 * size)) / 2);      // log cosh without its overflow
                if (!gradient.IsEmpty)
                {
                    gradient.Span[i] = (float)(Math.Tanh(error) / count);
                }
            }

            return sum / count;
        }
    }
    // </snippet>

    // <snippet custom-optimizer>
    /// <summary>θ := θ − γ·sign(g): every value moves by the rate, whatever the size of its gradient.</summary>
    public sealed class SignSGD(Layer network, double learningRate = 0.001) : Optimizer(network, learningRate)
    {
        protected override void Update(in ParameterUpdate update)
        {
            float rate = (float)update.LearningRate, decay = (float)(2 * update.L2);
            for (int i = 0; i < update.Value.Length; i++)
            {
                float gradient = update.Gradient[i] + (decay * update.Value[i]);
                update.Value[i] -= rate * (gradient > 0 ? 1 : gradient < 0 ? -1 : gradient);    // a NaN stays one and is found
            }

            update.Gradient.Clear();
        }
    }
    // </snippet>

    // <snippet custom-schedule>
    /// <summary>1/√(t + 1), where t epochs are done.</summary>
    public sealed class InverseRoot() : Schedule(ScheduleUnit.Epoch)
    {
        protected override double Factor(long time, long budget) => 1 / Math.Sqrt(time + 1);
    }
    // </snippet>

    // <snippet custom-metric>
    /// <summary>The fraction of values predicted within a tolerance.</summary>
    public sealed class Within(double tolerance) : Metric($"within {tolerance}", isRatio: true)      // shown in percent
    {
        protected override void AddRow(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, double weight)
        {
            for (int column = 0; column < prediction.Length; column++)
            {
                Count(Math.Abs(prediction[column] - target[column]) <= tolerance ? 1 : 0, weight);
            }
        }
    }
    // </snippet>
}
