using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
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

// The same with the trainer; then saved, loaded without its code, and asked.
var sorted = new Sequential(Standardization.Fit(inputs), new Linear(3, 8, random), new Tanh(), new Linear(8, 2, random));
Matrix classes = OneHot.Encode([0, 1, 1, 0], classes: 2);
var trainer = new Trainer(sorted, new SoftmaxCrossEntropy(), new Adam(sorted, learningRate: 0.05));
History history = trainer.Fit(new Dataset(inputs, classes, classes: ["same", "different"]), epochs: 300);
string file = Path.Combine(Path.GetTempPath(), $"consumer-{Environment.ProcessId}.safetensors");
ModelFile.Save(file, sorted, ["same", "different"], trainer.Loss);
Classification answer = Predictor.Load(file).Classify([1, 0, 1]);
File.Delete(file);
Console.WriteLine($"The trainer: {history.Best}; the loaded model says of (1, 0): {answer.Label}, {answer.Probability:0.00}.");

// Under a German culture the program's own text has commas, the library's never: .ci/run says which culture it is.
string described = $"{new Dropout(0.2, random)} {history.Best!.Training}";
bool invariant = described.Contains("0.2") && !described.Contains("0,");
Console.WriteLine($"Culture '{CultureInfo.CurrentCulture.Name}', {1.5}: {described}.");

// Results as JSON, by code generated for the program: it is compiled natively too.
History read = JsonSerializer.Deserialize(JsonSerializer.Serialize(history, Results.Default.History), Results.Default.History)!;
Matrix row = JsonSerializer.Deserialize(JsonSerializer.Serialize(network.Predict(inputs), Results.Default.Matrix), Results.Default.Matrix);
bool same = read.Best!.ToString() == history.Best!.ToString() && row.Span.SequenceEqual(network.Predict(inputs).Span);
string report = JsonSerializer.Serialize(sorted.Check(new Dataset(inputs, classes), trainer.Loss), Results.Default.CheckReport);
Console.WriteLine($"As JSON and back: {(same ? "the same" : "not the same")}; {report.Length} letters of findings.");

// A native program has the vectors it was compiled for; .ci/run says which.
Console.WriteLine($"Computed on {Compute.InstructionSet}.");
bool vectors = args is not [string bits] || Compute.InstructionSet.EndsWith($"{bits} bits");
return learnt && vectors && invariant && same && answer is { Label: "different", Probability: > 0.9f } ? 0 : 1;

[JsonSerializable(typeof(History))]
[JsonSerializable(typeof(Matrix))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(MonteCarloPrediction))]
[JsonSerializable(typeof(ConfusionMatrix))]
[JsonSerializable(typeof(Classification))]
internal sealed partial class Results : JsonSerializerContext;
