namespace NeuralTrain.Tests;

/// <summary>The ends of the ranges of settings: which belong to them and which do not. Optimizers have theirs in HyperParameterTests.</summary>
public sealed class RangeTests
{
    private static readonly Random Random = new(1);
    private static readonly Schedule Constant = new ConstantSchedule();

    private static readonly Dictionary<string, (Action<double> Create, double[] Taken, double[] Refused)> Settings = new()
    {
        ["ConstantSchedule factor"] = (x => _ = new ConstantSchedule(x), [0], [-1e-9]),
        ["StepDecay interval"] = (x => _ = new StepDecay((int)x), [1], [0]),
        ["StepDecay factor"] = (x => _ = new StepDecay(3, x), [1], [0, 1.001]),
        ["MultiStepDecay milestones"] = (x => _ = new MultiStepDecay([(int)x]), [1], [0]),
        ["ExponentialDecay factor"] = (x => _ = new ExponentialDecay(x), [1], [0, 1.001]),
        ["PolynomialDecay length"] = (x => _ = new PolynomialDecay((int)x), [1], [0]),
        ["PolynomialDecay minimum"] = (x => _ = new PolynomialDecay(minimum: x), [0], [-1e-9, 1]),
        ["WarmRestarts period"] = (x => _ = new WarmRestarts((int)x), [1], [0]),
        ["WarmRestarts multiplier"] = (x => _ = new WarmRestarts(2, (int)x), [1], [0]),
        ["WarmRestarts peakDecay"] = (x => _ = new WarmRestarts(2, peakDecay: x), [1], [0, 1.001]),
        ["WarmUp length"] = (x => _ = new WarmUp((int)x, Constant), [1], [0]),
        ["WarmUp start"] = (x => _ = new WarmUp(2, Constant, x), [0], [-1e-9, 1]),
        ["WarmUp fraction"] = (x => WarmUp.OverFraction(x, Constant), [], [0, 1]),
        ["Cyclical low"] = (x => _ = new Cyclical(x), [0], [-1e-9, 1]),
        ["Cyclical up"] = (x => _ = new Cyclical(0.1, up: (int)x), [1], [0]),
        ["Cyclical down"] = (x => _ = new Cyclical(0.1, down: (int)x), [1], [0]),
        ["Cyclical decay"] = (x => _ = new Cyclical(0.1, mode: CyclicalMode.ExponentialRange, decay: x), [1], [0, 1.001]),
        ["OneCycle upFraction"] = (x => _ = new OneCycle(upFraction: x), [], [0, 1]),
        ["OneCycle startDivisor"] = (x => _ = new OneCycle(startDivisor: x), [1], [0.999]),
        ["ReduceOnPlateau patience"] = (x => _ = new ReduceOnPlateau((int)x), [1], [0]),
        ["ReduceOnPlateau reduction"] = (x => _ = new ReduceOnPlateau(reduction: x), [], [0, 1]),
        ["ReduceOnPlateau threshold"] = (x => _ = new ReduceOnPlateau(threshold: x), [0], [-1e-9]),
        ["ReduceOnPlateau cooldown"] = (x => _ = new ReduceOnPlateau(cooldown: (int)x), [0], [-1]),
        ["Schedule count"] = (x => Constant.Sample((int)x), [1], [0]),
        ["WeightAverage decay"] = (x => WeightAverage.Exponential(x), [0], [-1e-9, 1]),
        ["WeightAverage start"] = (x => WeightAverage.Equal((int)x, 1), [1], [0]),
        ["WeightAverage every"] = (x => WeightAverage.Equal(1, (int)x), [1], [0]),
        ["Linear inputSize"] = (x => _ = new Linear((int)x, 1, Random), [1], [0]),
        ["Linear outputSize"] = (x => _ = new Linear(1, (int)x, Random), [1], [0]),
        ["Maxout pieces"] = (x => _ = new Maxout(2, 2, Random, (int)x), [1], [0]),
        ["BatchNorm size"] = (x => _ = new BatchNorm((int)x), [1], [0]),
        ["BatchNorm epsilon"] = (x => _ = new BatchNorm(2, epsilon: x), [1e-12], [0]),
        ["BatchNorm RunningAverageRate"] = (x => _ = new BatchNorm(2, runningAverageRate: x), [1], [0, 1.001]),
        ["LayerNorm size"] = (x => _ = new LayerNorm((int)x), [2], [1]),
        ["Standardization size"] = (x => _ = new Standardization((int)x), [1], [0]),
        ["Embedding categories"] = (x => _ = new Embedding(1, Random, (0, (int)x, 2)), [1], [0]),
        ["Embedding size"] = (x => _ = new Embedding(1, Random, (0, 2, (int)x)), [1], [0]),
        ["Dropout probability"] = (x => _ = new Dropout(x, Random), [0], [-1e-9, 1]),
        ["AlphaDropout probability"] = (x => _ = new AlphaDropout(x, Random), [0], [-1e-9, 1]),
        ["GaussianNoise standardDeviation"] = (x => _ = new GaussianNoise(x, Random), [0], [-1e-9, 1e39]),
        ["ELU alpha"] = (x => _ = new ELU(x), [1e-12], [0, 1e39]),
        ["LeakyReLU slope"] = (x => _ = new LeakyReLU(x), [0, 1, -1], [1e39]),
        ["PReLU units"] = (x => _ = new PReLU((int)x), [1], [0]),
        ["PReLU start"] = (x => _ = new PReLU(start: x), [0], [1e39]),
        ["RReLU lower"] = (x => _ = new RReLU(Random, x, 0.5), [-1, 0.5], [-1e39]),
        ["RReLU upper"] = (x => _ = new RReLU(Random, 0.5, x), [0.5], [0.499, 1e39]),
        ["APL units"] = (x => _ = new APL((int)x, 1, Random), [1], [0]),
        ["APL hinges"] = (x => _ = new APL(1, (int)x, Random), [1], [0]),
        ["Normal standardDeviation"] = (x => _ = new Normal(x), [1e-12], [0, 1e39]),
        ["Uniform high"] = (x => _ = new Uniform(0, x), [1e-12], [0, 1e39]),
        ["Orthogonal gain"] = (x => _ = new Orthogonal(x), [1e-12], [0, 1e39]),
        ["Huber delta"] = (x => _ = new Huber(x), [1e-12], [0, 1e39]),
        ["BinaryCrossEntropy positiveWeight"] = (x => _ = new BinaryCrossEntropy(x), [1e-12], [0, 1e39]),
        ["BinaryCrossEntropy labelSmoothing"] = (x => _ = new BinaryCrossEntropy(labelSmoothing: x), [0], [-1e-9, 1]),
        ["SoftmaxCrossEntropy labelSmoothing"] = (x => _ = new SoftmaxCrossEntropy(labelSmoothing: x), [0], [-1e-9, 1]),
        ["FocalLoss gamma"] = (x => _ = new FocalLoss(x), [0], [-1e-9, 1e39]),
        ["FocalLoss alpha"] = (x => _ = new FocalLoss(alpha: x), [], [0, 1]),
        ["QuantileLoss quantiles"] = (x => _ = new QuantileLoss(x), [], [0, 1]),
        ["OneHot classes"] = (x => OneHot.Encode([0], (int)x), [2], [1]),
        ["AddNoise standardDeviation"] = (x => _ = new AddNoise(x), [0], [-1e-9, 1e39]),
        ["Mixup alpha"] = (x => _ = new Mixup(x), [1e-12], [0]),
        ["ImageShift width"] = (x => _ = new ImageShift((int)x, 3, 0), [1], [0]),
        ["ImageShift height"] = (x => _ = new ImageShift(3, (int)x, 0), [1], [0]),
        ["ImageShift pixels"] = (x => _ = new ImageShift(3, 4, (int)x), [0, 2], [-1, 3]),
        ["Dataset fraction"] = (x => Data().Split(x, Random), [], [0, 1]),
        ["Dataset count"] = (x => Data().Folds((int)x, Random), [2], [1]),
        ["Trainer BatchSize"] = (x => Trainer().BatchSize = (int)x, [1], [0]),
        ["Trainer AccumulationSteps"] = (x => Trainer().AccumulationSteps = (int)x, [1], [0]),
        ["Trainer epochs"] = (x => Trainer().Fit(Data(), epochs: (int)x), [1], [0]),
        ["CheckpointOptions every"] = (x => _ = new CheckpointOptions("run.ckpt", (int)x), [1], [0]),
        ["EarlyStopping patience"] = (x => _ = new EarlyStopping((int)x), [1], [0]),
        ["EarlyStopping minDelta"] = (x => _ = new EarlyStopping(minDelta: x), [0], [-1e-9]),
        ["Recovery factor"] = (x => _ = new Recovery(x), [], [0, 1]),
        ["Recovery limit"] = (x => _ = new Recovery(limit: (int)x), [1], [0]),
        ["CalibrationError bins"] = (x => _ = new CalibrationError((int)x), [1], [0]),
        ["TopK k"] = (x => _ = new TopK((int)x), [1], [0]),
        ["GradientCheckOptions BatchSize"] = (x => _ = new GradientCheckOptions { BatchSize = (int)x }, [1], [0]),
        ["GradientCheckOptions ValuesPerArray"] = (x => _ = new GradientCheckOptions { ValuesPerArray = (int)x }, [1], [0]),
        ["GradientCheckOptions Tolerance"] = (x => _ = new GradientCheckOptions { Tolerance = x }, [1e-9], [0, 1]),
        ["LearningRateFinder lowest"] = (x => FindRate(lowest: x), [1e-12], [0]),
        ["LearningRateFinder highest"] = (x => FindRate(highest: x), [1e12], [0]),
        ["LearningRateFinder batches"] = (x => FindRate(batches: (int)x), [2], [1]),
        ["LearningRateFinder batchSize"] = (x => FindRate(batchSize: (int)x), [1], [0]),
        ["NetworkDiagnostics batchSize"] = (x => Network().Check(Data(), new MeanSquaredError(), batchSize: (int)x), [1], [0]),
        ["NetworkDiagnostics rows"] = (x => Network().OverfitOneBatch(Data(), new MeanSquaredError(), rows: (int)x, maximumSteps: 1), [1], [0]),
        ["NetworkDiagnostics maximumSteps"] = (x => Network().OverfitOneBatch(Data(), new MeanSquaredError(), maximumSteps: (int)x), [1], [0]),
        ["NetworkSummary inputSize"] = (x => new Sigmoid().Summary((int)x), [1], [0]),
        ["NetworkSummary batchSize"] = (x => new Sigmoid().Summary(1, (int)x), [1], [0]),
        ["MonteCarlo passes"] = (x => MonteCarlo.Predict(Network(), new Matrix(1, 1), (int)x), [2], [1]),
    };

    public static TheoryData<string> Names => [.. Settings.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_belongs_to_a_range_is_taken_and_what_does_not_is_refused_by_name(string setting)
    {
        (Action<double> create, double[] taken, double[] refused) = Settings[setting];
        foreach (double value in taken) create(value);
        foreach (double value in refused)
        {
            FluentActions.Invoking(() => create(value)).Should().Throw<ArgumentOutOfRangeException>("of {0}", value).Which.ParamName.Should().Be(setting.Split(' ')[1]);
        }
    }

    private static Dataset Data() => new(new float[,] { { 0 }, { 1 }, { 2 } }, new float[,] { { 0 }, { 1 }, { 2 } });

    private static Sequential Network() => new(new Linear(1, 1, Random), new Dropout(0.5, Random));

    private static void FindRate(double lowest = 1e-7, double highest = 10, int batches = 2, int batchSize = 2)
    {
        Trainer trainer = Trainer();
        LearningRateFinder.Run(trainer.Network, Data(), trainer.Loss, trainer.Optimizer, lowest, highest, batches, batchSize);
    }

    private static Trainer Trainer()
    {
        Sequential network = Network();
        return new Trainer(network, new MeanSquaredError(), new SGD(network, 0.01));
    }
}
