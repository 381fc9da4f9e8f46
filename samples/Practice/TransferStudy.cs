namespace NeuralTrain.Samples;

/// <summary>
/// When does a pretrained network help (L7.4)? All layers but the head come from a task with plenty of examples; on the few of another one the new
/// head is trained, and then all layers at a tenth of the rate. Beside it learns the same network from random weights, on the same examples.
/// </summary>
internal static class TransferStudy
{
    private sealed record Setup(string Name, int Each, int Sources, Dataset Source, Dataset Pool, Dataset Unseen);

    public static void Run(SampleRun sample)
    {
        // No image is both in the plenty to pretrain on and in the pool from which the few are drawn.
        (int draws, int plenty, var noise) = (sample.Quick ? 3 : 20, sample.Quick ? 1_500 : 15_000, new Random(sample.Seed));
        (Dataset train, Dataset test) = Digits.Load(sample, plenty * 4 / 3, sample.Quick ? 1_000 : 10_000, standardize: false);
        (Dataset source, Dataset pool) = (train.Select([.. Enumerable.Range(0, plenty)]), train.Select([.. Enumerable.Range(plenty, plenty / 3)]));
        List<Setup> setups =
        [
            new("five digits to the other five", Each: 10, Sources: 5, source, pool, test),
            new("eight digits to the other two", Each: 5, Sources: 8, source, pool, test),
            new("ten digits to the same inverted", Each: 5, Sources: 10, source, Change(pool, ink => 1 - ink), Change(test, ink => 1 - ink)),
            new("ten digits to the same under noise", Each: 5, Sources: 10, source, Change(pool, Noisy), Change(test, Noisy)),
        ];
        if (sample.Data is not null)
        {
            Dataset drawn = BuiltInDigits.Create(plenty, sample.Seed, sample);
            setups.Add(new("ten digits drawn by code to MNIST's", Each: 5, Sources: 10, drawn, pool, test));
        }

        SampleRun.Say($"784-128-64 with dropout, pretrained for 5 epochs on {plenty} digits; {draws} draws of digits, examples and first weights; accuracy on unseen digits.");

        // Such networks are too small to divide: several draws share the processors instead. The figures are the same.
        (int threads, Compute.MaxThreads) = (Compute.MaxThreads, 1);
        double[][][] results = [.. sample.Steps("set-ups", setups).Select(setup => ParallelEnumerable.Range(0, draws).AsOrdered()
            .WithDegreeOfParallelism(threads).WithCancellation(sample.Stop).Select(draw => Compare(sample, setup, draw)).ToArray())];
        Spread[] gains = [.. results.Select(ofDraws => Spread.Of(ofDraws.Select(one => one[2] - one[0])))];
        string[] columns = ["set-up", "examples of each", "random weights", "pretrained, head alone", "then all layers", "gain", "better in"];
        SampleRun.Print(columns, setups.Select((setup, i) => (string[])
        [
            setup.Name, $"{setup.Each}", .. Enumerable.Range(0, 3).Select(way => Spread.Of(results[i].Select(one => one[way])).Percent),
            $"{100 * gains[i].Mean:+0.0;−0.0} ± {100 * gains[i].Deviation:0.0}", $"{results[i].Count(one => one[2] > one[0])} of {draws}",
        ]));
        foreach ((Setup setup, Spread gain) in setups.Zip(gains))
        {
            // A gain is that of the same draw; two standard errors of its mean are more than chance.
            double doubt = 2 * gain.Deviation / Math.Sqrt(draws);
            string verdict = gain.Mean > doubt ? "" : gain.Mean < -doubt ? "it is worse, " : "not distinguishable, ";
            string figure = $"{verdict}{100 * gain.Mean:+0.0;−0.0} ± {100 * doubt:0.0} points (two standard errors)";
            sample.Claim($"Transfer helps: {setup.Name}", gain.Mean > doubt, figure, needsFullRun: true);
        }

        float Noisy(float ink)
        {
            Span<float> added = [0];
            new Normal(0.5).Fill(added, 1, 1, noise);
            return ink + added[0];
        }
    }

    // The accuracy from random weights, with the pretrained layers frozen, and after all have been trained on.
    private static double[] Compare(SampleRun sample, Setup setup, int draw)
    {
        var random = new Random(sample.Seed + draw);
        int[] digits = [.. Enumerable.Range(0, 10)];
        random.Shuffle(digits);
        (int[] from, int[] to) = (digits[..setup.Sources], setup.Sources == 10 ? digits : digits[setup.Sources..]);
        (Dataset pool, Dataset unseen) = (Digits.Only(setup.Pool, to), Digits.Only(setup.Unseen, to));
        int[] order = [.. Enumerable.Range(0, pool.Inputs.Rows)];
        random.Shuffle(order);
        Dataset few = pool.Select([.. order.GroupBy(row => pool.Labels[row]).SelectMany(rows => rows.Take(setup.Each))]);

        Sequential plain = New(to.Length, random), pretrained = New(from.Length, random);
        double ofPlain = Train(plain, few, epochs: 300, rate: 0.001);
        Train(pretrained, Digits.Only(setup.Source, from), epochs: 5, rate: 0.001);
        Sequential trunk = pretrained.Take(^1);
        trunk.Freeze();
        Sequential network = trunk.Append(new Linear(64, to.Length, random));
        double ofHead = Train(network, few, epochs: 200, rate: 0.001);
        network.Unfreeze();
        return [ofPlain, ofHead, Train(network, few, epochs: 100, rate: 0.0001)];

        double Train(Sequential network, Dataset data, int epochs, double rate)
        {
            var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new Adam(network, rate)) { Seed = (ulong)(sample.Seed + draw) };
            trainer.Fit(data, epochs: epochs, cancellationToken: sample.Stop);
            return data == few ? trainer.Evaluate(unseen)["accuracy"] : 0;
        }
    }

    private static Sequential New(int classes, Random random) => new(
        new Linear(784, 128, random), new ReLU(), new Dropout(0.3, random),
        new Linear(128, 64, random), new ReLU(), new Dropout(0.3, random),
        new Linear(64, classes, random));

    private static Dataset Change(Dataset data, Func<float, float> change)
    {
        var inputs = new Matrix([.. data.Inputs.Span.ToArray().Select(change)], data.Inputs.Rows, data.Inputs.Columns);
        return new Dataset(inputs, data.Targets, classes: data.Classes);
    }
}
