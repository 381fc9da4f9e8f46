using NeuralTrain.Tests.Serving;

namespace NeuralTrain.Tests.Documentation;

/// <summary>The code of docs/serving.md, docs/transfer.md and docs/search.md.</summary>
public sealed class ServingPageTests
{
    [Fact]
    public void The_code_of_the_page_on_serving_runs()
    {
        using var folder = new TemporaryFolder();
        string path = folder["wine.safetensors"];
        Sequential network = Networks.Mixed(3);
        ModelFile.Save(path, network, ["barolo", "grignolino", "barbera"], new SoftmaxCrossEntropy(), ["alcohol", "acid", "ash", "hue"]);
        float[] features = [0.1f, 0.2f, -0.3f, 0.4f];
        Matrix rows = Networks.Inputs(5);

        // <snippet serving>
        Predictor predictor = Predictor.Load(path);

        Classification answer = predictor.Classify(features);       // Label, Probability, Index
        float[] probabilities = predictor.Predict(features);        // one for each class
        Span<float> mine = new float[predictor.OutputSize];
        predictor.Predict(features, mine);                          // allocates nothing
        IReadOnlyList<Classification> answers = predictor.Classify(rows);
        // </snippet>
        probabilities[answer.Index].Should().Be(answer.Probability!.Value);
        mine.ToArray().Should().Equal(probabilities);
        answers.Should().HaveCount(5);

        // <snippet serving-slot>
        var slot = new PredictorSlot(predictor);
        Classification present = slot.Current.Classify(features);   // in every request
        Predictor before = slot.Swap(Predictor.Load(path)); // while requests run
        // </snippet>
        present.Should().Be(answer);
        before.Should().BeSameAs(predictor);

        // <snippet serving-spread>
        MonteCarloPrediction many = predictor.PredictWithSpread(rows, passes: 100, seed: 1);
        Console.WriteLine($"{many.Mean[0, 0]:0.00} ± {many.StandardDeviation[0, 0]:0.00}");
        // </snippet>
        many.StandardDeviation.Span.ToArray().Should().Contain(deviation => deviation > 0);
    }

    [Fact]
    [Trait("Lecture", "L7.4")]
    public void The_code_of_the_page_on_transfer_learns_the_new_task()
    {
        using var folder = new TemporaryFolder();
        string path = folder["old.safetensors"];
        ModelFile.Save(path, Networks.Mixed(3), loss: new SoftmaxCrossEntropy());
        Matrix inputs = Networks.Inputs(200);
        int[] labels = [.. Enumerable.Range(0, 200).Select(row => inputs[row, 0] > inputs[row, 1] ? 1 : 0)];
        var train = new Dataset(inputs, OneHot.Encode(labels, 2));
        var random = new Random(1);

        // <snippet transfer>
        Sequential pretrained = ModelFile.Load(path).Network;
        Sequential trunk = pretrained.Take(^1);                     // all but the old head, as copies
        trunk.Freeze();
        Sequential network = trunk.Append(new Linear(16, 2, random));

        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network, learningRate: 0.01));
        trainer.Fit(train, epochs: 30);                             // only the new head learns
        // </snippet>
        int[] frozen = Networks.Bits(network)[..^34];
        frozen.Should().Equal(Networks.Bits(pretrained)[..frozen.Length]);
        double withHead = trainer.Evaluate(train).Loss;
        withHead.Should().BeLessThan(0.5, "guessing costs ln 2 = 0.69");

        // <snippet transfer-thaw>
        network.Unfreeze();
        var optimizer = new Adam(network, learningRate: 0.001);
        optimizer.SetRate(network.Children[0], 0.1);                // the pretrained layer learns slower
        var finer = new Trainer(network, new SoftmaxCrossEntropy(), optimizer);
        finer.Fit(train, epochs: 10);
        // </snippet>
        finer.Evaluate(train).Loss.Should().BeLessThan(withHead);
        Networks.Bits(network)[..frozen.Length].Should().NotEqual(frozen);
    }

    [Fact]
    [Trait("Lecture", "L7.5")]
    public void The_code_of_the_page_on_search_finds_a_rate()
    {
        Matrix inputs = Networks.Inputs(200);
        int[] labels = [.. Enumerable.Range(0, 200).Select(row => inputs[row, 0] * inputs[row, 1] > 0 ? 1 : 0)];
        var train = new Dataset(inputs.SliceRows(0, 150), OneHot.Encode(labels.AsSpan(0, 150), 2));
        var validation = new Dataset(inputs.SliceRows(150, 50), OneHot.Encode(labels.AsSpan(150), 2));

        using var folder = new TemporaryFolder();
        string file = folder["flowers.study"];

        // <snippet search>
        using Study study = Study.Open(file, Direction.Minimize, new TpeSampler(seed: 1), new SuccessiveHalving());
        study.Run(trials: 40, parallel: 2, trial =>
        {
            double rate = trial.Suggest("rate", 1e-4, 1e-1, log: true);
            int units = trial.Suggest("units", [8, 16, 32]);
            float share = trial.Suggest("dropout", [true, false]) ? (float)trial.Suggest("share", 0.05, 0.5) : 0;
            var network = new Sequential(
                new Linear(4, units, trial.Random), new ReLU(), new Dropout(share, trial.Random), new Linear(units, 2, trial.Random));
            var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network, rate)) { Seed = trial.Seed, EarlyStopping = new EarlyStopping(patience: 5) };
            trial.Resume(trainer);
            foreach (Epoch epoch in trainer.Epochs(train, validation, epochs: 15, trial.CancellationToken))
            {
                if (trial.ShouldStop(epoch)) break;
            }

            return trainer;
        });

        Console.WriteLine(study.Best);
        Console.WriteLine(string.Join(", ", study.Importance()));
        Sequential best = ModelFile.Load(study.BestModelFile!).Network;
        // </snippet>
        study.Best.Score.Should().BeLessThan(0.6, "guessing costs ln 2 = 0.69");
        study.Trials.Should().HaveCount(40).And.NotContain(trial => trial.Status == TrialStatus.Failed);
        best.Evaluate(validation, new SoftmaxCrossEntropy()).Loss.Should().Be(study.Best.Score);
    }

    [Fact]
    public void The_code_of_the_page_on_search_asks_and_tells()
    {
        // <snippet ask-and-tell>
        Study study = new(Direction.Maximize, new QuasiRandomSampler(seed: 1));
        Trial trial = study.Ask();
        double width = trial.Suggest("width", 0, 10);
        study.Tell(trial.Number, score: -Math.Abs(width - 3));
        // </snippet>
        study.Best.Score.Should().Be(-Math.Abs(width - 3));
    }
}
