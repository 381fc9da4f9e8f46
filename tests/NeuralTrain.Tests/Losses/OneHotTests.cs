namespace NeuralTrain.Tests.Losses;

public sealed class OneHotTests
{
    [Fact]
    public void Each_label_becomes_a_row_with_a_one_in_its_column() =>
        OneHot.Encode([2, 0, 1], 3).Span.ToArray().Should().Equal(0, 0, 1, 1, 0, 0, 0, 1, 0);

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void A_label_out_of_range_is_refused_with_its_index(int label)
    {
        Action encode = () => OneHot.Encode([0, label, 1], 3);
        encode.Should().Throw<ArgumentOutOfRangeException>().WithMessage($"The label at index 1 is {label}, but 3 classes are numbered 0 to 2*");
    }

    [Fact]
    public void Labels_that_begin_at_1_are_recognised()
    {
        ((Action)(() => OneHot.Encode([1, 2, 3], 3))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*index 2 is 3*0 to 2. If yours begin at 1, subtract 1 from each.*");
        ((Action)(() => OneHot.Encode([0, 4], 3))).Should().Throw<ArgumentOutOfRangeException>().Which.Message.Should().NotContain("begin at 1");
    }

    [Fact]
    public void A_single_class_is_refused() =>
        ((Action)(() => OneHot.Encode([0], 1))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("classes must be 2 or more*");
}
