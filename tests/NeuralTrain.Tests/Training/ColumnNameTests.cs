namespace NeuralTrain.Tests.Training;

/// <summary>Two sources whose columns have the same number but another meaning give plausible and wrong figures: they are refused by name.</summary>
public sealed class ColumnNameTests
{
    private static readonly Matrix Values = new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } };

    public static TheoryData<string, BatchSource, string> Others => new()
    {
        { "permuted", Data(["b", "a"], ["y", "z"]), "*training data have the input columns 'a', 'b', the * data 'b', 'a'*Only the order differs*" },
        { "another column", Data(["a", "c"], ["y", "z"]), "*input columns 'a', 'b', the * data 'a', 'c': the same column would have two meanings. Make both*" },
        { "permuted targets", Data(["a", "b"], ["z", "y"]), "*target columns 'y', 'z', the * data 'z', 'y'*Only the order differs*" },
        { "streamed", StreamedData.From(() => new int[1], _ => [1f, 2f], _ => [1f, 2f], inputNames: ["b", "a"]), "*input columns 'a', 'b', the * data 'b', 'a'*" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Other_columns_are_refused_for_validation_and_measuring_with_both_lists(string which, BatchSource other, string message)
    {
        which.Should().NotBeEmpty();
        Trainer trainer = Make(new MeanSquaredError());
        Dataset train = Data(["a", "b"], ["y", "z"]);
        trainer.Invoking(t => t.Fit(train, validation: other, epochs: 1)).Should().Throw<ArgumentException>().WithMessage(message);
        trainer.Fit(train, validation: train, epochs: 1);
        trainer.Invoking(t => t.Evaluate(other)).Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public void Other_classes_are_refused_when_measuring_too()
    {
        Trainer trainer = Make(new SoftmaxCrossEntropy());
        trainer.Fit(new Dataset(Values, OneHot.Encode([0, 1, 0], 2), classes: ["no", "yes"]), epochs: 1);
        trainer.Invoking(t => t.Evaluate(new Dataset(Values, OneHot.Encode([0, 1, 0], 2), classes: ["yes", "no"])))
            .Should().Throw<ArgumentException>().WithMessage("*classes 'no', 'yes', the given data 'yes', 'no'*");
    }

    [Fact]
    public void Other_columns_or_classes_are_refused_by_the_next_Fit_too()
    {
        Dataset data = TestData.Classes(40);
        Dataset Named(string[] inputs, string[] classes) => new(data.Inputs, data.Targets, inputs, classes: classes);
        Trainer trainer = TestData.Classifier();
        Dataset train = Named(["a", "b", "c"], ["x", "y", "z"]);
        trainer.Fit(train, epochs: 1);
        float[] before = trainer.Network.NamedParameters()[0].Parameter.Value.Span.ToArray();
        trainer.Invoking(own => own.Fit(Named(["b", "a", "c"], ["x", "y", "z"]), epochs: 1)).Should().Throw<ArgumentException>().WithMessage("*have the input columns 'a', 'b', 'c', the new data 'b', 'a', 'c'*Only the order differs*");
        trainer.Invoking(own => own.Fit(Named(["a", "b", "c"], ["y", "x", "z"]), epochs: 1)).Should().Throw<ArgumentException>().WithMessage("*have the classes 'x', 'y', 'z', the new data 'y', 'x', 'z'*");
        trainer.Network.NamedParameters()[0].Parameter.Value.Span.ToArray().Should().Equal(before);
        trainer.Fit(train[..20], epochs: 1).Epochs.Should().HaveCount(2);
        trainer.Fit(data, epochs: 1).Epochs.Should().HaveCount(3);
    }

    [Fact]
    public void Data_without_names_between_others_do_not_make_the_names_forgotten_nor_does_a_checkpoint()
    {
        Trainer trainer = Make(new MeanSquaredError()), resumed = Make(new MeanSquaredError());
        trainer.Fit(Data(["a", "b"], ["y", "z"]), epochs: 1);
        trainer.Fit(Data([], []), epochs: 1);
        Refuses(trainer);
        trainer.Fit(Data(["a", "b"], []), epochs: 1);
        Refuses(trainer);
        trainer.Fit(Data(["a", "b"], ["y", "z"]), epochs: 1);
        var checkpoint = new MemoryStream();
        trainer.SaveCheckpoint(checkpoint);
        checkpoint.Position = 0;
        resumed.Resume(checkpoint);
        Refuses(resumed);

        static void Refuses(Trainer trainer)
        {
            foreach (Dataset other in new[] { Data(["b", "a"], []), Data([], ["z", "y"]) })
            {
                trainer.Invoking(own => own.Evaluate(other)).Should().Throw<ArgumentException>().WithMessage("*columns '?', '?', the given data '?', '?'*");
                trainer.Invoking(own => own.Fit(other, epochs: 1)).Should().Throw<ArgumentException>();
            }
        }
    }

    [Fact]
    public void The_same_names_and_columns_without_names_are_taken()
    {
        Trainer trainer = Make(new MeanSquaredError());
        trainer.Fit(Data(["a", "b"], ["y", "z"]), validation: Data(["a", "b"], []), epochs: 1);
        trainer.Evaluate(new Dataset(Values, Values)).Loss.Should().BeGreaterThan(0);
    }

    private static Dataset Data(string[] inputs, string[] targets) => new(Values, Values, inputs, targets);

    private static Trainer Make(Loss loss)
    {
        var network = new Sequential(new Linear(2, 2, new Random(1)));
        return new Trainer(network, loss, new SGD(network, 0.001));
    }
}
