using NeuralTrain;

Matrix inputs = new float[,] { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 0, 1 }, { 1, 1, 1 } };
Matrix targets = new float[,] { { 0 }, { 1 }, { 1 }, { 0 } };
var random = new Random(1);
var network = new Sequential(
    new Linear(3, 4, random), new Sigmoid(),
    new Linear(4, 1, random), new Sigmoid());
var optimizer = new SGD(network, learningRate: 1);
var (loss, gradient) = (new SumOfSquares(), new Matrix(4, 1));
for (int i = 0; i < 10_000; i++)
{
    loss.Evaluate(network.Forward(inputs), targets, gradient);
    network.Backward(gradient);
    optimizer.Step();
}

Console.WriteLine(network.Predict(inputs));     // near 0, 1, 1, 0
