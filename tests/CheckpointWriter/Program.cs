// CheckpointWriter PATH WIDTH: trains a network of that width, a checkpoint after each epoch of one step, resumed where there is one, until somebody ends it.
// CheckpointWriter PATH WIDTH save: saves such a network as a model again and again instead, each time with other weights.
using NeuralTrain;

string path = args[0];
int width = int.Parse(args[1]);
var random = new Random(1);
var network = new Sequential(new Linear(4, width, random), new BatchNorm(width), new ReLU(), new Dropout(0.5, random), new Linear(width, width, random), new Linear(width, 2, random));
var data = new Dataset(new Matrix(Values(8 * 4), 8, 4), new Matrix(Values(8 * 2), 8, 2));
var trainer = new Trainer(network, new MeanSquaredError(), new Adam(network)) { Checkpoint = new CheckpointOptions(path), EarlyStopping = new EarlyStopping(patience: int.MaxValue) };
if (args.Length > 2)
{
    Console.WriteLine("begins");
    while (true)
    {
        network.NamedParameters()[0].Parameter.Value.Span[0]++;
        ModelFile.Save(path, network, ["no", "yes"]);
    }
}

if (File.Exists(path))
{
    trainer.Resume(path);
}

Console.WriteLine($"begins after epoch {trainer.History.Epochs.Count}");
trainer.Fit(data, epochs: int.MaxValue);

float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
