namespace NeuralTrain.Tests.Diagnostics;

public sealed class ConfusionMatrixTests
{
    private static readonly Sequential Echo = new(new Identity());

    [Fact]
    public void Rows_are_what_it_was_and_columns_what_was_predicted()
    {
        Matrix scores = new float[,] { { 3, 1, 0 }, { 0, 5, 1 }, { 2, 1, 0 }, { 0, 1, 2 }, { 0, 1, 0 } };
        var data = new Dataset(scores, OneHot.Encode([0, 1, 1, 2, 2], 3), classes: ["ant", "bee", "cat"]);
        ConfusionMatrix matrix = ConfusionMatrix.Of(Echo, data);
        matrix.Counts.Should().BeEquivalentTo<long[]>([[1, 0, 0], [1, 1, 0], [0, 1, 1]], options => options.WithStrictOrdering());
        matrix[1, 0].Should().Be(1);
        matrix.Total.Should().Be(5);
        matrix.Accuracy.Should().Be(0.6);
        matrix.ToString().ReplaceLineEndings("\n").Should().Be(
            "actual \\ predicted  ant  bee  cat\n" +
            "ant                   1    0    0\n" +
            "bee                   1    1    0\n" +
            "cat                   0    1    1");
    }

    [Fact]
    public void Precision_recall_and_F1_of_each_class_are_fractions_of_its_column_and_row_and_their_means_the_metrics()
    {
        Matrix scores = new float[,] { { 3, 1, 0 }, { 0, 5, 1 }, { 2, 1, 0 }, { 0, 1, 2 }, { 0, 1, 0 }, { 4, 1, 0 } };
        var data = new Dataset(scores, OneHot.Encode([0, 1, 1, 2, 2, 2], 3));
        ConfusionMatrix matrix = ConfusionMatrix.Of(Echo, data);
        Enumerable.Range(0, 3).Select(matrix.Precision).Should().Equal(1 / 3.0, 1 / 2.0, 1);
        Enumerable.Range(0, 3).Select(matrix.Recall).Should().Equal(1, 1 / 2.0, 1 / 3.0);
        Enumerable.Range(0, 3).Select(matrix.F1).Should().Equal(2 / 4.0, 2 / 4.0, 2 / 4.0);
        Evaluation measured = Echo.Evaluate(data, new SoftmaxCrossEntropy(), new Precision(), new Recall(), new F1());
        measured["precision"].Should().BeApproximately(Enumerable.Range(0, 3).Average(matrix.Precision), 1e-12);
        measured["recall"].Should().BeApproximately(Enumerable.Range(0, 3).Average(matrix.Recall), 1e-12);
        measured["F1"].Should().BeApproximately(Enumerable.Range(0, 3).Average(matrix.F1), 1e-12);
    }

    [Fact]
    public void A_class_that_never_occurs_has_zeros_and_no_NaN()
    {
        var matrix = new ConfusionMatrix(["a", "b"], [[2, 0], [0, 0]]);
        (matrix.Precision(1), matrix.Recall(1), matrix.F1(1)).Should().Be((0, 0, 0));
    }

    [Fact]
    public void A_single_column_gives_the_classes_0_and_1()
    {
        var data = new Dataset(new Matrix([-1f, 2, 0.3f], 3, 1), new Matrix([0f, 1, 0], 3, 1));
        ConfusionMatrix matrix = ConfusionMatrix.Of(Echo, data, OutputKind.BinaryScores);
        matrix.Classes.Should().Equal("0", "1");
        matrix.Counts.Should().BeEquivalentTo<long[]>([[1, 1], [0, 1]], options => options.WithStrictOrdering());
    }

    [Fact]
    public void A_single_column_is_no_score_of_classes()
    {
        // Behind a sigmoid each output is above 0.
        var data = new Dataset(new Matrix([0.1f, 0.9f], 2, 1), new Matrix([0f, 1], 2, 1));
        Action of = () => ConfusionMatrix.Of(Echo, data);
        of.Should().Throw<ArgumentException>().WithMessage("A single column is a binary decision*loss.OutputKind*");
        ConfusionMatrix.Of(Echo, data, OutputKind.Values).Accuracy.Should().Be(1);
    }

    [Theory]
    [InlineData(OutputKind.Values)]
    [InlineData(OutputKind.ClassScores)]
    [InlineData(OutputKind.Margins)]
    public void Numbers_are_not_classes(OutputKind kind)
    {
        var network = new Sequential(new Linear(1, 2, new Random(1)));
        Matrix inputs = new float[,] { { 1 }, { 2 } };
        ((Action)(() => ConfusionMatrix.Of(network, new Dataset(inputs, new float[,] { { 1, 0 }, { 15.5f, 21 } }), kind)))
            .Should().Throw<ArgumentException>().WithMessage("*'confusion matrix' measures decisions*a row is 15.5, 21*AbsoluteError*");
    }

    [Fact]
    public void Questions_of_their_own_have_no_classes()
    {
        Action of = () => ConfusionMatrix.Of(Echo, new Dataset(new Matrix(1, 2), new Matrix(1, 2)), OutputKind.BinaryScores);
        of.Should().Throw<ArgumentException>().WithMessage("*2 columns are separate binary decisions*");
    }
}
