using NeuralTrain;

Matrix inputs = new float[,] { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 0, 1 }, { 1, 1, 1 } };
Matrix targets = new float[,] { { 0 }, { 1 }, { 1 }, { 0 } };
var random = new Random(1);
var network = new Sequential(new Linear(3, 4, random), new Sigmoid(), new Linear(4, 1, random), new Sigmoid());
var loss = new SumOfSquares();
var optimizer = new SGD(network, learningRate: 1);
var gradient = new Matrix(4, 1);
for (int i = 0; i < 10_000; i++)
{
    loss.Evaluate(network.Forward(inputs), targets, gradient);
    network.Backward(gradient);
    optimizer.Step();
}

double left = loss.Evaluate(network.Predict(inputs), targets);
bool learnt = left < 0.01;
Console.WriteLine($"XOR from the package: loss {left:0.0000} after 10 000 steps: {(learnt ? "learnt" : "not learnt")}.");
return learnt ? 0 : 1;
