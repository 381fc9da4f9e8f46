using NeuralTrain.Kernels;

namespace NeuralTrain.Tests.Kernels;

/// <summary>Every operand of a kernel must have its length: with any other the kernel would read or write beyond the end of one.</summary>
public sealed class LengthTests
{
    private const int Rows = 2, Columns = 3, All = Rows * Columns;

    // Operands by name, the first of which decides how long others must be, and what is computed from them.
    private static readonly Dictionary<string, ((string Name, int Length)[] Operands, Action<float[][]> Run)> Kernels = new()
    {
        ["softmax"] = ([("scores", All), ("result", All)], a => SoftmaxRows.Forward<SoftmaxRows.Plain>(a[0], a[1], Rows, Columns)),
        ["its gradient"] = ([("output", All), ("gradient", All), ("scoreGradient", All)], a => SoftmaxRows.Backward<SoftmaxRows.Logarithmic>(a[0], a[1], a[2], Rows, Columns)),
        ["cross-entropy"] = (
            [("scores", All), ("targets", All), ("gradient", All), ("classWeights", Columns), ("sampleWeights", Rows)],
            a => SoftmaxRows.CrossEntropy(a[0], a[1], a[2], Rows, Columns, a[3], a[4], labelSmoothing: 0, scale: 1)),
        ["its divisor"] = ([("targets", All), ("classWeights", Columns), ("sampleWeights", Rows)], a => SoftmaxRows.WeightSum(a[0], Rows, Columns, a[1], a[2])),
        ["sum of two"] = ([("x", All), ("y", All)], a => Reduce.Sum(a[0], a[1], default(Product))),
        ["loss"] = ([("prediction", All), ("target", All), ("weights", All), ("gradient", All)], a => Reduce.SumLoss(a[0], a[1], a[2], a[3], scale: 1, default(TestFormulas.Loss))),
        ["column sums of two"] = ([("x", All), ("y.Values", All), ("x", Columns)], a => Reduce.AddColumnSums(a[0], new Whole(a[1]), a[2].AsSpan(), default(Product))),
        ["column sums with a row"] = ([("x", All), ("y.Values", Columns)], a => Reduce.AddColumnSums(a[0], new PerColumn(a[1]), new float[Columns].AsSpan(), default(Product))),
        ["column sums of three"] = (
            [("x", All), ("y.Values", All), ("z.Values", Columns)], a => Reduce.AddColumnSums(a[0], new Whole(a[1]), new PerColumn(a[2]), new float[Columns].AsSpan(), default(TestFormulas.Three))),
        ["column sums of four"] = (
            [("x", All), ("y.Values", All), ("z.Values", Columns), ("w.Values", Columns)],
            a => Reduce.AddColumnSums(a[0], new Whole(a[1]), new PerColumn(a[2]), new PerColumn(a[3]), new float[Columns].AsSpan(), default(TestFormulas.Four))),
        ["maps with rows"] = (
            [("w.Values", Columns), ("x", All), ("y.Values", All), ("result", All)], a => Elementwise.Map(a[1], new Whole(a[2]), new PerColumn(a[0]), a[3], default(TestFormulas.Three))),
        ["dropout"] = ([("x", All), ("mask", All), ("y", All)], a => CounterRandom.Dropout(a[0], a[1], a[2], seed: 1, offset: 0, probability: 0.5f, scale: 2)),
        ["rows gathered"] = ([("source", All), ("target", Columns)], a => RowGather.Run(a[0], [1], a[1], Columns)),
        ["column sums of a product"] = ([("dy", All), ("sum", Columns)], a => Products.AddColumnSums(a[0], a[1], Rows, Columns)),
    };

    public static TheoryData<string> Names => [.. Kernels.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_operand_that_is_too_long_is_refused_by_name_and_nothing_is_written(string kernel)
    {
        ((string Name, int Length)[] operands, Action<float[][]> run) = Kernels[kernel];
        float[][] Values(int longer) => [.. operands.Select((operand, i) => Enumerable.Repeat(0.5f, operand.Length + (i == longer ? 1 : 0)).ToArray())];
        Values(-1).Invoking(run).Should().NotThrow();
        for (int i = 0; i < operands.Length; i++)
        {
            float[][] values = Values(i);
            values.Invoking(run).Should().Throw<ArgumentException>($"'{operands[i].Name}' is too long").WithMessage(i == 0 ? "*values, received *" : $"*'{operands[i].Name}' must hold *");
            values.Should().AllSatisfy(operand => operand.Should().AllBeEquivalentTo(0.5f));
        }
    }
}
