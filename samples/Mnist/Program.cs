// From images to a saved model: loads digits, trains 784-512-512-10, measures it once on the test set, and saves it.
const string Description = "Handwritten digits: 784-512-512-10 with dropout, shifted images and a one-cycle rate.";
return SampleCommand.Run(args, Description, full: "15 s", quick: "2 s", takesData: true, fullWithData: "25 s", run: sample =>
{
    int epochs = sample.Quick ? 4 : 15;
    int rows = sample.Quick ? 3_000 : sample.Data is null ? 20_000 : 60_000;
    (Dataset all, Dataset test) = Digits.Load(sample, rows, sample.Quick ? 1_000 : 10_000, standardize: false);
    (Dataset train, Dataset validation) = all.Split(11.0 / 12, new Random(sample.Seed), stratified: true);

    Random random = new Random(sample.Seed);
    var network = new Sequential(
        new Linear(784, 512, random), new ReLU(), new Dropout(0.2, random),
        new Linear(512, 512, random), new ReLU(), new Dropout(0.2, random),
        new Linear(512, 10, random));
    var loss = new SoftmaxCrossEntropy();
    SampleRun.Say($"{network.Summary()}");

    var trainer = new Trainer(network, loss, new Adam(network, learningRate: 0.002))
    {
        BatchSize = 128,
        Schedule = new OneCycle(),
        Augmentation = new ImageShift(28, 28, pixels: 1),
        Seed = (ulong)sample.Seed,
        Progress = new ConsoleProgress(),
    };
    History history = trainer.Fit(train, validation, epochs, sample.Stop);
    SampleRun.Say($"Trained {history} in {history.Duration.TotalSeconds:0} s.");
    sample.Save("mnist-loss.png", path => history.SavePng(path));

    // The test set is asked once, after everything was chosen by the validation part.
    ConfusionMatrix confusion = ConfusionMatrix.Of(network, test, loss.OutputKind);
    SampleRun.Say($"Test: {trainer.Evaluate(test)}. Rows are what was written, columns what was read:");
    SampleRun.Say($"{confusion}");
    sample.Save("mnist-confusion.png", path => confusion.SavePng(path));

    string file = sample.PathOf("mnist.safetensors");
    ModelFile.Save(file, network, test.Classes, loss);
    Predictor predictor = Predictor.Load(file);
    IReadOnlyList<Classification> read = predictor.Classify(test.Inputs);
    int right = Enumerable.Range(0, read.Count).Count(i => read[i].Index == test.Labels[i]);
    SampleRun.Say($"Model: {file}, {new FileInfo(file).Length / 1e6:0.0} MB; it reads the first test image, written as {test.Classes![test.Labels[0]]}, as {read[0]}.");

    double accuracy = trainer.Evaluate(test)["accuracy"], expected = sample.Quick ? 0.9 : 0.982;
    sample.Claim($"It reads at least {expected:0.0 %} of the test images rightly", accuracy >= expected, $"{accuracy:0.00 %}");
    sample.Claim("Loaded from its file, it reads as many rightly", right == (int)Math.Round(accuracy * read.Count), $"{right} of {read.Count}");
});
