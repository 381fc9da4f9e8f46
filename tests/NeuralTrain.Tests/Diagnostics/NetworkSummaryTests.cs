using NeuralTrain.Tests.Harness;

namespace NeuralTrain.Tests.Diagnostics;

public sealed class NetworkSummaryTests
{
    // What custom layers remember of a batch in their own arrays is not counted.
    public static TheoryData<string> Listed =>
        [.. LayerCases.All.Where(layerCase => layerCase.CreateReady().SelfAndBelow().All(below => below.Layer.GetType().Assembly == typeof(Layer).Assembly)).Select(layerCase => layerCase.Name)];

    [Fact]
    public void The_table_reads_well()
    {
        var network = new Sequential(
            new Linear(13, 32, new Random(1)), new Sigmoid(),
            new Sequential(new Linear(32, 16, new Random(2), bias: false, weightInitializer: new Normal(0.01)), new MeasuringLayer(1)),
            new Linear(16, 3, new Random(3)));
        network.Children[0].Freeze();

        // 448 = 13·32 + 32, 512 = 32·16, 51 = 16·3 + 3; 564 = 512 + 1 + 51 values to train, of 4 bytes each.
        // Forward: 64·4·(32 + 32 + 16 + 3) of the network and 64·4·(16 + 16) of the container in it = 29,440. Backward ends at the
        // container, below which nothing learns: 64·4·16 behind it, and 64·4·16 between its two layers = 8,192.
        network.Summary(batchSize: 64).ToString().Should().Be("""
            Sequential: input 64×13, output 64×3
            path   layer                       output  trainable  frozen  statistics  initializer
            0      Linear(13 → 32)             64×32           0     448           0  GlorotUniform
            1      Sigmoid                     64×32
            2      Sequential                  64×16
              2.0    Linear(32 → 16, no bias)  64×16         512       0           0  Normal(0.01)
              2.1    MeasuringLayer            64×16           1       0           1
            3      Linear(16 → 3)              64×3           51       0           0  GlorotUniform
                   total                                     564     448           1

            memory            bytes
            parameters        4,052   4.0 KiB
            gradients         4,048   4.0 KiB
            optimizer         2,256   2.2 KiB  times 1 for Momentum or RMSprop, 2 for Adam, 0 for SGD
            batch, forward   29,440  28.8 KiB  outputs of the layers
            batch, backward   8,192   8.0 KiB  gradients between them
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Counts_are_those_of_the_parameters()
    {
        var network = new Sequential(new Linear(5, 4, new Random(1)), new MeasuringLayer(1), new Sequential(new Linear(4, 3, new Random(1))));
        network.Children[2].Freeze();
        NetworkSummary summary = network.Summary();
        summary.TrainableCount.Should().Be((5 * 4) + 4 + 1);
        summary.FrozenCount.Should().Be((4 * 3) + 3);
        summary.StatisticCount.Should().Be(1);
        summary.ParameterBytes.Should().Be(4 * (25 + 15 + 1));
        summary.GradientBytes.Should().Be(4 * (25 + 15));
        summary.OptimizerBytesPerState.Should().Be(4 * 25);
        summary.Layers.Select(layer => (layer.Path, layer.Depth, layer.TrainableCount, layer.FrozenCount, layer.StatisticCount)).Should().Equal(
            ("0", 0, 24, 0, 0), ("1", 0, 1, 0, 1), ("2", 0, 0, 0, 0), ("2.0", 1, 0, 15, 0));
    }

    [Fact]
    public void The_initializer_in_use_is_shown()
    {
        var network = new Sequential(new Linear(5, 4, new Random(1)), new Sigmoid(), new Linear(4, 3, new Random(1), weightInitializer: new Uniform(-1, 1)));
        network.Summary().Layers.Select(layer => layer.Initializer).Should().Equal("GlorotUniform", "", "Uniform(-1, 1)");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    public void The_memory_of_a_batch_is_what_training_allocates(int rows)
    {
        RequireMemory(() => new Sequential(new Linear(7, 6, new Random(1)), new Sigmoid(), new Linear(6, 6, new Random(2))), rows, arrays: 3 + 2);
        RequireMemory(() => new Sequential(new Linear(7, 6, new Random(1))), rows, arrays: 1);
        RequireMemory(
            () => new Sequential(
                new Linear(7, 6, new Random(1)), new Sigmoid(),
                new Sequential(new Linear(6, 6, new Random(2)), new Sigmoid(), new Sequential(new Sigmoid(), new Sigmoid())),
                new Linear(6, 9, new Random(3)), new Sigmoid()),
            rows, arrays: 5 + 2 + 3 + 2 + 2 + 1);

        // Gradients that become wider from layer to layer, in both matrices that take turns.
        RequireMemory(
            () => new Sequential(new Linear(7, 10, new Random(1)), new Linear(10, 20, new Random(2)), new Linear(20, 30, new Random(3)), new Linear(30, 40, new Random(4)), new Linear(40, 5, new Random(5))),
            rows, arrays: 5 + 2);
    }

    [Fact]
    public void The_memory_of_a_batch_is_what_training_allocates_when_layers_are_frozen()
    {
        foreach (int frozen in new[] { 1, 2, 3, 4 })
        {
            Func<Sequential> create = () =>
            {
                var network = new Sequential(
                    new Linear(7, 6, new Random(1)), new Sigmoid(), new Sequential(new Linear(6, 6, new Random(2)), new Sigmoid()), new Linear(6, 9, new Random(3)));
                foreach (Layer layer in network.Children.Take(frozen))
                {
                    layer.Freeze();
                }

                return network;
            };
            RequireMemory(create, rows: 5, arrays: 10);
        }
    }

    [Theory]
    [MemberData(nameof(Listed))]
    public void The_memory_of_a_batch_counts_what_each_layer_remembers(string name)
    {
        const int Rows = 64;
        LayerCase layerCase = LayerCases.All.Single(candidate => candidate.Name == name);
        Matrix input = layerCase.CreateInput(Rows);
        Layer layer = layerCase.CreateReady();
        var output = new Matrix(Rows, layer.OutputSize(layerCase.InputSize));
        Matrix outputGradient = output.Clone();
        Step(layerCase.CreateReady());

        // What a layer needs once, whatever the batch, it takes in its first pass.
        layer.Forward(input.SliceRows(0, 2), output.SliceRows(0, 2));
        layer.Backward(input.SliceRows(0, 2), output.SliceRows(0, 2), outputGradient.SliceRows(0, 2), default);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Step(layer);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // 700 bytes for the heads of arrays and their beginning on cache lines; the narrowest forgotten matrix of three columns would take 768.
        NetworkSummary summary = layer.Summary(layerCase.InputSize, Rows);
        (allocated - summary.ActivationBytes!.Value - summary.ActivationGradientBytes!.Value).Should().BeInRange(0, 700);

        void Step(Layer stepped)
        {
            stepped.Forward(input, output);
            stepped.Backward(input, output, outputGradient, default);
        }
    }

    [Fact]
    public void Gradients_between_layers_share_two_matrices_as_wide_as_the_widest_they_serve()
    {
        var network = new Sequential(
            new Linear(2, 50, new Random(1)), new Linear(50, 10, new Random(2)), new Linear(10, 20, new Random(3)), new Linear(20, 5, new Random(4)));

        // The gradients of widths 20 and 50 in one, that of width 10 in the other.
        network.Summary(batchSize: 3).ActivationGradientBytes.Should().Be(4 * 3 * (50 + 10));
        network.Summary(batchSize: 3).ActivationBytes.Should().Be(4 * 3 * (50 + 10 + 20 + 5));
    }

    [Theory]
    [InlineData(249, "996.0 KiB")]
    [InlineData(250, "1.0 MiB")]
    [InlineData(255_000, "996.1 MiB")]
    [InlineData(256_000, "1.0 GiB")]
    public void Memory_is_shown_in_the_unit_that_leaves_three_digits_before_the_point(int batchSize, string shown) =>
        new Sequential(new Sigmoid()).Summary(inputSize: 1024, batchSize).ToString().Should().Contain($" {shown}  outputs of the layers");

    [Fact]
    public void A_network_of_any_width_is_summed_up_for_the_width_it_is_told()
    {
        var network = new Sequential(new Sigmoid(), new Sequential(new Sigmoid()));
        network.Summary(inputSize: 7, batchSize: 2).Layers.Select(layer => layer.OutputSize).Should().Equal(7, 7, 7);
        NetworkSummary unknown = network.Summary();
        unknown.Layers.Should().HaveCount(3).And.OnlyContain(layer => layer.OutputSize == null);
        unknown.ActivationBytes.Should().BeNull();
        unknown.ToString().Should().Contain("1×?").And.EndWith("pass inputSize for the shapes and the memory of a batch.");
    }

    [Fact]
    public void A_single_layer_is_summed_up_too()
    {
        NetworkSummary summary = new Linear(4, 2, new Random(1)).Summary();
        summary.Layers.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Path = "", Layer = "Linear(4 → 2)", OutputSize = 2, TrainableCount = 10 });
        summary.ActivationBytes.Should().Be(0, "a layer writes into what it is handed");
        summary.ToString().Should().StartWith("Linear(4 → 2): input 1×4, output 1×2\n");
    }

    [Fact]
    public void Usual_networks_fit_into_a_hundred_columns()
    {
        var network = new Sequential(
            new Linear(3072, 1024, new Random(1)), new Sigmoid(), new Sequential(new Sequential(new Linear(1024, 1024, new Random(2)), new Sigmoid())),
            new Linear(1024, 10, new Random(3), bias: false));
        network.Summary(batchSize: 1024).ToString().Split('\n').Should().OnlyContain(line => line.Length <= 100);
    }

    [Fact]
    public void Misuse_is_refused_with_a_remedy()
    {
        var linear = new Linear(4, 3, new Random(1));
        linear.Invoking(layer => layer.Summary(inputSize: 5)).Should().Throw<ArgumentException>().WithMessage("*expects 4 columns*Leave inputSize out*");
        linear.Invoking(layer => layer.Summary(inputSize: 0)).Should().Throw<ArgumentOutOfRangeException>();
        linear.Invoking(layer => layer.Summary(batchSize: 0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Memory_is_not_measured_for_sizes_that_cannot_be()
    {
        foreach (Layer layer in new Layer[] { new Sequential(new Sigmoid(), new Sigmoid()), new Dropout(0.5, new Random(1)), new Chain(new Sigmoid(), new Sigmoid()) })
        {
            layer.Invoking(any => any.MeasureMemory(3, 0)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("batchSize must be 1 or more, received 0*");
            layer.Invoking(any => any.MeasureMemory(3, -5)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("batchSize must be 1 or more, received -5*");
            layer.Invoking(any => any.MeasureMemory(0, 1)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("inputSize must be 1 or more, received 0*");
        }

        new Linear(4, 3, new Random(1)).Invoking(linear => linear.MeasureMemory(5, 1)).Should().Throw<ArgumentException>().WithMessage("Linear(4 → 3) expects 4 columns, received inputSize 5. Pass 4.*");
        new Sequential(new Sigmoid(), new Sigmoid()).MeasureMemory(1, int.MaxValue).Should().Be((2L * sizeof(float) * int.MaxValue, 0));
    }

    [Fact]
    public void Widths_after_a_layer_with_inputs_of_its_own_are_known_whatever_the_input_is()
    {
        var network = new Sequential(new Concatenate(new Identity(), new Sigmoid()), new Linear(4, 3, new Random(1)), new Sigmoid());
        network.Summary().Layers.Select(layer => layer.OutputSize).Should().Equal(null, null, null, 3, 3);
    }

    [Fact]
    public void A_custom_chain_whose_layers_do_not_fit_together_is_refused()
    {
        Layer chain = new Chain(new Linear(3, 4, new Random(1)), new Linear(5, 2, new Random(1)));
        chain.Invoking(layer => layer.Summary(inputSize: 3)).Should().Throw<ArgumentException>()
            .WithMessage("Linear '1' expects 5 columns, received 4: the layer before it ('0', Linear(3 → 4)) gives 4. Change one of the two.*");
        chain.Invoking(layer => layer.Summary(inputSize: 6)).Should().Throw<ArgumentException>()
            .WithMessage("Linear '0' expects 3 columns, received 6: the input of Chain has 6. Pass data of 3 columns, or change the first layer.*");
        chain.Summary().Layers.Select(layer => layer.OutputSize).Should().Equal(4, 2);
    }

    // It cannot be cloned either, so that no pass shows what does not fit.
    private sealed class Chain(params Layer[] layers) : Layer
    {
        public override IReadOnlyList<Layer> Children => layers;

        public override Wiring Wiring => Wiring.Chain;

        public override int OutputSize(int inputSize) => layers[^1].OutputSize(inputSize);

        public override Layer Clone() => throw new NotSupportedException();

        public override void Infer(Matrix input, Matrix output) => throw new NotSupportedException();

        public override void Backward(Matrix input, Matrix output, Matrix outputGradient, Matrix inputGradient) => throw new NotSupportedException();
    }

    // What a first step allocates, apart from the up to 96 bytes that each array has besides its values: its head, and what
    // makes it begin on a cache line.
    private static void RequireMemory(Func<Sequential> create, int rows, int arrays)
    {
        Sequential trained = create();
        int outputs = trained.OutputSize(7);
        Matrix input = new(rows, 7), gradient = new(rows, outputs);
        Step(create());
        foreach ((_, Parameter parameter) in trained.NamedParameters())
        {
            // Takes their memory.
            _ = parameter.Value;
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Step(trained);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        NetworkSummary summary = create().Summary(batchSize: rows);
        (allocated - summary.ActivationBytes - summary.ActivationGradientBytes).Should().BeInRange(0, 96 * arrays);

        void Step(Sequential network)
        {
            network.Forward(input);
            network.Backward(gradient);
        }
    }
}
