namespace NeuralTrain.Tests.Layers;

public sealed class CloneTests
{
    [Fact]
    public void A_custom_layer_is_copied_field_by_field_and_what_two_fields_share_their_copies_share()
    {
        var layer = new Everything();
        var copy = (Everything)layer.Clone();

        copy.Weight.Should().NotBeSameAs(layer.Weight);
        copy.Parameters[0].Should().BeSameAs(copy.Weight);
        copy.List[0].Should().BeSameAs(copy.Children[0]).And.NotBeSameAs(layer.Children[0]);
        copy.Table.Should().NotBeSameAs(layer.Table);
        copy.Table[1].Should().Equal(3, 4);
        copy.View.Span[0] = 7;
        copy.Memory[0].Should().Be(7, "the view is of the copied array");
        layer.Memory[0].Should().Be(1);
        (copy.Name, copy.Number, copy.Range, copy.Mode).Should().Be((layer.Name, layer.Number, layer.Range, layer.Mode));
        copy.Square.Should().BeSameAs(layer.Square);
        copy.From.Should().BeSameAs(layer.From);
        copy.Stream.Should().NotBeSameAs(layer.Stream);
        (copy.Stream.Seed, copy.Stream.Position).Should().Be((layer.Stream.Seed, layer.Stream.Position));
    }

    [Fact]
    public void What_the_constructor_was_given_is_copied_and_a_field_named_like_one_of_the_base_too()
    {
        var layer = new Given();
        var copy = (Given)layer.Clone();
        (copy.InputSize, layer.InputSize).Should().Be((3, 3));
        copy.Parameters.Should().ContainSingle().Which.Should().NotBeSameAs(layer.Parameters[0]);
        copy.Children[0].Should().NotBeSameAs(layer.Children[0]);
    }

    [Fact]
    public void A_field_that_cannot_be_copied_is_refused_by_name()
    {
        ((Action)(() => new Sequential(new Holding(new Random(1))).Clone())).Should().Throw<NotSupportedException>()
            .WithMessage("Holding cannot be copied*field 'What' of type Random. Override Clone in Holding, or draw from a RandomStream.");
        ((Action)(() => new Holding(new Dictionary<int, int>()).Clone())).Should().Throw<NotSupportedException>().WithMessage("*'What' of type Dictionary*Override Clone*");
        new Holding("text").Clone().Should().BeOfType<Holding>().Which.What.Should().Be("text");
    }

    [Fact]
    public void A_function_of_the_layer_itself_is_refused_because_the_copy_would_call_the_original()
    {
        var layer = new Holding("");
        layer.What = (Func<string>)layer.ToString;
        layer.Invoking(refused => refused.Clone()).Should().Throw<NotSupportedException>().WithMessage("*'What'*");
    }

    [Fact]
    public void A_layer_that_copies_itself_is_asked_to_wherever_it_is()
    {
        var network = new Sequential(new Residual(new CopiesItself()));
        ((CopiesItself)network.Clone().Children[0].Children[0]).Copies.Should().Be(1);
    }

    [Fact]
    public void A_copy_is_part_of_no_network_and_its_layers_are_part_of_it()
    {
        var network = new Sequential(new Linear(2, 2, new Random(1)), new Sigmoid());
        Sequential copy = network.Clone();
        _ = new Sequential(copy);
        ((Action)(() => _ = new Sequential(copy.Children[0]))).Should().Throw<ArgumentException>().WithMessage("*part of another network*");
        _ = new Sequential(network.Children[0].Clone());
    }

    [Fact]
    public void A_copy_starts_without_the_last_batch()
    {
        var network = new Sequential(new Linear(2, 2, new Random(1)), new Dropout(0.5, new Random(2)));
        Matrix output = network.Forward(new Matrix(3, 2));
        Sequential copy = network.Clone();
        copy.Invoking(fresh => fresh.Backward(output.Clone())).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void A_custom_layer_of_two_methods_works_with_everything_but_files_without_registration()
    {
        var random = new Random(1);
        var inputs = new Matrix(64, 2);
        var targets = new Matrix(64, 1);
        for (int row = 0; row < 64; row++)
        {
            (inputs[row, 0], inputs[row, 1]) = (random.NextSingle() - 0.5f, random.NextSingle() - 0.5f);
            targets[row, 0] = inputs[row, 0] * inputs[row, 1];
        }

        var data = new Dataset(inputs, targets);
        var network = new Sequential(new Linear(2, 16, random), new Bent(), new Dropout(0.1, random), new Linear(16, 1, random));
        var loss = new MeanSquaredError();

        network.Check(data, loss).ToString().Should().NotContain("error");
        network.Summary(batchSize: 4).ToString().Should().Contain("Bent");
        network.OverfitOneBatch(data, loss, maximumSteps: 5).Steps.Should().Be(5);
        LearningRateFinder.Run(network, data, loss, new SGD(network)).ToString().Should().NotBeEmpty();
        MonteCarlo.Predict(network, inputs, passes: 3).Mean.Rows.Should().Be(64);
        new Predictor(network, OutputKind.Values).Should().NotBeNull();
        var trainer = new Trainer(network, loss, new Adam(network)) { EarlyStopping = new EarlyStopping(patience: 1) };
        trainer.Fit(data, data, epochs: 3).Epochs.Should().NotBeEmpty();
        ((Action)(() => ModelFile.Save(Path.GetTempFileName(), network))).Should().Throw<NotSupportedException>().WithMessage("*Bent*not registered*LayerKinds.Register*");
    }

    private sealed class Bent : Layer
    {
        public override void Infer(Matrix input, Matrix output)
        {
            for (int i = 0; i < input.Span.Length; i++)
            {
                output.Span[i] = MathF.Sin(input.Span[i]);
            }
        }

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
        {
            for (int i = 0; i < inputGradient.Span.Length; i++)
            {
                inputGradient.Span[i] = MathF.Cos(input.Span[i]) * outputGradient.Span[i];
            }
        }
    }

    private sealed class Everything : Layer
    {
        private readonly Layer[] _layers = [new Sigmoid()];

        public Everything()
        {
            Parameters = [Weight];
            List = [_layers[0]];
            View = new Matrix(Memory, 1, 2);
        }

        public Parameter Weight { get; } = Parameter.Drawn("weight", 2, 3, new Random(1));

        public override IReadOnlyList<Parameter> Parameters { get; }

        public override IReadOnlyList<Layer> Children => _layers;

        public List<Layer> List { get; }

        public float[] Memory { get; } = [1, 2];

        public Matrix View { get; }

        public double[][] Table { get; } = [[1, 2], [3, 4]];

        public string Name { get; } = "name";

        public int? Number { get; } = 3;

        public (double Low, int High) Range { get; } = (1, 2);

        public ScheduleUnit Mode { get; } = ScheduleUnit.Epoch;

        public Func<double, double> Square { get; } = x => x * x;

        public Initializer From { get; } = HeNormal.Instance;

        public RandomStream Stream { get; } = new(new Random(1));

        public override void Infer(Matrix input, Matrix output) => input.CopyTo(output);

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => outputGradient.CopyTo(inputGradient);
    }

    private sealed class Given() : Layer(3, new Parameter("scale", 3))
    {
        private readonly Layer _container = new Sigmoid();

        public override IReadOnlyList<Layer> Children => [_container];

        public override void Infer(Matrix input, Matrix output) => _container.Infer(input, output);

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient)
        {
        }
    }

    private sealed class Holding(object what) : Layer
    {
        public object What { get; set; } = what;

        public override void Infer(Matrix input, Matrix output) => input.CopyTo(output);

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => outputGradient.CopyTo(inputGradient);
    }

    private sealed class CopiesItself : Layer
    {
        private readonly Dictionary<int, int> _other = [];

        public int Copies { get; private init; }

        public override Layer Clone() => new CopiesItself { Copies = Copies + 1 + _other.Count };

        public override void Infer(Matrix input, Matrix output) => input.CopyTo(output);

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => outputGradient.CopyTo(inputGradient);
    }
}
