namespace NeuralTrain.Tests.Data;

public sealed class DatasetPartsTests
{
    // 60 of class 0, 30 of class 1, 10 of class 2, sorted by class as many files are.
    private static readonly int[] Sizes = [60, 30, 10];

    [Fact]
    public void A_split_has_every_row_in_exactly_one_part()
    {
        Dataset data = DatasetReaderTests.Numbered(11, weighted: true);
        (Dataset train, Dataset test) = data.Split(0.75, new Random(1));
        (train.Inputs.Rows, test.Inputs.Rows).Should().Be((8, 3));
        Rows(train).Concat(Rows(test)).Order().Should().Equal(Rows(data));
        train.SampleWeights.ToArray().Should().Equal(Rows(train).Select(row => row + 1));
        train.Targets.Span.ToArray().Should().Equal(Rows(train).Select(row => 10 * row));
    }

    [Fact]
    public void The_same_seed_gives_the_same_split_and_another_another()
    {
        Dataset data = DatasetReaderTests.Numbered(50);
        string Split(int seed) => string.Join(',', Rows(data.Split(0.5, new Random(seed)).Train));
        Split(1).Should().Be(Split(1));
        Split(1).Should().NotBe(Split(2));
    }

    [Theory]
    [InlineData(2, 0.001, 1)]
    [InlineData(2, 0.999, 1)]
    [InlineData(100, 0.001, 1)]
    [InlineData(100, 0.9999, 99)]
    public void Neither_part_is_empty(int rows, double fraction, int first)
    {
        (Dataset train, Dataset test) = DatasetReaderTests.Numbered(rows).Split(fraction, new Random(1));
        (train.Inputs.Rows, test.Inputs.Rows).Should().Be((first, rows - first));
    }

    [Theory]
    [InlineData(0.8, "48,24,8", "12,6,2")]
    [InlineData(0.99, "59,29,9", "1,1,1")]
    [InlineData(0.01, "1,1,1", "59,29,9")]
    public void A_stratified_split_gives_each_class_its_share_and_both_parts_some(double fraction, string inTrain, string inTest)
    {
        (Dataset train, Dataset test) = Classes(Sizes).Split(fraction, new Random(1), stratified: true);
        (ClassCounts(train), ClassCounts(test)).Should().Be((inTrain, inTest));
        train.Classes.Should().Equal("a", "b", "c");
        train.InputNames.Should().Equal("x");
    }

    [Fact]
    public void Rows_spread_evenly_are_as_many_as_asked_for_and_the_set_itself_if_there_are_no_more()
    {
        Dataset data = Classes(Sizes);
        data.Spread(data.Count).Should().BeSameAs(data);
        data.Spread(data.Count - 1).Count.Should().Be(data.Count - 1);
    }

    [Fact]
    public void Classes_of_a_single_sample_or_none_can_be_split_too()
    {
        (Dataset train, Dataset test) = Classes([1, 0, 1]).Split(0.5, new Random(1), stratified: true);
        (train.Inputs.Rows, test.Inputs.Rows).Should().Be((1, 1));
        (train, test) = Classes([0, 1, 1]).Split(0.01, new Random(1), stratified: true);
        (train.Inputs.Rows, test.Inputs.Rows).Should().Be((1, 1));
        (train, test) = Classes([1, 1, 1]).Split(0.99, new Random(1), stratified: true);
        (train.Inputs.Rows, test.Inputs.Rows).Should().Be((2, 1));
    }

    [Fact]
    public void Every_row_is_held_out_exactly_once_and_trained_on_else()
    {
        Dataset data = DatasetReaderTests.Numbered(11);
        IReadOnlyList<(Dataset Train, Dataset Validation)> folds = data.Folds(3, new Random(1));
        folds.Select(fold => fold.Validation.Inputs.Rows).Should().BeEquivalentTo([4, 4, 3]);
        folds.SelectMany(fold => Rows(fold.Validation)).Order().Should().Equal(Rows(data));
        foreach ((Dataset train, Dataset validation) in folds)
        {
            Rows(train).Concat(Rows(validation)).Order().Should().Equal(Rows(data));
        }

        folds.Invoking(list => list[3]).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Stratified_folds_share_each_class_to_within_a_row_and_are_as_equal_as_can_be()
    {
        IReadOnlyList<(Dataset Train, Dataset Validation)> folds = Classes([7, 5, 2]).Folds(4, new Random(3), stratified: true);
        foreach ((Dataset Train, Dataset Validation) fold in folds)
        {
            int[] counts = [.. ClassCounts(fold.Validation).Split(',').Select(int.Parse)];
            counts[0].Should().BeInRange(1, 2);
            counts[1].Should().BeInRange(1, 2);
            counts[2].Should().BeInRange(0, 1);
            counts.Sum().Should().BeInRange(3, 4);
        }
    }

    [Fact]
    public void Labels_are_the_columns_of_the_ones_or_the_values_of_a_single_column()
    {
        Classes([1, 2, 1]).Labels.ToArray().Should().Equal(0, 1, 1, 2);
        new Dataset(new Matrix(3, 1), new float[,] { { 1 }, { 0 }, { 1 } }).Labels.ToArray().Should().Equal(1, 0, 1);
    }

    [Theory]
    [InlineData(0.5f, 0.5f)]
    [InlineData(1f, 1f)]
    [InlineData(0f, 0f)]
    [InlineData(1f, float.NaN)]
    public void Targets_that_are_no_classes_have_no_labels(float first, float second)
    {
        var data = new Dataset(new Matrix(2, 1), new float[,] { { 1, 0 }, { first, second } });
        data.Invoking(d => d.Labels.ToArray()).Should().Throw<InvalidOperationException>().WithMessage("*row 1*");
        data.Invoking(d => d.Split(0.5, new Random(1), stratified: true)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void What_cannot_be_split_is_refused()
    {
        Dataset data = DatasetReaderTests.Numbered(3);
        foreach (double fraction in new[] { 0, 1, -0.1, double.NaN })
        {
            data.Invoking(d => d.Split(fraction, new Random(1))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("fraction must lie in (0, 1)*");
        }

        data.Invoking(d => d.Folds(4, new Random(1))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("count must be at most*3*");
        data.Invoking(d => d.Folds(1, new Random(1))).Should().Throw<ArgumentOutOfRangeException>();
        data.Invoking(d => d.Select([])).Should().Throw<ArgumentException>();
        data.Invoking(d => d.Select([0, 3])).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*0 to 2, received 3*");
        DatasetReaderTests.Numbered(1).Invoking(d => d.Split(0.5, new Random(1))).Should().Throw<InvalidOperationException>();
    }

    private static IEnumerable<float> Rows(Dataset data) => Enumerable.Range(0, data.Inputs.Rows).Select(row => data.Inputs[row, 0]);

    private static string ClassCounts(Dataset data)
    {
        var counts = new int[data.TargetSize];
        foreach (int label in data.Labels)
        {
            counts[label]++;
        }

        return string.Join(',', counts);
    }

    private static Dataset Classes(int[] sizes)
    {
        int[] labels = [.. sizes.SelectMany((size, label) => Enumerable.Repeat(label, size))];
        return new Dataset(new Matrix(labels.Length, 1), OneHot.Encode(labels, 3), inputNames: ["x"], classes: ["a", "b", "c"]);
    }
}
