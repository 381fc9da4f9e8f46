namespace NeuralTrain.Tests.Layers;

public sealed class StandardizationTests
{
    private static readonly Matrix Table = new float[,] { { 1, 5, 1000 }, { 2, 5, 1001 }, { 6, 5, 1005 } };

    [Fact]
    public void The_standard_score_has_mean_0_and_deviation_1_and_a_constant_column_becomes_0()
    {
        var layer = Standardization.Fit(Table);

        // Mean 3, variance (4 + 1 + 9)/3.
        double deviation = Math.Sqrt(14 / 3.0);
        layer.Shift.Value.Span.ToArray().Should().Equal(3, 5, 1002);
        layer.Scale.Value.Span.ToArray().Should().Equal((float)deviation, 1, (float)deviation);
        Matrix score = layer.Apply(Table);
        score[0, 0].Should().BeApproximately((float)(-2 / deviation), 1e-6f);
        score[2, 1].Should().Be(0);
        score[2, 2].Should().BeApproximately((float)(3 / deviation), 1e-6f);
    }

    [Fact]
    public void A_range_is_filled_by_the_training_data_and_a_constant_column_becomes_its_low_end()
    {
        Matrix ranged = Standardization.FitMinMax(Table, -1, 1).Apply(Table);
        for (int column = 0; column < 3; column += 2)
        {
            ranged[0, column].Should().BeApproximately(-1, 1e-5f);
            ranged[1, column].Should().BeApproximately(-0.6f, 1e-5f);
            ranged[2, column].Should().BeApproximately(1, 1e-5f);
        }

        ranged[1, 1].Should().Be(-1);
        Standardization.FitMinMax(Table, 0, 1).Apply(Table)[2, 0].Should().Be(1);
    }

    [Fact]
    public void The_inverse_gives_back_the_units_of_the_data()
    {
        foreach (Standardization layer in new[] { Standardization.Fit(Table), Standardization.FitMinMax(Table, -1, 1) })
        {
            Matrix back = layer.Inverse().Apply(layer.Apply(Table));
            for (int i = 0; i < 9; i++)
            {
                back.Span[i].Should().BeApproximately(Table.Span[i], 1e-4f);
            }

            layer.Inverse().Inverse().Apply(Table).Span.ToArray().Should().Equal(layer.Apply(Table).Span.ToArray());
        }
    }

    [Fact]
    public void Sums_run_in_double_where_the_mean_is_large_beside_the_deviation()
    {
        const int rows = 100_001;
        var data = new Matrix(rows, 1);
        for (int row = 0; row < rows; row++)
        {
            data[row, 0] = 1_000_000 + (row % 3);
        }

        var layer = Standardization.Fit(data);
        layer.Shift.Value[0, 0].Should().BeApproximately(1_000_001, 0.1f);
        layer.Scale.Value[0, 0].Should().BeApproximately((float)Math.Sqrt(2 / 3.0), 1e-5f);
    }

    [Fact]
    public void A_source_gives_the_same_as_its_matrix_whatever_its_batches()
    {
        var random = new Random(1);
        var inputs = new Matrix(777, 3);
        foreach (ref float value in inputs.Span)
        {
            value = (float)random.NextDouble();
        }

        var data = new Dataset(inputs, new Matrix(777, 1));
        foreach ((Standardization of, Standardization expected) in new[]
        {
            (Standardization.Fit(data), Standardization.Fit(inputs)), (Standardization.FitMinMax(data, 0, 1), Standardization.FitMinMax(inputs, 0, 1)),
        })
        {
            of.Shift.Value.Span.ToArray().Should().Equal(expected.Shift.Value.Span.ToArray());
            of.Scale.Value.Span.ToArray().Should().Equal(expected.Scale.Value.Span.ToArray());
        }
    }

    [Fact]
    public void It_stays_as_it_was_fitted_in_training_and_travels_with_a_clone()
    {
        var network = new Sequential(Standardization.Fit(Table), new Linear(3, 2, new Random(1)), Standardization.Fit(new float[,] { { 1, 2 }, { 3, 8 } }).Inverse());
        var optimizer = new SGD(network, learningRate: 0.1) { L2 = 0.1 };
        float[] before = Statistics(network);
        for (int step = 0; step < 3; step++)
        {
            var gradient = new Matrix(3, 2);
            new MeanSquaredError().Evaluate(network.Forward(Table), new Matrix(3, 2), gradient);
            network.Backward(gradient);
            optimizer.Step();
        }

        Statistics(network).Should().Equal(before);
        var copy = (Sequential)network.Clone();
        copy.Predict(Table).Span.ToArray().Should().Equal(network.Predict(Table).Span.ToArray());
    }

    [Fact]
    public void Data_it_cannot_be_fitted_on_are_refused()
    {
        ((Action)(() => Standardization.Fit(default(Matrix)))).Should().Throw<ArgumentException>().WithMessage("*at least one row*");
        ((Action)(() => Standardization.Fit(new float[,] { { 1, 2 }, { 3, float.NaN } }))).Should().Throw<ArgumentException>().WithMessage("*NaN in row 1, column 1*");
        ((Action)(() => Standardization.FitMinMax(new float[,] { { float.MinValue }, { float.MaxValue } }, 0, 1)))
            .Should().Throw<ArgumentException>().WithMessage("*Column 0*beyond what a float holds*");
        ((Action)(() => Standardization.FitMinMax(Table, 1, 1))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*[1, 1]*");
        ((Action)(() => _ = new Standardization(0))).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static float[] Statistics(Layer layer) =>
        [.. layer.NamedParameters().Where(named => named.Parameter.IsStatistic).SelectMany(named => named.Parameter.Value.Span.ToArray())];
}
