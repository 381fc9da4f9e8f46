using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Diagnostics;

/// <summary>A custom layer that is registered nowhere works with everything that looks at a network, trains a clone, or serves it.</summary>
public sealed class CustomLayerTests
{
    private static readonly SoftmaxCrossEntropy Loss = new();

    [Fact]
    public void A_layer_of_two_methods_is_checked_overfitted_measured_watched_and_summed_up()
    {
        Sequential network = Network(new Cube());
        Dataset data = LiveStateTests.Data(100);
        var optimizer = new Adam(network, 0.003);
        network.Check(data, Loss, optimizer).HasErrors.Should().BeFalse();
        network.OverfitOneBatch(data, Loss).Reached.Should().BeTrue();
        LearningRateFinder.Run(network, data, Loss, optimizer).Points.Should().NotBeEmpty();
        ActivationStatistics.Measure(network, data).Layers[1].Layer.Should().Be("Cube");
        network.Summary(batchSize: 5).ActivationBytes.Should().Be(4 * 5 * (8 + 8 + 3));
        GradientCheck.Run(network, data.Inputs, data.Targets, Loss).Verdict.Should().Be(GradientCheckVerdict.Passed);
    }

    [Fact]
    public void A_layer_of_two_methods_is_served()
    {
        Sequential network = Network(new Cube());
        Matrix inputs = LiveStateTests.Data(10).Inputs;
        var predictor = new Predictor(network, OutputKind.Margins);
        predictor.Predict(inputs).Span.ToArray().Should().Equal(network.Predict(inputs).Span.ToArray());
    }

    [Fact]
    public void A_random_layer_takes_part_in_Monte_Carlo_and_its_masks_are_those_of_the_seed()
    {
        Sequential network = Network(new CoinFlip());
        Matrix inputs = LiveStateTests.Data(10).Inputs;
        MonteCarloPrediction many = MonteCarlo.Predict(network, inputs, passes: 20, seed: 3);
        many.StandardDeviation.Span.ToArray().Should().OnlyContain(spread => spread > 0);
        network.Forward(inputs);
        MonteCarlo.Predict(network, inputs, passes: 20, seed: 3).Mean.Span.ToArray().Should().Equal(many.Mean.Span.ToArray());
    }

    [Fact]
    public void Probabilities_of_a_custom_layer_are_not_made_probabilities_a_second_time() =>
        FluentActions.Invoking(() => new Predictor(Network(new Cube(), new Half()), OutputKind.ClassScores))
            .Should().Throw<ArgumentException>().WithMessage("*ends in Half*second time*");

    [Fact]
    public void A_custom_dropout_after_SELU_is_found_by_the_zeros_it_makes()
    {
        var random = new Random(1);
        var network = new Sequential(new Linear(4, 8, random), new SELU(), new CoinFlip(), new Linear(8, 3, random));
        network.Check(LiveStateTests.Data(100), Loss).Should().ContainSingle(finding => finding.Code == "NT020").Which.Place.Should().Be("2");
    }

    [Fact]
    public void A_layer_whose_prediction_mixes_rows_is_refused_by_a_predictor_and_noted_by_a_gradient_check()
    {
        FluentActions.Invoking(() => new Predictor(Network(new Centering()), OutputKind.ClassScores))
            .Should().Throw<ArgumentException>().WithMessage("Infer of layer '1', Centering, gives * for row 0 alone, but * among 2 rows: compute each output row*");
        FluentActions.Invoking(() => new Predictor(new Sequential(new Linear(4, 4, new Random(1)), new Residual(new Centering())), OutputKind.Values))
            .Should().Throw<ArgumentException>().WithMessage("Infer of layer '1.0', Centering*");
        GradientCheckResult result = GradientCheck.Run(new Centering(), inputSize: 3);
        result.Verdict.Should().Be(GradientCheckVerdict.Wrong);
        result.Problems.Should().ContainSingle().Which.Should().StartWith("Infer of Centering gives");
    }

    private static Sequential Network(Layer middle, Layer? end = null)
    {
        var random = new Random(1);
        return new Sequential([new Linear(4, 8, random), middle, new Linear(8, 3, random), .. end is null ? [] : new[] { end }]);
    }

    private class Cube : Layer
    {
        public override void Infer(Matrix input, Matrix output)
        {
            for (int i = 0; i < input.Span.Length; i++)
            {
                output.Span[i] = input.Span[i] + (0.1f * input.Span[i] * input.Span[i] * input.Span[i]);
            }
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
        {
            for (int i = 0; i < inputGradient.Span.Length; i++)
            {
                inputGradient.Span[i] = (1 + (0.3f * input.Span[i] * input.Span[i])) * outputGradient.Span[i];
            }
        }
    }

    private sealed class Half : Cube
    {
        public override (double Low, double High)? OutputRange => (0, 0.5);
    }

    // Keeps a value or sets it to 0, each half of the time.
    private sealed class CoinFlip : Layer
    {
        private readonly RandomStream _stream = new(new Random(7));
        private float[] _mask = [];

        public override RandomStream RandomStream => _stream;

        public override bool PassesValuesThrough => true;

        public override void Infer(Matrix input, Matrix output) => input.Span.CopyTo(output.Span);

        public override void Forward(Matrix input, Matrix output)
        {
            if (_mask.Length != input.Span.Length)
            {
                _mask = new float[input.Span.Length];
            }

            _stream.FillUniform(_mask);
            for (int i = 0; i < _mask.Length; i++)
            {
                _mask[i] = _mask[i] < 0.5f ? 0 : 2;
                output.Span[i] = _mask[i] * input.Span[i];
            }
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
        {
            for (int i = 0; i < inputGradient.Span.Length; i++)
            {
                inputGradient.Span[i] = _mask[i] * outputGradient.Span[i];
            }
        }
    }
}
