#:package NeuralTrain@1.0.0-preview.1

// Trains a classifier with early stopping, saves it as one file, and serves it from that file: dotnet run classify.cs
using NeuralTrain;

var random = new Random(1);
var (inputs, targets) = (new Matrix(300, 2), new Matrix(300, 2));
for (int i = 0; i < inputs.Rows; i++)
{
    // Two half moons, one a shifted mirror image of the other.
    (int moon, double angle) = (i % 2, Math.PI * random.NextDouble());
    inputs[i, 0] = (float)(moon == 0 ? Math.Cos(angle) : 1 - Math.Cos(angle));
    inputs[i, 1] = (float)(moon == 0 ? Math.Sin(angle) : 0.5 - Math.Sin(angle));
    targets[i, moon] = 1;
}

var (train, test) = new Dataset(inputs, targets).Split(0.8, random);
var network = new Sequential(Standardization.Fit(train.Inputs), new Linear(2, 16, random), new ReLU(), new Linear(16, 2, random));
var loss = new SoftmaxCrossEntropy();
var trainer = new Trainer(network, loss, new Adam(network, learningRate: 0.01)) { EarlyStopping = new EarlyStopping(patience: 10) };
Console.WriteLine(trainer.Fit(train, validation: test, epochs: 100).Best);

ModelFile.Save("moons.safetensors", network, ["upper", "lower"], loss);
Predictor predictor = Predictor.Load("moons.safetensors");
Console.WriteLine(predictor.Classify([0f, 1f]));     // upper
