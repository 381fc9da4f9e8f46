// Lecture L1.3 and L2.1: the two-layer perceptron in 11 lines, from the published weights, from zeros, and with biases from 100 random starts.
using System.Diagnostics;

const string Description = "The two-layer perceptron learns XOR (lecture L1.3, L2.1): from the published weights or a --seed, from zeros, and with biases.";
const int Iterations = 60_000;
return SampleCommand.Run(args, Description, full: "2 s", quick: "2 s", run: sample =>
{
    // The third input is always 1 and serves as a bias.
    var data = new Dataset(new float[,] { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 0, 1 }, { 1, 1, 1 } }, new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });
    Sequential network = Network.New(3, sample.NewRandom(), bias: false, new Uniform(-1, 1));
    if (sample.GivenSeed is null)
    {
        Published.HiddenWeights.CopyTo(((Linear)network.Children[0]).Weight.Value);
        Published.OutputWeights.CopyTo(((Linear)network.Children[2]).Weight.Value);
    }

    var errors = new List<double>();
    Matrix last = new(4, 1);
    var clock = Stopwatch.StartNew();
    double[] losses = Network.Train(network, data, Iterations, (i, outputs) =>
    {
        if (i % 10_000 == 0)
        {
            errors.Add(Network.Errors(outputs, data).Average());
        }

        if (i == Iterations - 1)
        {
            outputs.CopyTo(last);
        }
    });
    TimeSpan time = clock.Elapsed;
    SampleRun.Say(sample.GivenSeed is null
        ? "XOR as in the lecture (L1.3), from the published weights."
        : $"XOR as in the lecture (L1.3), but from random weights of seed {sample.Seed}: the published figures do not apply.");
    Published.Compare(sample, [.. errors], last.Doubles());
    SampleRun.Say($"60 000 iterations took {time.TotalSeconds:0.000} s ({time.TotalMicroseconds / Iterations:0.00} µs each).");
    sample.Claim("Learns XOR (every output within 0.1 of its target)", HasLearnt(last, data), $"at most {Network.Errors(last, data).Max():0.0000} off");
    SampleRun.Say();

    SampleRun.Say("The same network from weights that are all zero, 60 000 iterations.");
    Sequential zeros = Network.New(3, sample.NewRandom(), bias: false, new Zeros());
    double[] lossesFromZeros = Network.Train(zeros, data, Iterations);
    Matrix hidden = ((Linear)zeros.Children[0]).Weight.Value, ofZeros = zeros.Predict(data.Inputs);
    sample.Claim("Zeros never learn XOR (L2.1): every output is still 0.5, and all hidden units are still the same",
        Enumerable.Range(1, 3).All(unit => hidden.Row(unit).SequenceEqual(hidden.Row(0))) && ofZeros.Doubles().All(output => output == 0.5),
        $"outputs {string.Join(", ", ofZeros.Doubles())}");
    SampleRun.Say();

    var plain = new Dataset(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } }, data.Targets);
    List<int> failed = [.. sample.Steps("100 random starts", 100).Select(i => i + 1).Where(seed => !HasLearnt(Biased(seed).Predict(plain.Inputs), plain))];
    SampleRun.Say($"XOR with biases, 2-4-1, 5 000 steps: {100 - failed.Count} of 100 seeds learn it.");
    sample.Claim("Any seed of 1 to 100 learns XOR (every output within 0.1 of its target)",
        failed.Count == 0, failed.Count == 0 ? null : $"not {string.Join(", ", failed)}");
    SampleRun.Say();

    Plot plot = Picture.New("XOR: the same network from two starts", "iteration", "loss ½Σ(y − q)²");
    IEnumerable<double> iterations = losses.Select((_, i) => (double)i * Network.Interval);
    plot.AddLine(iterations, losses.Select(Math.Log10), sample.GivenSeed is int given ? $"random, seed {given}" : "published weights", color: 0);
    plot.AddLine(iterations, lossesFromZeros.Select(Math.Log10), "all zeros", color: 1);
    Picture.ShowPowersOfTen(plot.Axes.Left);
    sample.Save(plot, "xor-loss.png");
    sample.Save("xor-surface.png", path => Biased(sample.Seed).SaveDecisionBoundary(
        plain, OutputKind.Values, path, "XOR as 2-4-1 with biases learnt it: white is 0.5", width: 640));

    Sequential Biased(int seed)
    {
        Sequential biased = Network.New(2, new Random(seed), bias: true);
        Network.Train(biased, plain, 5_000);
        return biased;
    }

    static bool HasLearnt(Matrix outputs, Dataset data) => Network.Errors(outputs, data).Max() < 0.1;
});
