namespace NeuralTrain.Tests.Data;

public sealed class DatasetRangeTests
{
    private static readonly Dataset Data = new(
        new float[,] { { 0, 1 }, { 2, 3 }, { 4, 5 }, { 6, 7 } }, new float[,] { { 1, 0 }, { 0, 1 }, { 1, 0 }, { 0, 1 } }, ["a", "b"], classes: ["no", "yes"], sampleWeights: [1, 2, 3, 4]);

    [Fact]
    public void A_range_views_its_rows_with_all_names_and_weights()
    {
        Dataset part = Data[1..3];
        part.Inputs.Should().Be(Data.Inputs.SliceRows(1, 2), "nothing is copied");
        part.Targets.Should().Be(Data.Targets.SliceRows(1, 2));
        part.SampleWeights.ToArray().Should().Equal(2, 3);
        (part.InputNames, part.Classes, part.Count).Should().BeEquivalentTo((Data.InputNames, Data.Classes, 2));
        Data[^1..].Inputs.Row(0).ToArray().Should().Equal(6, 7);
        Data[..].Count.Should().Be(4);
    }

    [Fact]
    public void A_range_of_no_rows_or_of_more_than_there_are_is_refused()
    {
        foreach (Range rows in new[] { 0..5, 4.., 2..2, 3..1, ^5.. })
        {
            ((Func<Dataset>)(() => Data[rows])).Should().Throw<ArgumentOutOfRangeException>().WithMessage($"The rows must be one or more of the 4, received {rows}*");
        }
    }

    [Fact]
    public void Inputs_and_targets_need_the_same_rows_at_least_one()
    {
        foreach (var (inputs, targets) in new[] { (new Matrix(3, 2), new Matrix(4, 1)), (new Matrix(4, 2), new Matrix(3, 1)), (new Matrix(0, 2), new Matrix(0, 1)), (new Matrix(3, 2), new Matrix(3, 0)), (new Matrix(3, 0), new Matrix(3, 1)) })
        {
            ((Action)(() => _ = new Dataset(inputs, targets))).Should().Throw<ArgumentException>().WithMessage($"*received {inputs.Rows}×{inputs.Columns} inputs and {targets.Rows}×{targets.Columns} targets*");
        }
    }

    [Fact]
    public void Three_parts_have_each_row_once_and_are_split_by_class_if_asked()
    {
        var inputs = new Matrix(200, 1);
        int[] labels = [.. Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? 1 : 0)];
        for (int i = 0; i < 200; i++) inputs[i, 0] = i;
        var data = new Dataset(inputs, OneHot.Encode(labels, 2));
        (Dataset train, Dataset validation, Dataset test) = data.Split(0.7, 0.2, new Random(1), stratified: true);
        (train.Count, validation.Count, test.Count).Should().Be((140, 40, 20));
        train.Inputs.Span.ToArray().Concat(validation.Inputs.Span.ToArray()).Concat(test.Inputs.Span.ToArray()).Order().Should().Equal(inputs.Span.ToArray());
        new[] { train, validation, test }.Select(part => part.Labels.ToArray().Sum()).Should().Equal(14, 4, 2);
    }

    [Theory]
    [InlineData(0, 0.5, "train")]
    [InlineData(1, 0.5, "train")]
    [InlineData(0.7, 0.3, "validation")]
    [InlineData(0.7, 0, "validation")]
    public void Three_parts_that_leave_nothing_for_one_are_refused(double train, double validation, string parameter) =>
        Data.Invoking(data => data.Split(train, validation, new Random(1))).Should().Throw<ArgumentOutOfRangeException>().WithParameterName(parameter);

    [Fact]
    public void One_target_is_not_one_targets()
    {
        Data.ToString().Should().Be("4 samples of 2 inputs and 2 classes");
        new Dataset(new Matrix(1, 1), new Matrix(1, 1)).ToString().Should().Be("1 sample of 1 input and 1 target");
    }
}
