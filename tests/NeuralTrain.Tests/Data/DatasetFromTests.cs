using System.Numerics.Tensors;

namespace NeuralTrain.Tests.Data;

public sealed class DatasetFromTests
{
    private static readonly (float Length, float Width, string Kind)[] Flowers = [(1, 2, "rose"), (3, 4, "aster"), (5, 6, "rose")];

    [Fact]
    public void Objects_become_rows_by_two_functions()
    {
        Dataset data = Dataset.From(Flowers, f => [f.Length], f => [f.Width, -f.Width], inputNames: ["length"], targetNames: ["w", "-w"]);
        data.Inputs.Span.ToArray().Should().Equal(1, 3, 5);
        data.Targets.Span.ToArray().Should().Equal(2, -2, 4, -4, 6, -6);
        (data.InputNames[0], data.TargetNames[1]).Should().Be(("length", "-w"));
    }

    [Fact]
    public void Labels_become_classes_sorted_by_their_characters_or_as_given()
    {
        Dataset data = Dataset.FromClasses(Flowers, f => [f.Length, f.Width], f => f.Kind);
        data.Classes.Should().Equal("aster", "rose");
        data.Labels.ToArray().Should().Equal(1, 0, 1);
        Dataset.FromClasses(Flowers, f => [f.Length], f => f.Kind, ["rose", "aster", "lily"]).Labels.ToArray().Should().Equal(0, 1, 0);
    }

    [Fact]
    public void Classes_that_are_numbers_are_sorted_by_value() =>
        Dataset.FromClasses(new[] { "10", "9", "1" }, _ => [0], label => label).Classes.Should().Equal("1", "9", "10");

    [Fact]
    public void Many_rows_grow_without_losing_any()
    {
        Dataset data = Dataset.From(Enumerable.Range(0, 1000), i => [i, -i, 0.5f * i], i => [i]);
        data.Inputs.Rows.Should().Be(1000);
        Enumerable.Range(0, 1000).All(i => data.Inputs[i, 0] == i && data.Inputs[i, 2] == 0.5f * i && data.Targets[i, 0] == i).Should().BeTrue();
    }

    [Fact]
    public void Tensors_are_taken_row_by_row()
    {
        Dataset data = new Dataset(Matrix.From(Tensor.Create([1f, 2, 3, 4], [2, 2])), Matrix.From(Tensor.Create([5f, 6], [2, 1])));
        data.Inputs[1, 0].Should().Be(3);
        data.Targets[1, 0].Should().Be(6);
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        ((Action)(() => Dataset.From(Flowers, f => new float[(int)f.Length], _ => [1]))).Should().Throw<ArgumentException>().WithMessage("Item 1 gives 3 values for its inputs, expected 1*");
        ((Action)(() => Dataset.From(Flowers, _ => [1], _ => []))).Should().Throw<ArgumentException>().WithMessage("Item 0 gives 0 values for its targets*");
        ((Action)(() => Dataset.From(Array.Empty<int>(), _ => [1], _ => [1]))).Should().Throw<ArgumentException>().WithMessage("*no items*");
        ((Action)(() => Dataset.FromClasses(Flowers, _ => [1], f => f.Kind, ["rose", "lily"]))).Should().Throw<ArgumentException>().WithMessage("*item 1 is 'aster'*'rose', 'lily'*");
        ((Action)(() => Dataset.FromClasses(Flowers, _ => [1], _ => "one"))).Should().Throw<ArgumentException>().WithMessage("*only 'one'*");
        ((Action)(() => Dataset.FromClasses(Flowers, _ => [1], _ => null!))).Should().Throw<ArgumentException>().WithMessage("*item 0 is null*");
    }
}
