namespace NeuralTrain.Tests.Search;

/// <summary>TPE against random draws on known functions: fixed budgets, 20 seeds, the median of what is left to the minimum.</summary>
public sealed class TpeTests(ITestOutputHelper output)
{
    private const int Seeds = 20;

    // Dixon and Szegö, "Towards global optimisation 2", 1978; the minima: 0, 0.397887, −3.32237.
    public static TheoryData<string, int, int> Functions => new() { { "sphere", 5, 60 }, { "Branin", 2, 60 }, { "Hartmann", 6, 120 } };

    [Theory]
    [MemberData(nameof(Functions))]
    public void On_each_test_function_the_median_regret_of_TPE_is_below_that_of_random_draws(string function, int dimensions, int trials)
    {
        double[] random = Regrets(seed => new RandomSampler((ulong)seed)), tpe = Regrets(seed => new TpeSampler((ulong)seed)), quasi = Regrets(seed => new QuasiRandomSampler((ulong)seed));
        output.WriteLine($"{function} {trials} trials: median regret TPE {Median(tpe):g4}, random {Median(random):g4}, quasi-random {Median(quasi):g4}; TPE better in {tpe.Zip(random).Count(pair => pair.First < pair.Second)} of {Seeds}");
        Median(tpe).Should().BeLessThan(Median(random));

        double[] Regrets(Func<int, Sampler> sampler) => [.. Enumerable.Range(0, Seeds).Select(seed =>
        {
            Study study = new(Direction.Minimize, sampler(seed));
            study.Run(trials, 1, trial => Value(function, [.. Enumerable.Range(0, dimensions).Select(d => trial.Suggest($"x{d}", Low(function, d), High(function, d)))]));
            return study.Best.Score!.Value;
        })];
    }

    [Fact]
    public void A_choice_and_a_whole_number_that_are_better_are_tried_more_often()
    {
        Study study = new(Direction.Maximize, new TpeSampler(1));
        study.Run(100, 1, trial => (trial.Suggest("kind", ["bad", "good", "worse"]) == "good" ? 10 : 0) - Math.Abs(trial.SuggestWhole("n", 0, 20) - 7));
        study.Trials.Skip(40).Count(trial => (string)trial.Values["kind"] == "good").Should().BeGreaterThan(35, "random draws give 20 of 60");
        study.Trials.Skip(40).Count(trial => Math.Abs((int)trial.Values["n"] - 7) <= 3).Should().BeGreaterThan(35, "random draws give 20 of 60");
    }

    [Fact]
    public void What_is_asked_for_under_a_condition_is_learned_by_itself()
    {
        Study study = new(Direction.Minimize, new TpeSampler(1));
        study.Run(120, 1, trial => trial.Suggest("optimizer", ["sgd", "adam"]) == "sgd" ? 1 + Math.Pow(trial.Suggest("momentum", 0, 1) - 0.9, 2) : Math.Pow(trial.Suggest("beta", 0, 1) - 0.2, 2));
        study.Trials.Skip(60).Count(trial => trial.Values.TryGetValue("beta", out object? beta) && Math.Abs((double)beta - 0.2) < 0.2).Should().BeGreaterThan(30, "random draws give 12 of 60");
        study.Trials.Should().OnlyContain(trial => trial.Values.ContainsKey("momentum") != trial.Values.ContainsKey("beta"));
    }

    [Fact]
    public void The_test_functions_have_their_known_minima()
    {
        Value("sphere", [0, 0, 0, 0, 0]).Should().Be(0);
        Value("Branin", [Math.PI, 2.275]).Should().BeApproximately(0, 1e-5);
        Value("Hartmann", [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573]).Should().BeApproximately(0, 1e-4);
    }

    private static double Low(string function, int d) => function == "sphere" ? -5 : function == "Branin" && d == 0 ? -5 : 0;

    private static double High(string function, int d) => function == "sphere" ? 5 : function == "Branin" ? d == 0 ? 10 : 15 : 1;

    private static double Median(double[] values) => values.Order().Skip((values.Length / 2) - 1).Take(2).Average();

    // What is left to the minimum.
    private static double Value(string function, double[] x) => function switch
    {
        "sphere" => x.Sum(value => value * value),
        "Branin" => Math.Pow(x[1] - (5.1 / (4 * Math.PI * Math.PI) * x[0] * x[0]) + (5 / Math.PI * x[0]) - 6, 2) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x[0])) + 10 - 0.397887,
        _ => 3.32237 - Enumerable.Range(0, 4).Sum(i => C[i] * Math.Exp(-Enumerable.Range(0, 6).Sum(j => A[i][j] * Math.Pow(x[j] - (1e-4 * P[i][j]), 2)))),
    };

    private static readonly double[] C = [1, 1.2, 3, 3.2];
    private static readonly double[][] A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]];
    private static readonly double[][] P = [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991], [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]];
}
