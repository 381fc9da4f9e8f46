using System.Diagnostics;
using NeuralTrain;

// Trains, saves, loads and predicts inside a browser, says so in its console, and how long it takes; ends with "done".
Matrix inputs = new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } }, targets = new float[,] { { 1, 0 }, { 0, 1 }, { 0, 1 }, { 1, 0 } };
var random = new Random(1);
var network = new Sequential(new Linear(2, 8, random), new Tanh(), new Linear(8, 2, random));
var loss = new SoftmaxCrossEntropy();
new Trainer(network, loss, new Adam(network, 0.05)) { BatchSize = 4 }.Fit(new Dataset(inputs, targets, classes: ["no", "yes"]), epochs: 300);
using var file = new MemoryStream();
ModelFile.Save(file, network, ["no", "yes"], loss);
file.Position = 0;
Predictor predictor = Predictor.Load(file);
Console.WriteLine($"XOR: {string.Join(' ', Enumerable.Range(0, 4).Select(row => predictor.Classify(inputs.Row(row)).Label))}");

var xor = new Sequential(new Linear(3, 4, random), new Sigmoid(), new Linear(4, 1, random), new Sigmoid());
Time("a step of XOR, 3-4-1, 4 rows, SGD", Step(xor, new SGD(xor, 0.1), new SumOfSquares(), new Matrix(4, 3), new Matrix(4, 1)));
var small = new Sequential(new Linear(64, 64, random), new ReLU(), new Linear(64, 10, random));
Time("a step of 64-64-10, 64 rows, Adam", Step(small, new Adam(small), new SoftmaxCrossEntropy(), Filled(64, 64), Classes(64, 10)));
var digits = new Predictor(new Sequential(new Linear(784, 128, random), new ReLU(), new Linear(128, 10, random)), OutputKind.Values);
float[] row = new float[784], answer = new float[10];
Time("one row through 784-128-10", () => digits.Predict(row.AsSpan(), answer.AsSpan()));
Console.WriteLine("done");

Action Step(Sequential network, Optimizer optimizer, Loss loss, Matrix inputs, Matrix targets)
{
    var gradient = new Matrix(targets.Rows, targets.Columns);
    return () =>
    {
        loss.Evaluate(network.Forward(inputs), targets, gradient);
        network.Backward(gradient);
        optimizer.Step();
    };
}

Matrix Filled(int rows, int columns)
{
    var matrix = new Matrix(rows, columns);
    foreach (ref float value in matrix.Span) value = random.NextSingle();
    return matrix;
}

static Matrix Classes(int rows, int columns)
{
    var matrix = new Matrix(rows, columns);
    for (int row = 0; row < rows; row++) matrix[row, row % columns] = 1;
    return matrix;
}

// The median of five rounds of 200 ms, after one that does not count.
static void Time(string what, Action work)
{
    var rounds = new List<double>();
    for (int round = 0; round < 6; round++)
    {
        var clock = Stopwatch.StartNew();
        int count = 0;
        for (; clock.ElapsedMilliseconds < 200; count++) work();
        if (round > 0) rounds.Add(clock.Elapsed.TotalMilliseconds / count);
    }

    Console.WriteLine($"{what}: {rounds.Order().ElementAt(2):0.000} ms");
}
