namespace NeuralTrain.Tests.Layers;

[Trait("Lecture", "L6.2")]
public sealed class RecalibrationTests
{
    [Fact]
    public void One_pass_over_the_data_replaces_the_running_statistics_by_those_of_the_whole_data()
    {
        Matrix data = RandomData(50, 3, seed: 1);
        var layer = new BatchNorm(3);
        layer.RunningMean.Value.Span.Fill(77);
        layer.Recalibrate(data);
        RequireStatistics(layer, data);
    }

    [Fact]
    public void In_a_network_a_later_normalisation_measures_what_the_earlier_one_gives_with_its_new_statistics()
    {
        var first = new BatchNorm(4);
        var second = new BatchNorm(2);
        var network = new Sequential(new Linear(3, 4, new Random(1)), first, new Sigmoid(), new Linear(4, 2, new Random(2)), second);
        Matrix data = RandomData(60, 3, seed: 2);
        for (int step = 0; step < 3; step++)
        {
            network.Forward(RandomData(8, 3, seed: 10 + step));
        }

        network.Recalibrate(data);

        RequireStatistics(first, Outputs(network, data, upTo: 1));
        RequireStatistics(second, Outputs(network, data, upTo: 4));
    }

    [Fact]
    public void Prediction_over_the_same_data_is_then_normalised()
    {
        var network = new Sequential(new Linear(3, 4, new Random(1)), new Sigmoid(), new BatchNorm(4));
        Matrix data = RandomData(40, 3, seed: 3);
        network.Recalibrate(data);
        Matrix output = network.Predict(data);
        for (int column = 0; column < 4; column++)
        {
            double[] values = [.. Enumerable.Range(0, 40).Select(row => (double)output[row, column])];
            values.Average().Should().BeApproximately(0, 1e-6);
            (values.Sum(value => value * value) / 39).Should().BeApproximately(1, 0.01);
        }
    }

    [Fact]
    public void Containers_pass_the_data_on_to_the_layers_inside()
    {
        var inside = new BatchNorm(3);
        var branch = new BatchNorm(3);
        var network = new Sequential(new Residual(inside, new Sigmoid()), new Concatenate(new Sigmoid(), new Sequential(branch)));
        Matrix data = RandomData(30, 3, seed: 4);
        network.Recalibrate(data);
        RequireStatistics(inside, data);
        RequireStatistics(branch, Outputs(network, data, upTo: 1));
    }

    [Fact]
    public void A_frozen_normalisation_keeps_its_statistics()
    {
        var layer = new BatchNorm(3);
        layer.Freeze();
        new Sequential(new Sigmoid(), layer).Recalibrate(RandomData(30, 3, seed: 5));
        layer.RunningMean.Value.Span.ToArray().Should().Equal(0, 0, 0);
        layer.RunningVariance.Value.Span.ToArray().Should().Equal(1, 1, 1);
    }

    [Fact]
    public void A_single_row_has_no_variance_and_is_refused()
    {
        var layer = new BatchNorm(3);
        Action recalibrate = () => layer.Recalibrate(new Matrix(1, 3));
        recalibrate.Should().Throw<ArgumentException>().WithMessage("BatchNorm(3) expects*2 or more rows*");
    }

    [Fact]
    public void A_container_of_ones_own_that_does_not_pass_the_data_on_is_refused()
    {
        Action recalibrate = () => new Wrapper(new BatchNorm(3)).Recalibrate(new Matrix(4, 3));
        recalibrate.Should().Throw<NotSupportedException>().WithMessage("*Override Recalibrate*");
        new Wrapper(new Sigmoid()).Recalibrate(new Matrix(4, 3));
    }

    private static void RequireStatistics(BatchNorm layer, Matrix inputs)
    {
        for (int column = 0; column < inputs.Columns; column++)
        {
            double[] values = [.. Enumerable.Range(0, inputs.Rows).Select(row => (double)inputs[row, column])];
            double mean = values.Average();
            double variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
            layer.RunningMean.Value.Span[column].Should().BeApproximately((float)mean, 1e-6f);
            layer.RunningVariance.Value.Span[column].Should().BeApproximately((float)variance, (float)(1e-5 * variance));
        }
    }

    private static Matrix Outputs(Sequential network, Matrix data, int upTo)
    {
        Matrix current = data;
        for (int i = 0; i < upTo; i++)
        {
            var next = new Matrix(data.Rows, network.Children[i].OutputSize(current.Columns));
            network.Children[i].Infer(current, next);
            current = next;
        }

        return current;
    }

    private static Matrix RandomData(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var data = new Matrix(rows, columns);
        foreach (ref float value in data.Span)
        {
            value = (float)((random.NextDouble() * 3) + 1);
        }

        return data;
    }

    private sealed class Wrapper(Layer inner) : Layer
    {
        public override IReadOnlyList<Layer> Children => [inner];

        public override void Infer(Matrix input, Matrix output) => inner.Infer(input, output);

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) =>
            inner.Backward(input, output, outputGradient, inputGradient);
    }
}
