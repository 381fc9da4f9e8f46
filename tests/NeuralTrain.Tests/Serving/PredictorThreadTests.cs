using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Serving;

[Collection(ComputeTestGroup.Name)]
public sealed class PredictorThreadTests
{
    [Theory]
    [InlineData(OutputKind.ClassScores, 3)]
    [InlineData(OutputKind.BinaryScores, 1)]
    [InlineData(OutputKind.Margins, 3)]
    public void Predicting_a_row_allocates_nothing(OutputKind kind, int outputs)
    {
        var predictor = new Predictor(Networks.Mixed(outputs), kind);
        float[] features = [0.1f, -0.2f, 0.3f, 0.4f];
        var into = new float[outputs];
        Allocation.PerCall(() => predictor.Predict(features, into)).Should().Be(0);
        Allocation.PerCall(() => predictor.Classify(features)).Should().Be(0);
    }

    [Fact]
    public void The_measure_sees_what_does_allocate() =>
        Allocation.PerCall(() => new Predictor(Networks.Mixed(1), OutputKind.Values).Predict([0, 0, 0, 0])).Should().BePositive();

    [Fact]
    public void Eight_threads_get_the_same_bits_as_one_alone()
    {
        // Wide enough that a batch is split among the threads of the library too.
        var random = new Random(1);
        var predictor = new Predictor(
            new Sequential(new Linear(64, 256, random), new Tanh(), new Linear(256, 10, random)), OutputKind.ClassScores);
        Matrix inputs = Networks.Inputs(256, columns: 64);
        float[] alone = predictor.Predict(inputs).Span.ToArray();
        float[][] rowsAlone = [.. Enumerable.Range(0, 256).Select(row => predictor.Predict(inputs.Row(row)))];

        int wrong = 0;
        var threads = new List<Thread>();
        using var start = new Barrier(8);
        for (int t = 0; t < 8; t++)
        {
            int offset = t * 31;
            var thread = new Thread(() =>
            {
                start.SignalAndWait();
                var row = new float[10];
                for (int i = 0; i < 200; i++)
                {
                    int which = (i + offset) % 256;
                    predictor.Predict(inputs.Row(which), row);
                    bool same = row.AsSpan().SequenceEqual(rowsAlone[which]);
                    if (i % 20 == 0)
                    {
                        same &= predictor.Predict(inputs).Span.SequenceEqual(alone);
                    }

                    Interlocked.Add(ref wrong, same ? 0 : 1);
                }
            });
            threads.Add(thread);
            thread.Start();
        }

        threads.ForEach(thread => thread.Join());
        wrong.Should().Be(0);
    }

    [Fact]
    public void Under_swaps_every_result_comes_from_one_model_as_a_whole()
    {
        // Model m gives (m, 2m, 3m) for the input 1, through hidden units that hold m too: any mixture is seen.
        Predictor[] models = [.. Enumerable.Range(1, 4).Select(Model)];
        var slot = new PredictorSlot(models[0]);
        int torn = 0;
        int seen = 0;
        bool stop = false;
        var threads = new List<Thread>();
        for (int t = 0; t < 4; t++)
        {
            var thread = new Thread(() =>
            {
                var outputs = new float[3];
                while (!Volatile.Read(ref stop))
                {
                    slot.Current.Predict([1f], outputs);
                    float m = outputs[0];
                    Interlocked.Add(ref torn, m is 1 or 2 or 3 or 4 && outputs[1] == 2 * m && outputs[2] == 3 * m ? 0 : 1);
                    Interlocked.Or(ref seen, 1 << (int)m);
                }
            });
            threads.Add(thread);
            thread.Start();
        }

        // Until each model was seen, and for a good number of swaps anyway; the limit only ends a run that would never see them.
        int swaps = 0;
        while (swaps < 5_000 || (Volatile.Read(ref seen) != 0b11110 && swaps < 50_000_000))
        {
            Predictor before = slot.Swap(models[++swaps % 4]);
            before.Should().BeSameAs(models[(swaps - 1) % 4]);
            Thread.Yield();
        }

        Volatile.Write(ref stop, true);
        threads.ForEach(thread => thread.Join());
        torn.Should().Be(0);
        seen.Should().Be(0b11110, "all models were in use while they were swapped");
    }

    [Fact]
    public void A_model_of_another_shape_or_meaning_is_refused_and_the_present_one_stays()
    {
        Predictor first = new(Networks.Mixed(3), OutputKind.ClassScores);
        var slot = new PredictorSlot(first);
        slot.Invoking(s => s.Swap(new Predictor(Networks.Mixed(2), OutputKind.ClassScores))).Should().Throw<ArgumentException>().WithMessage("*slot*3 ClassScores*2 ClassScores*");
        slot.Invoking(s => s.Swap(new Predictor(Networks.Mixed(3), OutputKind.Values))).Should().Throw<ArgumentException>();
        slot.Current.Should().BeSameAs(first);
        Predictor second = new(Networks.Mixed(3, seed: 2), OutputKind.ClassScores);
        slot.Swap(second).Should().BeSameAs(first);
        slot.Current.Should().BeSameAs(second);
    }

    [Fact]
    public void Other_features_or_classes_or_another_order_of_them_are_refused_and_a_model_without_names_is_taken()
    {
        Predictor Named(string[] inputs, string[] classes) => new(Networks.Mixed(3), OutputKind.ClassScores, classes, inputs);
        string[] inputs = ["a", "b", "c", "d"], classes = ["x", "y", "z"];
        Predictor first = Named(inputs, classes);
        var slot = new PredictorSlot(first);
        slot.Invoking(s => s.Swap(Named(["b", "a", "c", "d"], classes))).Should().Throw<ArgumentException>().WithMessage("*the features 'a', 'b', 'c', 'd', received 'b', 'a', 'c', 'd'. Swap in*");
        slot.Invoking(s => s.Swap(Named(inputs, ["x", "z", "y"]))).Should().Throw<ArgumentException>().WithMessage("*the classes 'x', 'y', 'z', received 'x', 'z', 'y'. Swap in*");
        slot.Invoking(s => s.Swap(Named(inputs, ["x", "y", "Z"]))).Should().Throw<ArgumentException>();
        slot.Current.Should().BeSameAs(first);
        slot.Swap(Named(inputs, classes));
        slot.Swap(Named([], [])).InputNames.Should().Equal(inputs);
        slot.Invoking(s => s.Swap(Named(["b", "a", "c", "d"], []))).Should().Throw<ArgumentException>("callers still rely on the names").WithMessage("*the features 'a', 'b', 'c', 'd', received*");
        slot.Swap(Named(inputs, []));
        slot.Invoking(s => s.Swap(Named([], ["x", "z", "y"]))).Should().Throw<ArgumentException>().WithMessage("*the classes 'x', 'y', 'z', received*");
        slot.Swap(Named([], classes));
    }

    private static Predictor Model(int m)
    {
        var network = new Sequential(new Linear(1, 8, new Random(1), bias: false), new ReLU(), new Linear(8, 3, new Random(1), bias: false));
        network.Children[0].Parameters[0].Value.Span.Fill(m);
        Span<float> second = network.Children[2].Parameters[0].Value.Span;
        for (int output = 0; output < 3; output++)
        {
            // Eight times an eighth of the output's number: exact in float.
            second.Slice(output * 8, 8).Fill((output + 1) / 8f);
        }

        return new Predictor(network, OutputKind.Values);
    }
}
