namespace NeuralTrain.Samples;

/// <summary>Everything one can choose by name, and what of the library it stands for. The page makes its lists from these.</summary>
internal static class Choices
{
    public static readonly Dictionary<string, (bool IsRegression, Func<Random, int, double[]> Point)> Data = new()
    {
        ["circle"] = (false, PlanePoints.Circle), ["xor"] = (false, PlanePoints.Xor), ["spirals"] = (false, PlanePoints.Spirals),
        ["moons"] = (false, PlanePoints.Moons), ["gaussians"] = (false, PlanePoints.Gaussians),
        ["plane"] = (true, PlanePoints.Plane), ["waves"] = (true, PlanePoints.Waves), ["drawn"] = (false, (_, _) => []),
    };

    public static readonly Dictionary<string, Func<int, Random, Layer>> Activations = new()
    {
        ["none"] = (_, _) => new Identity(), ["sigmoid"] = (_, _) => new Sigmoid(), ["tanh"] = (_, _) => new Tanh(), ["ReLU"] = (_, _) => new ReLU(),
        ["softplus, centred"] = (_, _) => new Softplus(centered: true), ["softplus"] = (_, _) => new Softplus(),
        ["LReLU 0.01"] = (_, _) => new LeakyReLU(), ["maxout"] = (_, _) => new Identity(), ["APL"] = (units, random) => new APL(units, 2, random),
        ["VReLU 0.1"] = (_, _) => new LeakyReLU(0.1), ["VReLU 0.5"] = (_, _) => new LeakyReLU(0.5), ["RReLU"] = (_, random) => new RReLU(random),
        ["PReLU"] = (_, _) => new PReLU(), ["ELU"] = (_, _) => new ELU(), ["SELU"] = (_, _) => new SELU(), ["GELU"] = (_, _) => new GELU(),
        ["SiLU"] = (_, _) => new SiLU(), ["Mish"] = (_, _) => new Mish(),
    };

    // Null: what suits the activation that follows.
    public static readonly Dictionary<string, Initializer?> Weights = new()
    {
        ["suited"] = null, ["zeros"] = new Zeros(), ["N(0, 0.01²)"] = new Normal(0.01), ["N(0, 1)"] = new Normal(1), ["uniform ±1"] = new Uniform(-1, 1),
        ["Xavier 1/in"] = new LeCunNormal(), ["Glorot normal"] = new GlorotNormal(), ["Glorot uniform"] = new GlorotUniform(),
        ["He normal"] = new HeNormal(), ["He uniform"] = new HeUniform(), ["LeCun uniform"] = new LeCunUniform(), ["orthogonal"] = new Orthogonal(),
    };

    public static readonly Dictionary<string, (bool IsBefore, Func<int, Layer>? Layer)> Normalizations = new()
    {
        ["none"] = (false, null), ["batch, before"] = (true, units => new BatchNorm(units)), ["batch, after"] = (false, units => new BatchNorm(units)),
        ["layer, before"] = (true, units => new LayerNorm(units)), ["layer, after"] = (false, units => new LayerNorm(units)),
    };

    public static readonly Dictionary<string, Func<Layer>?> Outputs = new()
    {
        ["scores"] = null, ["sigmoid"] = () => new Sigmoid(), ["tanh"] = () => new Tanh(), ["ReLU"] = () => new ReLU(),
    };

    public static readonly Dictionary<string, Func<bool, Loss>> Losses = new()
    {
        ["suited"] = isRegression => isRegression ? new MeanSquaredError() : new BinaryCrossEntropy(),
        ["cross-entropy"] = _ => new BinaryCrossEntropy(), ["squares"] = _ => new MeanSquaredError(), ["absolute"] = _ => new MeanAbsoluteError(),
    };

    public static readonly Dictionary<string, Func<Sequential, double, double, Optimizer>> Optimizers = new()
    {
        ["SGD"] = (network, rate, _) => new SGD(network, rate), ["momentum"] = (network, rate, alpha) => new Momentum(network, rate, alpha),
        ["Nesterov"] = (network, rate, alpha) => new Nesterov(network, rate, alpha), ["AdaGrad"] = (network, rate, _) => new AdaGrad(network, rate),
        ["RMSprop"] = (network, rate, beta) => new RMSprop(network, rate, beta), ["Adam"] = (network, rate, beta) => new Adam(network, rate, beta),
        ["Adam, uncorrected"] = (network, rate, beta) =>
            new Adam(network, rate, beta, biasCorrection: false, epsilonPlacement: EpsilonPlacement.InsideRoot),
        ["AdamW"] = (network, rate, beta) => new AdamW(network, rate, beta), ["NAdam"] = (network, rate, beta) => new NAdam(network, rate, beta),
    };

    // Fractions of the schedule's length in epochs.
    public static readonly Dictionary<string, Func<int, Schedule>> Schedules = new()
    {
        ["constant"] = _ => new ConstantSchedule(), ["steps"] = epochs => new MultiStepDecay([Math.Max(1, epochs / 2), Math.Max(2, epochs * 3 / 4)]),
        ["halving"] = epochs => new StepDecay(Math.Max(1, epochs / 5), factor: 0.5), ["exponential"] = epochs => new ExponentialDecay(Math.Pow(0.01, 1.0 / epochs)),
        ["cosine"] = epochs => new CosineDecay(epochs), ["warm restarts"] = epochs => new WarmRestarts(Math.Max(1, epochs / 5)),
        ["cyclical"] = epochs => new Cyclical(0.1, Math.Max(1, epochs / 10), unit: ScheduleUnit.Epoch),
        ["one cycle"] = epochs => new OneCycle(epochs, unit: ScheduleUnit.Epoch),
        ["warm-up, cosine"] = epochs => new WarmUp(Math.Max(1, epochs / 10), new CosineDecay(epochs)),
        ["plateau"] = _ => new ReduceOnPlateau(patience: 10),
    };

    /// <summary>The names, for the page.</summary>
    public static object Names => new
    {
        data = Data.Keys, activation = Activations.Keys, weights = Weights.Keys, normalization = Normalizations.Keys, output = Outputs.Keys,
        loss = Losses.Keys, optimizer = Optimizers.Keys, schedule = Schedules.Keys, defaults = new Setup(), regression = Data.Keys.Where(key => Data[key].IsRegression),
        limits = new { points = Setup.MostPoints, layers = Setup.MostLayers, units = Setup.MostUnits, reach = Setup.Reach },
    };
}
