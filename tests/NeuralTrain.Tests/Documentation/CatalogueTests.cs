namespace NeuralTrain.Tests.Documentation;

public sealed class CatalogueTests
{
    [Fact]
    public void The_page_names_every_building_block_of_the_library()
    {
        string page = File.ReadAllText(Repository.PathOf("docs", "catalogue.md"));
        Type[] kinds =
        [
            typeof(Layer), typeof(Loss), typeof(Initializer), typeof(Optimizer), typeof(Schedule), typeof(BatchSource), typeof(Augmentation), typeof(Metric),
        ];
        IEnumerable<string> missing =
            from type in typeof(Layer).Assembly.GetExportedTypes()
            where !type.IsAbstract && kinds.Any(type.IsSubclassOf)
            where !page.Contains($"`{type.Name}`", StringComparison.Ordinal)
            select type.Name;
        missing.Should().BeEmpty();
    }

    [Fact]
    public void Its_example_learns_to_tell_three_arms_of_a_spiral_apart()
    {
        (Matrix inputs, Matrix targets) = Spiral(armLength: 100);
        const int steps = 400;

        // <snippet catalogue>
        var random = new Random(1);
        var network = new Sequential(
            new Linear(2, 64, random), new BatchNorm(64), new ReLU(),
            new Residual(new Linear(64, 64, random), new BatchNorm(64), new ReLU(), new Dropout(0.2, random)),
            new Linear(64, 3, random));
        var loss = new SoftmaxCrossEntropy(labelSmoothing: 0.05);
        loss.CheckNetwork(network);
        var optimizer = new AdamW(network, learningRate: 0.01) { ClipNorm = 1 };
        var schedule = new WarmUp(20, new CosineDecay(unit: ScheduleUnit.Step), start: 0.1);
        var gradient = new Matrix(inputs.Rows, 3);

        for (int step = 0; step < steps; step++)
        {
            optimizer.LearningRate = 0.01 * schedule.At(step, steps);
            loss.Evaluate(network.Forward(inputs), targets, gradient);
            network.Backward(gradient);
            optimizer.Step();
        }

        network.Recalibrate(inputs);
        Matrix scores = network.Predict(inputs);
        // </snippet>

        int right = Enumerable.Range(0, inputs.Rows).Count(row => BestOf(scores.Row(row)) == BestOf(targets.Row(row)));
        ((double)right / inputs.Rows).Should().BeGreaterThan(0.97, "a straight line between the arms reaches about a half");
    }

    private static (Matrix Inputs, Matrix Targets) Spiral(int armLength)
    {
        var random = new Random(7);
        var inputs = new Matrix(3 * armLength, 2);
        var labels = new int[3 * armLength];
        for (int row = 0; row < inputs.Rows; row++)
        {
            labels[row] = row / armLength;
            double radius = (double)(row % armLength) / armLength;
            double angle = (labels[row] * 2 * Math.PI / 3) + (radius * 4) + (0.15 * random.NextDouble());
            inputs[row, 0] = (float)(radius * Math.Sin(angle));
            inputs[row, 1] = (float)(radius * Math.Cos(angle));
        }

        return (inputs, OneHot.Encode(labels, 3));
    }

    private static int BestOf(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }
}
