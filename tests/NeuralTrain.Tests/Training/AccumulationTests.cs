namespace NeuralTrain.Tests.Training;

public sealed class AccumulationTests
{
    public static TheoryData<string> Losses => ["cross-entropy", "class weights", "sum", "squares", "binary"];

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_step_of_several_batches_is_the_step_of_one_batch_with_all_their_rows_the_last_and_shorter_one_too(string kind)
    {
        // 47 rows leave a step of 2, 44 one of 5, 5 and 4, 38 one of 5 and 3.
        foreach (int rows in new[] { 47, 44, 38 })
        {
            foreach (bool weighted in new[] { false, true })
            {
                Dataset data = TestData.Classes(rows, weighted: weighted);
                Sequential whole = TestData.Network(), parts = TestData.Network();
                Fit(whole, data, batch: 15, steps: 1);
                Fit(parts, data, batch: 5, steps: 3);
                float[] expected = Values(whole), actual = Values(parts);
                for (int i = 0; i < expected.Length; i++)
                {
                    actual[i].Should().BeApproximately(expected[i], 2e-6f, $"{kind}, {rows} rows, weighted {weighted}, value {i}");
                }
            }
        }

        void Fit(Sequential network, Dataset data, int batch, int steps) =>
            new Trainer(network, Create(kind), new SGD(network, kind == "sum" ? 0.01 : 0.3)) { BatchSize = batch, AccumulationSteps = steps, Metrics = [] }
                .Fit(data, epochs: 3);

        static float[] Values(Layer network) => [.. network.NamedParameters().SelectMany(named => named.Parameter.Value.Span.ToArray())];
    }

    [Fact]
    public void Clipping_sees_the_gradient_of_the_whole_step_and_steps_are_counted_not_batches()
    {
        Dataset data = TestData.Classes(45);
        Sequential whole = TestData.Network(), parts = TestData.Network();
        var one = new Trainer(whole, new SoftmaxCrossEntropy(), new SGD(whole, 0.5) { ClipNorm = 0.1 }) { BatchSize = 15 };
        var three = new Trainer(parts, new SoftmaxCrossEntropy(), new SGD(parts, 0.5) { ClipNorm = 0.1 }) { BatchSize = 5, AccumulationSteps = 3 };
        one.Fit(data, epochs: 1);
        three.Fit(data, epochs: 1);
        three.History.Epochs[0].GradientNorm!.Value.Should().BeApproximately(one.History.Epochs[0].GradientNorm!.Value, 1e-6);
        three.Optimizer.StepCount.Should().Be(3);
    }

    [Fact]
    public void A_step_in_which_nothing_counts_changes_nothing()
    {
        Dataset some = TestData.Classes(12);
        var data = new Dataset(some.Inputs, some.Targets, sampleWeights: new float[12]);
        Sequential network = TestData.Network();
        int[] before = TestData.Bits(network);
        History history = new Trainer(network, new SoftmaxCrossEntropy(), new SGD(network, 0.5)) { BatchSize = 4, AccumulationSteps = 2 }.Fit(data, epochs: 1);
        double.IsNaN(history.Epochs[0].Training.Loss).Should().BeTrue("nothing was measured, as the metrics say too");
        TestData.Bits(network).Should().Equal(before);
    }

    private static Loss Create(string kind) => kind switch
    {
        "cross-entropy" => new SoftmaxCrossEntropy(),
        "class weights" => new SoftmaxCrossEntropy([1, 3, 0.5f]),
        "sum" => new SumOfSquares(),
        "squares" => new MeanSquaredError(),
        _ => new BinaryCrossEntropy(2),
    };
}
