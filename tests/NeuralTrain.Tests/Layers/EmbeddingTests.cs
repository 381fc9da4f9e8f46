namespace NeuralTrain.Tests.Layers;

public sealed class EmbeddingTests
{
    [Fact]
    public void Columns_with_categories_are_replaced_where_they_are_and_others_pass_through()
    {
        var layer = new Embedding(4, new Random(1), (3, 2, 1), (1, 3, 2));
        layer.Columns.Should().Equal((1, 3, 2), (3, 2, 1));
        layer.Parameters.Select(parameter => $"{parameter}").Should().Equal("weight_1 [3, 2]", "weight_3 [2, 1]");
        layer.ToString().Should().Be("Embedding(4 → 5, column 1: 3 × 2, column 3: 2 × 1)");
        ((Matrix)new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }).CopyTo(layer.Parameters[0].Value);
        ((Matrix)new float[,] { { 7 }, { 8 } }).CopyTo(layer.Parameters[1].Value);

        new Sequential(layer).Predict(new float[,] { { 0.5f, 2, -1, 0 }, { 0.25f, 0, -2, 1 } }).ToArray()
            .Should().BeEquivalentTo(new float[,] { { 0.5f, 5, 6, -1, 7 }, { 0.25f, 1, 2, -2, 8 } });
    }

    [Theory]
    [InlineData(1.5f, "1.5")]
    [InlineData(-1f, "-1")]
    [InlineData(3f, "3")]
    [InlineData(1e20f, "1E+20")]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void What_is_not_the_number_of_a_category_is_refused(float value, string received)
    {
        var network = new Sequential(new Embedding(2, new Random(1), (1, 3, 2)), new Linear(3, 1, new Random(2)));
        var few = new Matrix(2, 2);
        few[1, 1] = value;
        var many = new Matrix(3000, 2);
        many[2345, 1] = value;
        foreach (Action act in new Action[] { () => network.Forward(few), () => network.Predict(few), () => network.Predict(many) })
        {
            act.Should().Throw<ArgumentException>().WithMessage($"Column 1 holds numbers of categories, whole numbers from 0 to 2, received {received}. *");
        }
    }

    [Fact]
    public void Columns_that_make_no_sense_are_refused()
    {
        Refusal(() => _ = new Embedding(3, new Random(1))).Should().Contain("at least one column");
        Refusal(() => _ = new Embedding(3, new Random(1), (3, 2, 2))).Should().Contain("Column 3 does not exist");
        Refusal(() => _ = new Embedding(3, new Random(1), (-1, 2, 2))).Should().Contain("Column -1 does not exist");
        Refusal(() => _ = new Embedding(3, new Random(1), (1, 2, 2), (1, 3, 2))).Should().Contain("Column 1 is embedded twice");
        Refusal(() => _ = new Embedding(3, new Random(1), (1, 0, 2))).Should().Contain("categories must be 1 or more");
        Refusal(() => _ = new Embedding(3, new Random(1), (1, 2, 0))).Should().Contain("size must be 1 or more");

        static string Refusal(Action act) => act.Should().Throw<ArgumentException>().Which.Message;
    }

    [Fact]
    public void Other_columns_are_noticed_on_resuming()
    {
        Settings now = LayerKinds.Describe(new Embedding(4, new Random(1), (1, 3, 2), (3, 2, 1)), withState: false);
        now.DifferencesFrom(LayerKinds.Describe(new Embedding(4, new Random(2), (3, 2, 1), (1, 3, 2)), withState: false)).Should().BeEmpty();
        now.DifferencesFrom(LayerKinds.Describe(new Embedding(4, new Random(1), (0, 3, 2), (3, 4, 1)), withState: false))
            .Should().Equal("0: Column column 1, was 0", "1: Column categories 2, was 4");
    }

    [Fact]
    public void A_gradient_check_compares_what_can_be_moved_and_counts_the_rest()
    {
        var network = new Sequential(new Embedding(3, new Random(1), (1, 9, 2)), new Linear(4, 2, new Random(2)), new Tanh());
        GradientCheckResult result = GradientCheck.Run(network, new float[,] { { 0.3f, 4, -1 }, { 1, 8, 2 }, { -0.2f, 0, 0.7f } });
        result.ThrowIfWrong();
        GradientCheckRow inputs = result.Rows.Single(row => row.Name == "(input)");
        inputs.NotFinite.Should().Be(3);
        inputs.Agreeing.Should().Be(6);
        result.Rows.Single(row => row.Name == "0.weight_1").Agreeing.Should().Be(18);

        Action random = () => GradientCheck.Run(network, inputSize: 3);
        random.Should().Throw<ArgumentException>().WithMessage("Column 1 holds numbers of categories*");
    }

    [Fact]
    public void The_numbers_of_categories_are_not_taken_for_features_out_of_scale()
    {
        (Dataset data, Sequential network) = Categories();
        network.Check(data, new MeanSquaredError()).Should().BeEmpty();
    }

    [Fact]
    public void It_learns_a_number_for_each_category()
    {
        (Dataset data, Sequential network) = Categories();
        new Trainer(network, new MeanSquaredError(), new Adam(network, 0.02)) { BatchSize = 32 }.Fit(data, epochs: 60);
        network.Evaluate(data, new MeanSquaredError()).Loss.Should().BeLessThan(0.05, "the variance of the targets is 0.5");
    }

    // The target is sin(code · 2.4) + x: no smooth function of the code.
    private static (Dataset Data, Sequential Network) Categories()
    {
        var random = new Random(3);
        Matrix inputs = new(400, 2), targets = new(400, 1);
        for (int row = 0; row < inputs.Rows; row++)
        {
            (inputs[row, 0], inputs[row, 1]) = (random.Next(50), random.NextSingle() - 0.5f);
            targets[row, 0] = MathF.Sin(inputs[row, 0] * 2.4f) + inputs[row, 1];
        }

        return (new Dataset(inputs, targets), new Sequential(new Embedding(2, random, (0, 50, 4)), new Linear(5, 16, random), new ReLU(), new Linear(16, 1, random)));
    }
}
