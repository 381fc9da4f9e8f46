namespace NeuralTrain.Tests;

public sealed class ParameterTests
{
    [Fact]
    public void A_matrix_parameter_is_regularized_and_trainable_and_starts_at_zero()
    {
        var weight = new Parameter("weight", 4, 3);
        weight.Shape.Should().Equal(4, 3);
        (weight.IsRegularized, weight.IsTrainable, weight.IsStatistic).Should().Be((true, true, false));
        weight.Value.Shape.Should().Be("4×3");
        weight.Gradient.Shape.Should().Be("4×3");
        weight.Value.Span.ToArray().Should().AllBeEquivalentTo(0f);
        weight.ToString().Should().Be("weight [4, 3]");
    }

    [Fact]
    [Trait("Lecture", "L4.2")]
    public void A_vector_parameter_is_one_row_and_never_regularized()
    {
        var bias = new Parameter("bias", 5);
        bias.Shape.Should().Equal(5);
        bias.Value.Shape.Should().Be("1×5");
        bias.IsRegularized.Should().BeFalse();
    }

    [Fact]
    public void A_statistic_has_no_gradient_and_cannot_be_made_trainable()
    {
        Parameter mean = Parameter.Statistic("running_mean", 3);
        (mean.IsStatistic, mean.IsTrainable, mean.Gradient.IsEmpty).Should().Be((true, false, true));
        Action train = () => mean.IsTrainable = true;
        train.Should().Throw<InvalidOperationException>().WithMessage("*'running_mean' is a statistic*");
        mean.IsTrainable = false;
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("0.weight")]
    public void A_name_that_no_path_could_hold_is_refused(string name)
    {
        Action create = () => _ = new Parameter(name, 1);
        create.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Values_from_elsewhere_are_taken_over_row_by_row_if_they_are_as_many()
    {
        var weight = new Parameter("weight", 2, 3);
        weight.SetValues([1, 2, 3, 4, 5, 6]);
        weight.Value[1, 0].Should().Be(4);
        var bias = new Parameter("bias", 2);
        bias.SetValues([1, 2]);
        bias.Value.Span.ToArray().Should().Equal(1, 2);
        weight.Invoking(parameter => parameter.SetValues([1, 2])).Should().Throw<ArgumentException>().WithMessage("'weight ?2, 3?' has 6 values, received 2.*");
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, -1)]
    public void A_size_that_is_not_positive_is_refused(int rows, int columns)
    {
        Action create = () => _ = new Parameter("weight", rows, columns);
        create.Should().Throw<ArgumentOutOfRangeException>().WithMessage($"*'weight'*{rows}, {columns}*");
    }
}
