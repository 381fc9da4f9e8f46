// StudyWriter PATH TRIALS PARALLEL [PAUSE]: runs a study of small trainings, a checkpoint after each epoch, or goes on with the one that is there; pauses so many
// milliseconds after each epoch.
using NeuralTrain;

var draw = new Random(3);
var inputs = new Matrix([.. Enumerable.Range(0, 64 * 4).Select(_ => draw.NextSingle() - 0.5f)], 64, 4);
var targets = new Matrix([.. Enumerable.Range(0, 64).Select(row => inputs[row, 0] * inputs[row, 1] > 0 ? 1f : 0f)], 64, 1);
var data = new Dataset(inputs, targets);
using Study study = Study.Open(args[0], Direction.Minimize, new TpeSampler(seed: 5, startup: 4), new SuccessiveHalving(firstEpoch: 2, reduction: 3),
    new StudyOptions { Window = 3, CheckpointInterval = TimeSpan.Zero, Attempts = int.MaxValue });
Console.WriteLine($"goes on with {study.Trials.Count} trials");
study.Run(int.Parse(args[1]), int.Parse(args[2]), trial =>
{
    int width = trial.SuggestWhole("width", 4, 32, log: true);
    var network = new Sequential(new Linear(4, width, trial.Random), new Tanh(), new Dropout(0.1f, trial.Random), new Linear(width, 1, trial.Random));
    var trainer = new Trainer(network, new MeanSquaredError(), new Adam(network, trial.Suggest("rate", 1e-4, 1e-1, log: true))) { Seed = trial.Seed };
    trial.Resume(trainer);
    foreach (Epoch epoch in trainer.Epochs(data, epochs: 9, cancellationToken: trial.CancellationToken))
    {
        if (trial.ShouldStop(epoch)) break;
        if (args.Length > 3) Thread.Sleep(int.Parse(args[3]));
    }

    return trainer;
});
