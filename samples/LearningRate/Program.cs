// Lecture L5.7 to L5.11 and L7.3: finding a learning rate, what too low and too high look like, and what it helps to change it during training.
const string Description = "Learning rates: the finder, four curves, and seven schedules (lecture L5.7-L5.11, L7.3).";
const int BatchSize = 50, Window = 20, Epochs = 100, Starts = 5;
const double Rate = 0.5;
return SampleCommand.Run(args, Description, full: "10 s", quick: "5 s", takesData: true, run: sample =>
{
    // 1. The finder (L5.7): the rate rises with each batch until the loss explodes. The lecture's 25 batches for each power of ten from 10⁻⁸ to 10⁰,
    // and two powers further, where plain SGD has its limit.
    Dataset digits = Digits.Load(sample, sample.Quick ? 2_000 : 10_000, test: 100).Train;
    Sequential network = NewNetwork();
    Matrix before = network.Predict(digits.Inputs);
    LearningRateCurve found = LearningRateFinder.Run(
        network, digits, new SoftmaxCrossEntropy(), new SGD(network), lowest: 1e-8, highest: 100, batches: 250, BatchSize, (ulong)sample.Seed);
    bool isUntouched = before.Span.SequenceEqual(network.Predict(digits.Inputs).Span);
    SampleRun.Say($"Finder: {found}");
    sample.Save("learning-rate-finder.png", path => found.SavePng(path));
    SampleRun.Say();

    // 2. Reading the rate off the loss (L7.3): the usual reading of the finder's picture, a tenth of the rate of the lowest loss; then far below it,
    // and beyond where the loss turned up.
    double good = found.MinimumOverTen ?? throw new InvalidDataException(found.Reason);
    (string Name, double Rate)[] rates = [("too low", good / 100), ("good", good), ("too high", 100 * good), ("far too high", 1_000 * good)];
    double[][] courses = [.. sample.Steps("four rates", rates).Select(one => Train(one.Rate, steps: sample.Quick ? 160 : 1_600))];
    sample.Save("learning-rate-curves.png", path => Figures.SaveFourCurves(path, rates, courses, Window));
    SampleRun.Print(["rate", "", "first loss", "last loss"], rates.Zip(courses).Select(one => new[]
        { one.First.Name, $"{one.First.Rate:g2}", Number(one.Second[0]), Number(one.Second[^1]) }));
    SampleRun.Say();

    // 3. Schedules (L5.8 to L5.11): what each does to the loss of one network on two noisy moons.
    (string Name, Func<Schedule> Create)[] schedules =
    [
        ("constant", () => new ConstantSchedule()),
        ("half on plateau (L5.8)", () => new ReduceOnPlateau(patience: 5, reduction: 0.5)),
        ("steps 50, 25, 25 (L5.9)", () => new MultiStepDecay([50, 75])),
        ("triangles (L5.10)", () => new Cyclical(low: 0.02, up: 10, unit: ScheduleUnit.Epoch)),
        ("warm restarts (L5.11)", () => new WarmRestarts(period: 20)),
        ("cosine", () => new CosineDecay()),
        ("one cycle", () => new OneCycle(unit: ScheduleUnit.Epoch)),
    ];
    Dataset moons = PlaneData.Moons(sample.Quick ? 500 : 2_000, new Random(sample.Seed));
    SampleRun.Say($"Training on {moons} (two moons, noise 0.3), SGD at {Rate} times the schedule, batches of 10, {Epochs} epochs, {Starts} random starts.");
    var histories = new List<IReadOnlyList<Epoch>>();
    foreach (int i in sample.Steps("schedules", Enumerable.Range(0, schedules.Length * Starts)))
    {
        int start = sample.Seed + (i % Starts);
        var random = new Random(start);
        var small = new Sequential(new Linear(2, 32, random), new ReLU(), new Linear(32, 32, random), new ReLU(), new Linear(32, 2, random));
        var trainer = new Trainer(small, new SoftmaxCrossEntropy(), new SGD(small, Rate))
        {
            BatchSize = 10,
            Schedule = schedules[i / Starts].Create(),
            Seed = (ulong)start,
        };

        // The training part is measured again after each epoch: in passing, each batch would see other weights.
        histories.Add(trainer.Fit(moons, validation: moons, Epochs, sample.Stop).Epochs);
    }

    Spread[] last = [.. histories.Chunk(Starts).Select(course => Spread.Of(course.Select(epochs => epochs[^1].Validation!.Loss)))];
    string[] names = [.. schedules.Select(schedule => schedule.Name)];
    sample.Save("learning-rate-schedules.png", path => Figures.SaveSchedules(path, names, [.. histories.Chunk(Starts).Select(course => course[0])], Rate));
    SampleRun.Print(["schedule", "last loss, mean ± deviation"], names.Zip(last, (name, loss) => new[] { name, loss.Text("0.0000") }));

    double[] early = [.. found.Points.TakeWhile(point => point.LearningRate < 1e-5).Select(point => point.Loss)];
    (double first, double second) = (early.Take(early.Length / 2).Average(), early.Skip(early.Length / 2).Average());
    sample.Claim("Below 0.00001 nothing is learnt: the mean loss of the second half of those batches is that of the first within 5 %",
        Math.Abs((second / first) - 1) < 0.05, $"{first:0.000} and {second:0.000}");
    (double lowest, double highest) = (found.Points.Min(point => point.Loss), found.Points.Max(point => point.Loss));
    sample.Claim("The loss then falls below half of that, and explodes after it, beyond ten times chance",
        lowest < first / 2 && highest > 10 * Math.Log(10), $"down to {lowest:0.000}, up to {highest:g2}");
    sample.Claim("It suggests a rate in between", found.Suggestion is > 1e-5 and < 1, $"{found.Suggestion:g2}");
    sample.Claim("The network is untouched", isUntouched, $"{before.Span.Length} outputs compared");

    double[] ends = [.. courses.Select(course => course[^1])], fourths = [.. courses[0].Chunk(courses[0].Length / 4).Select(part => part.Average())];
    sample.Claim("The good rate ends lowest", ends[1] == ends.Min(), $"{ends[1]:0.000}");
    sample.Claim("The low one is still falling in its last fourth, and ends above it", fourths[3] < fourths[2] && ends[0] > ends[1],
        $"mean {fourths[3]:0.000} after {fourths[2]:0.000}, last {ends[0]:0.000}");
    sample.Claim("The high one gets stuck above the good one, without running away", ends[2] > ends[1] && ends[2] < ends[3], $"{ends[2]:0.000}");
    sample.Claim("The far too high one never gets below chance, ln 10", courses[3].Min() >= Math.Log(10), $"at least {Number(courses[3].Min())}");
    foreach ((string name, Spread loss) in names.Zip(last).Skip(1))
    {
        sample.ClaimAbove($"It ends below the constant rate: {name}", last[0], loss, spread => spread.Text("0.0000"));
    }

    // The loss of each step before its update, as means of a window; fewer where the weights run away, as what follows would be NaN.
    double[] Train(double rate, int steps)
    {
        Sequential network = NewNetwork();
        var (loss, optimizer, gradient, losses) = (new SoftmaxCrossEntropy(), new SGD(network, rate), new Matrix(BatchSize, 10), new List<double>());
        try
        {
            for (int epoch = 0; losses.Count < steps; epoch++)
            {
                using BatchReader batches = digits.Read(new BatchPlan(BatchSize, shuffleSeed: (ulong)sample.Seed, epoch));
                while (losses.Count < steps && batches.Read())
                {
                    losses.Add(loss.Evaluate(network.Forward(batches.Inputs), batches.Targets, gradient));
                    network.Backward(gradient);
                    optimizer.Step();
                }
            }
        }
        catch (NotFiniteNumberException)
        {
        }

        return [.. losses.Chunk(Window).Where(part => part.Length == Window).Select(part => part.Average())];
    }

    Sequential NewNetwork()
    {
        var random = new Random(sample.Seed);
        return new Sequential(new Linear(784, 100, random), new ReLU(), new Linear(100, 10, random));
    }

    static string Number(double loss) => loss < 1e4 ? $"{loss:0.000}" : $"{loss:0e+0}";
});
