using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Diagnostics;

public sealed class ActivationStatisticsTests
{
    [Fact]
    [Trait("Lecture", "L2.8")]
    public void The_figures_are_those_of_the_plain_formulas()
    {
        Matrix inputs = LiveStateTests.Data(50).Inputs;
        var network = new Sequential(new ReLU(), new Tanh());
        ActivationStatistics statistics = ActivationStatistics.Measure(network, inputs, buckets: 7);
        statistics.Rows.Should().Be(50);
        statistics.Layers.Select(layer => (layer.Path, layer.Layer, layer.Units, layer.Count)).Should().Equal(("0", "ReLU", 4, 200), ("1", "Tanh", 4, 200));

        double[] values = [.. inputs.Span.ToArray().Select(x => (double)Math.Max(x, 0))];
        double mean = values.Sum() / 200, deviation = Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / 200);
        LayerActivations relu = statistics.Layers[0];
        relu.Mean.Should().BeApproximately(mean, 1e-9);
        relu.StandardDeviation.Should().BeApproximately(deviation, 1e-9);
        (relu.Minimum, relu.Maximum).Should().Be((0, values.Max()));
        relu.ZeroRatio.Should().Be(values.Count(x => x == 0) / 200.0);
        relu.Saturated.Should().BeNull();
        relu.NonFinite.Should().Be(0);
        statistics.Layers[1].Saturated.Should().Be(values.Count(x => Math.Tanh(x) > 0.98) / 200.0);

        double width = values.Max() / 7;
        relu.Histogram!.Width.Should().BeApproximately(width, 1e-9);
        relu.Histogram.Counts.Should().Equal(Enumerable.Range(0, 7).Select(i => values.LongCount(
            x => (x > i * width || i == 0) && (x <= (i + 1) * width || i == 6))));
    }

    [Fact]
    public void Dead_units_constant_values_and_what_is_not_finite_are_told_apart()
    {
        Matrix inputs = new float[,] { { -1, 2, 0 }, { -3, float.NaN, 0 } };
        var network = new Sequential(new Identity(), new ReLU());
        LayerActivations bad = ActivationStatistics.Measure(network, inputs).Layers[0];
        (bad.NonFinite, bad.Minimum, bad.Maximum).Should().Be((1, -3, 2));
        ActivationStatistics.Measure(network, new float[,] { { -1, 2, 0 }, { -3, float.PositiveInfinity, 0 } }).Layers[1].DeadUnits.Should().Be(0, "units are not counted where values are not finite");
        LayerActivations dead = ActivationStatistics.Measure(network, new float[,] { { -1, 2, 0 }, { -3, 1, 0 } }).Layers[1];
        (dead.DeadUnits, dead.ZeroRatio).Should().Be((2, 4 / 6.0));
        ValueHistogram constant = ActivationStatistics.Measure(network, new float[,] { { 3, 3, 3 } }).Layers[1].Histogram!;
        (constant.Lower, constant.Upper, constant.Counts.Sum()).Should().Be((1.5, 4.5, 3));
        ValueHistogram small = ActivationStatistics.Measure(network, new float[,] { { 0.25f, 0.25f } }).Layers[1].Histogram!;
        (small.Lower, small.Upper).Should().Be((-0.25, 0.75));
        ActivationStatistics.Measure(new Sequential(new ELU(2)), new float[,] { { -20, -30, 1, 5 } }).Layers[0].Saturated.Should().Be(0.5, "two of four values lie at the lower end");
        LayerActivations none = ActivationStatistics.Measure(network, new float[,] { { float.NaN } }).Layers[0];
        none.Histogram.Should().BeNull();
        none.Mean.Should().Be(double.NaN);
    }

    [Fact]
    public void Layers_in_containers_have_lines_of_their_own_and_chains_have_none()
    {
        var random = new Random(1);
        var network = new Sequential(
            new Sequential(new Linear(4, 5, random), new Tanh()), new Residual(new Linear(5, 5, random), new ReLU()),
            new Concatenate(new Identity(), new Sequential(new Linear(5, 2, random))));
        Matrix inputs = LiveStateTests.Data(9).Inputs;
        ActivationStatistics statistics = ActivationStatistics.Measure(network, inputs);
        statistics.Layers.Select(layer => layer.Path).Should().Equal("0.0", "0.1", "1.0", "1.1", "1", "2.0", "2.1.0", "2");
        Matrix output = network.Predict(inputs);
        statistics.Layers[^1].Units.Should().Be(7);
        statistics.Layers[^1].Maximum.Should().Be(output.Span.ToArray().Max());
        statistics.Layers[5].Mean.Should().Be(statistics.Layers[4].Mean, "the identity gives what the residual block gave");
    }

    [Fact]
    [Trait("Lecture", "L2.2")]
    public void Weights_that_are_too_small_let_activations_die_out_layer_by_layer_and_too_large_ones_saturate()
    {
        double[] small = [.. Deep(new Normal(0.01)).Select(layer => layer.StandardDeviation)];
        small.Should().BeInDescendingOrder();
        small[^1].Should().BeLessThan(1e-4);
        Deep(new Normal(1)).Should().OnlyContain(layer => layer.Saturated > 0.5, "most values lie at the ends");
        Deep(new LeCunNormal()).Should().OnlyContain(layer => layer.StandardDeviation > 0.2 && layer.Saturated < 0.05);

        static LayerActivations[] Deep(Initializer initializer)
        {
            var random = new Random(1);
            Layer[] layers = [.. Enumerable.Range(0, 6).SelectMany(i => new Layer[] { new Linear(i == 0 ? 4 : 100, 100, random, weightInitializer: initializer), new Tanh() })];
            Dataset data = LiveStateTests.Data(100);
            var first = new Linear(4, 100, random, weightInitializer: new Normal(0.5));
            layers[0] = first;
            return [.. ActivationStatistics.Measure(new Sequential(layers), data).Layers.Where(layer => layer.Layer == "Tanh").Skip(1)];
        }
    }

    [Fact]
    public void The_network_is_left_alone_to_the_bit()
    {
        (Sequential network, Optimizer optimizer) = LiveStateTests.InTraining();
        IReadOnlyList<string> before = LiveState.Of(network, optimizer);
        ActivationStatistics.Measure(network, LiveStateTests.Data(20));
        LiveState.Of(network, optimizer).Should().Equal(before);
    }

    [Fact]
    public void At_most_a_thousand_rows_are_looked_at_spread_over_a_data_set_and_the_first_of_a_stream()
    {
        var network = new Sequential(new Identity());
        float[][] numbers = [.. Enumerable.Range(0, 1500).Select(i => new float[] { i })];
        StreamedData stream = StreamedData.From(() => numbers, row => row, row => row);
        Of(new Dataset(numbers, numbers)).Should().Be((1000, 1498));
        Of(new Dataset(numbers, numbers)[..700]).Should().Be((700, 699));
        Of(stream).Should().Be((1000, 999));
        ((Action)(() => Of(StreamedData.From(() => numbers[..0], row => row, row => row)))).Should().Throw<ArgumentException>();

        (int Rows, double Maximum) Of(BatchSource data)
        {
            ActivationStatistics statistics = ActivationStatistics.Measure(network, data);
            return (statistics.Rows, statistics.Layers[0].Maximum);
        }
    }

    [Fact]
    public void The_table_reads_well()
    {
        var network = new Sequential(new ReLU(), new Sigmoid());
        ActivationStatistics.Measure(network, new float[,] { { -1, 2 }, { -3, 10 } }, buckets: 4).ToString().Should().Be("""
            path  layer    mean  std dev  min  max  zeros  saturated    dead  values
            0     ReLU        3     4.12    0   10   50 %             1 of 2  █  ▃
            1     Sigmoid  0.72    0.224  0.5    1    0 %       25 %          █  █
            """.ReplaceLineEndings("\n"));
    }
}
