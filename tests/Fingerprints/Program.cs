// One line for each kind of layer and for each loss: what its parameters are, to the bit, after 20 steps with each optimizer.
// The files beside this one hold them for each instruction set; .ci/run compares.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NeuralTrain;

const int Width = 11, Outputs = 3, Rows = 37;

var layers = new (string Name, Func<Random, Layer[]> Create)[]
{
    ("Linear", random => [new Linear(Width, 19, random), new Linear(19, Width, random, bias: false)]),
    ("Linear, wide", random => [new Linear(Width, 300, random), new ReLU(), new Linear(300, 130, random), new ReLU(), new Linear(130, Width, random)]),
    ("Linear, large", random => [new Linear(Width, 512, random), new BatchNorm(512), new ReLU(), new Linear(512, 512, random), new Tanh(), new Linear(512, Width, random)]),
    ("Maxout", random => [new Maxout(Width, Width, random, pieces: 3), new Maxout(Width, Width, random, bias: false)]),
    ("APL", random => [new APL(Width, 2, random)]),
    ("PReLU", _ => [new PReLU(), new PReLU(Width)]),
    ("RReLU", random => [new RReLU(random)]),
    ("Identity", _ => [new Identity()]),
    ("Sigmoid", _ => [new Sigmoid()]),
    ("Tanh", _ => [new Tanh()]),
    ("ReLU", _ => [new ReLU()]),
    ("LeakyReLU", _ => [new LeakyReLU(), new LeakyReLU(0.5)]),
    ("ELU", _ => [new ELU(), new ELU(0.3)]),
    ("SELU", _ => [new SELU()]),
    ("SiLU", _ => [new SiLU()]),
    ("GELU", _ => [new GELU(), new GELU(approximate: true)]),
    ("Softplus", _ => [new Softplus(), new Softplus(centered: true)]),
    ("Softmax", _ => [new Softmax()]),
    ("LogSoftmax", _ => [new LogSoftmax()]),
    ("BatchNorm", _ => [new BatchNorm(Width), new ReLU(), new BatchNorm(Width, scaleAndShift: false)]),
    ("LayerNorm", _ => [new LayerNorm(Width), new ReLU(), new LayerNorm(Width, scaleAndShift: false)]),
    ("Normalization", _ => [Standardization.Fit(Draw(new Random(8), 50, Width))]),
    ("Dropout", random => [new Dropout(0.3, random), new Linear(Width, Width, random), new Dropout(0.2, random, direct: true)]),
    ("AlphaDropout", random => [new AlphaDropout(0.1, random)]),
    ("GaussianNoise", random => [new GaussianNoise(0.2, random)]),
    ("Residual", random => [new Residual(new Linear(Width, Width, random), new Tanh())]),
    ("Concatenate", random => [new Concatenate(new Linear(Width, 5, random), new Sequential(new Linear(Width, Width - 5, random), new Sigmoid()))]),
};

var optimizers = new Func<Layer, Optimizer>[]
{
    network => new SGD(network, 0.05) { ClipNorm = 1 },
    network => new Momentum(network, 0.02) { L2 = 1e-3 },
    network => new Nesterov(network, 0.02),
    network => new AdaGrad(network, 0.02),
    network => new RMSprop(network, 0.002),
    network => new Adam(network, 0.01),
    network => new AdamW(network, 0.01, weightDecay: 0.1),
};

var losses = new (string Name, Loss Loss, Func<Random, Matrix> Targets)[]
{
    ("SoftmaxCrossEntropy", new SoftmaxCrossEntropy(), OneHot),
    ("SoftmaxCrossEntropy, smoothed, weighted", new SoftmaxCrossEntropy([1, 2, 0.5f], labelSmoothing: 0.1), OneHot),
    ("BinaryCrossEntropy", new BinaryCrossEntropy(positiveWeight: 2), OneHot),
    ("Hinge", new Hinge(), OneHot),
    ("MeanSquaredError", new MeanSquaredError(), random => Draw(random, Rows, Outputs)),
    ("SumOfSquares", new SumOfSquares(), random => Draw(random, Rows, Outputs)),
    ("MeanAbsoluteError", new MeanAbsoluteError(), random => Draw(random, Rows, Outputs)),
    ("Huber", new Huber(0.5), random => Draw(random, Rows, Outputs)),
};

foreach ((string name, Func<Random, Layer[]> create) in layers)
{
    Print(name, optimizers.Select(optimizer => Train(create, losses[0].Loss, losses[0].Targets, optimizer)));
}

foreach ((string name, Loss loss, Func<Random, Matrix> targets) in losses)
{
    Print(name, optimizers.Select(optimizer => Train(_ => [new Tanh()], loss, targets, optimizer)));
}

Print("Trainer", [Fit(new WarmUp(3, new CosineDecay())), Fit(new OneCycle()), Fit(new ReduceOnPlateau(patience: 1))]);

static string Train(Func<Random, Layer[]> create, Loss loss, Func<Random, Matrix> targetsOf, Func<Layer, Optimizer> createOptimizer)
{
    var random = new Random(1);
    var network = new Sequential([new Linear(7, Width, random), .. create(random), new Linear(Width, Outputs, random)]);
    Optimizer optimizer = createOptimizer(network);
    Matrix inputs = Draw(random, Rows, 7), targets = targetsOf(random), gradient = new(Rows, Outputs);
    for (int step = 0; step < 20; step++)
    {
        loss.Evaluate(network.Forward(inputs), targets, gradient);
        network.Backward(gradient);
        optimizer.Step();
    }

    return Hash(network, network.Predict(inputs));
}

static string Fit(Schedule schedule)
{
    var random = new Random(2);
    var data = new Dataset(Draw(random, 213, 7), OneHotRows(random, 213));
    (Dataset train, Dataset validation) = data.Split(0.8, random);
    var network = new Sequential(
        Standardization.Fit(train.Inputs), new Linear(7, 40, random), new BatchNorm(40), new ReLU(), new Dropout(0.2, random), new Linear(40, Outputs, random));
    var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network, 0.01))
    {
        BatchSize = 16,
        Schedule = schedule,
        Augmentation = new AddNoise(0.1),
        EarlyStopping = new EarlyStopping(patience: 3),
    };
    History history = trainer.Fit(train, validation, epochs: 12);
    return Hash(network, new Matrix([.. history.Epochs.Select(epoch => (float)epoch.Training.Loss)], 1, history.Epochs.Count));
}

static void Print(string name, IEnumerable<string> hashes) => Console.WriteLine($"{name,-40} {string.Join(' ', hashes)}");

static string Hash(Layer network, Matrix outputs)
{
    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    foreach ((string _, Parameter parameter) in network.NamedParameters())
    {
        hash.AppendData(MemoryMarshal.AsBytes(parameter.Value.Span));
    }

    hash.AppendData(MemoryMarshal.AsBytes(outputs.Span));
    return Convert.ToHexString(hash.GetHashAndReset(), 0, 4);
}

static Matrix Draw(Random random, int rows, int columns)
{
    var matrix = new Matrix(rows, columns);
    foreach (ref float value in matrix.Span)
    {
        value = (random.NextSingle() * 4) - 2;
    }

    return matrix;
}

static Matrix OneHot(Random random) => OneHotRows(random, Rows);

static Matrix OneHotRows(Random random, int rows)
{
    var matrix = new Matrix(rows, Outputs);
    for (int row = 0; row < rows; row++)
    {
        matrix[row, random.Next(Outputs)] = 1;
    }

    return matrix;
}
