// Lecture L2.2 to L2.9: how the initial weights decide what reaches the last layer, and whether training starts at all.
const string Description = "Initialisation: six hidden layers under five kinds of first weights (lecture L2.2-L2.9).";
const int BatchSize = 50, Window = 20;
const double LearningRate = 0.05;
return SampleCommand.Run(args, Description, full: "10 s", quick: "3 s", takesData: true, run: sample =>
{
    // L2.2 too small, L2.3 too large, L2.4 Xavier, and L2.5 He where Xavier no longer suffices.
    Start[] starts =
    [
        new("N(0, 0.01²)", new Normal(0.01), () => new Tanh(), "tanh"), new("N(0, 1²)", new Normal(1), () => new Tanh(), "tanh"),
        new("Xavier", new LeCunNormal(), () => new Tanh(), "tanh"), new("Xavier", new LeCunNormal(), () => new ReLU(), "ReLU"),
        new("He", new HeNormal(), () => new ReLU(), "ReLU"),
    ];

    // 1. What a batch of normally distributed values turns into, layer by layer, before any training.
    var (rows, signals) = (new List<string[]>(), new List<LayerActivations[]>());
    foreach (Start start in sample.Steps("histograms", starts))
    {
        var random = new Random(sample.Seed);
        var batch = new Matrix(sample.Quick ? 200 : 1000, 500);
        new Normal(1).Fill(batch.Span, 500, 500, random);
        Sequential network = New(start, inputs: 500, width: 500, random);
        signals.Add([.. ActivationStatistics.Measure(network, batch).Layers.Where((_, i) => i % 2 == 1)]);
        rows.Add([start.Name, start.ActivationName, "mean", .. signals[^1].Select(layer => $"{layer.Mean:0.000;−0.000;0.000}")]);
        rows.Add(["", "", "deviation", .. signals[^1].Select(layer => $"{layer.StandardDeviation:0.0000}")]);
    }

    SampleRun.Print(["weights", "activation", "", .. Enumerable.Range(1, 6).Select(layer => $"layer {layer}")], rows);
    SampleRun.Say("The picture has a histogram of each. The vertical axis is the proportion of values, with a separate scale for each chart.");
    sample.Save("initialization-histograms.png", path => Figures.SaveHistograms(path, starts, signals));

    // 2. Training with these first weights (L2.9): digits, plain SGD, everything else equal.
    SampleRun.Say();
    Dataset digits = Digits.Load(sample, sample.Quick ? 2_000 : 10_000, test: 100).Train;
    SampleRun.Say($"SGD at {LearningRate}, batches of {BatchSize}, six hidden layers of 100 units.");
    (int steps, var courses) = (sample.Quick ? 120 : 1_600, new List<List<double>>());
    foreach (Start start in sample.Steps("training", starts))
    {
        var random = new Random(sample.Seed);
        Sequential network = New(start, inputs: 784, width: 100, random).Append(new Linear(100, 10, random, weightInitializer: start.Weights));
        var (loss, optimizer, gradient, losses) = (new SoftmaxCrossEntropy(), new SGD(network, LearningRate), new Matrix(BatchSize, 10), new List<double>());
        for (int epoch = 0; losses.Count < steps; epoch++)
        {
            using BatchReader batches = digits.Read(new BatchPlan(BatchSize, shuffleSeed: (ulong)sample.Seed, epoch));
            while (losses.Count < steps && batches.Read())
            {
                losses.Add(loss.Evaluate(network.Forward(batches.Inputs), batches.Targets, gradient));
                network.Backward(gradient);
                optimizer.Step();
            }
        }

        courses.Add(losses);
    }

    double[][] smooth = [.. courses.Select(losses => losses.Chunk(Window).Select(window => window.Average()).ToArray())];
    sample.Save("initialization-curves.png", path => Figures.SaveCurves(path, starts, smooth, Window));
    double[] mean = [.. courses.Select(losses => losses.Average())], last = [.. smooth.Select(means => means[^1])];
    SampleRun.Print(["weights", "activation", "mean loss", "last loss"], starts.Select((start, i) => new[]
        { start.Name, start.ActivationName, $"{mean[i]:0.000}", $"{last[i]:0.000}" }));

    double[] deviations = [.. signals.Select(layers => layers[5].StandardDeviation)];
    double ofFirst = signals[3][0].StandardDeviation;
    sample.Claim("N(0, 0.01²) lets the values die out: the standard deviation of layer 6 is below 0.001", deviations[0] < 0.001, $"{deviations[0]:0.0e+0}");
    sample.Claim("N(0, 1²) saturates tanh: the standard deviation of layer 6 is above 0.9", deviations[1] > 0.9, $"{deviations[1]:0.00}");
    sample.Claim("Xavier keeps tanh alive: the standard deviation of layer 6 is between 0.2 and 0.9", deviations[2] is > 0.2 and < 0.9, $"{deviations[2]:0.00}");
    sample.Claim("Xavier is too little for ReLU: layer 6 has less than a fourth of layer 1's standard deviation",
        deviations[3] < ofFirst / 4, $"{deviations[3]:0.000} against {ofFirst:0.000}");
    sample.Claim("He keeps ReLU alive: the standard deviation of layer 6 is between 0.5 and 1.5", deviations[4] is > 0.5 and < 1.5, $"{deviations[4]:0.00}");
    sample.Claim("N(0, 0.01²) does not start to learn: its loss stays within 2 % of chance", Math.Abs((last[0] / Math.Log(10)) - 1) < 0.02, $"{last[0]:0.000}");
    sample.Claim("Xavier ends below both bad starts of tanh", last[2] < Math.Min(last[0], last[1]), $"{last[2]:0.000} against {last[0]:0.000} and {last[1]:0.000}");
    sample.Claim("He learns faster than Xavier where ReLU follows: its mean loss is lower", mean[4] < mean[3], $"{mean[4]:0.000} against {mean[3]:0.000}");

    // Six hidden layers of one width.
    static Sequential New(Start start, int inputs, int width, Random random) => new([.. Enumerable.Range(0, 6).SelectMany(i => new[]
        { new Linear(i == 0 ? inputs : width, width, random, weightInitializer: start.Weights), start.Activation() })]);
});
