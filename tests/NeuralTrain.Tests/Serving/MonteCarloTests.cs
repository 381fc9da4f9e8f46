namespace NeuralTrain.Tests.Serving;

[Trait("Lecture", "L4.6")]
public sealed class MonteCarloTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void For_a_linear_network_mean_and_spread_are_those_of_the_theory(bool direct)
    {
        const double p = 0.3;
        const int passes = 20_000;
        var random = new Random(1);
        var network = new Sequential(new Dropout(p, random, direct), new Linear(6, 2, random));
        Matrix input = Networks.Inputs(3, columns: 6);
        Matrix single = network.Predict(input);
        ReadOnlySpan<float> weight = ((Linear)network.Children[1]).Weight.Value.Span;

        MonteCarloPrediction many = MonteCarlo.Predict(network, input, passes, seed: 5);

        many.Passes.Should().Be(passes);
        for (int row = 0; row < 3; row++)
        {
            for (int output = 0; output < 2; output++)
            {
                // y = Σ wᵢxᵢmᵢ·s with mᵢ = 0 or 1: var y = s²·p(1 − p)·Σ (wᵢxᵢ)², s = 1/(1 − p) or 1; its mean is the single pass.
                double s = direct ? 1 : 1 / (1 - p);
                double variance = 0;
                for (int i = 0; i < 6; i++)
                {
                    variance += s * s * p * (1 - p) * Math.Pow(weight[(output * 6) + i] * (double)input[row, i], 2);
                }

                // The mean of T draws deviates by σ/√T; five of these are met by chance once in two million.
                ((double)many.Mean[row, output]).Should().BeApproximately(single[row, output], 5 * Math.Sqrt(variance / passes));
                ((double)many.StandardDeviation[row, output]).Should().BeApproximately(Math.Sqrt(variance), 0.03 * Math.Sqrt(variance));
            }
        }
    }

    // One weight w: a pass gives 0 or w/(1 − p). Of two passes, equal ones have no spread, and different ones that of their half difference with T − 1 = 1 below the sum of squares.
    [Fact]
    public void The_spread_of_two_passes_is_that_of_a_sample_of_two()
    {
        var network = new Sequential(new Dropout(0.5, new Random(1)), new Linear(1, 1, new Random(1)));
        float value = 2 * ((Linear)network.Children[1]).Weight.Value[0, 0];
        MonteCarloPrediction[] runs = [.. Enumerable.Range(0, 30).Select(seed => MonteCarlo.Predict(network, new float[,] { { 1 } }, passes: 2, seed: (ulong)seed))];
        runs.Select(run => run.StandardDeviation[0, 0] > 0).Distinct().Should().HaveCount(2);
        foreach (MonteCarloPrediction run in runs.Where(run => run.StandardDeviation[0, 0] > 0))
        {
            ((double)run.Mean[0, 0]).Should().BeApproximately(value / 2, 1e-6);
            ((double)run.StandardDeviation[0, 0]).Should().BeApproximately(Math.Abs(value) / Math.Sqrt(2), 1e-6);
        }
    }

    [Fact]
    public void Batch_normalisation_uses_its_running_statistics_and_the_network_stays_as_it_is()
    {
        Sequential network = Networks.Mixed(3);
        ulong[] positions = [.. network.SelfAndBelow().Where(found => found.Layer.RandomStream is not null).Select(found => found.Layer.RandomStream!.Position)];
        int[] before = Networks.Bits(network);
        Matrix input = Networks.Inputs(4);

        // A single row, which a batch normalisation in training would refuse.
        MonteCarlo.Predict(network, input.SliceRows(0, 1), 50).Mean.Rows.Should().Be(1);
        MonteCarloPrediction four = MonteCarlo.Predict(network, input, 2000);

        Networks.Bits(network).Should().Equal(before);
        network.SelfAndBelow().Where(found => found.Layer.RandomStream is not null).Select(found => found.Layer.RandomStream!.Position).Should().Equal(positions);
        network.Children.Should().OnlyContain(layer => !layer.IsFrozen);

        // With batch statistics the mean would lie far from the single pass; here only dropout stands before the last linear layer.
        Matrix single = network.Predict(input);
        for (int i = 0; i < single.Span.Length; i++)
        {
            float error = Math.Abs(four.Mean.Span[i] - single.Span[i]);
            error.Should().BeLessThan(5 * four.StandardDeviation.Span[i] / MathF.Sqrt(2000));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_however_far_the_masks_of_the_network_were_used()
    {
        Sequential network = Networks.Mixed(3);
        Matrix input = Networks.Inputs(4);
        float[] first = MonteCarlo.Predict(network, input, 20, seed: 3).Mean.Span.ToArray();
        network.Children[3].Forward(new Matrix(5, 16), new Matrix(5, 16));
        MonteCarlo.Predict(network, input, 20, seed: 3).Mean.Span.ToArray().Should().Equal(first);
        MonteCarlo.Predict(network, input, 20, seed: 4).Mean.Span.ToArray().Should().NotEqual(first);
    }

    [Fact]
    public void A_predictor_averages_probabilities()
    {
        Sequential network = Networks.Mixed(3);
        Matrix input = Networks.Inputs(4);
        var predictor = new Predictor(network, OutputKind.ClassScores);
        MonteCarloPrediction many = predictor.PredictWithSpread(input, 50);
        for (int row = 0; row < 4; row++)
        {
            ((double)many.Mean[row, 0] + many.Mean[row, 1] + many.Mean[row, 2]).Should().BeApproximately(1, 1e-5);
        }

        many.StandardDeviation.Span.ToArray().Should().OnlyContain(deviation => deviation > 0 && deviation < 0.5f);
        predictor.Invoking(p => p.PredictWithSpread(new Matrix(1, 3))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Noise_and_random_slopes_take_part()
    {
        var random = new Random(1);
        var network = new Sequential(new GaussianNoise(0.5, random), new Linear(4, 4, random), new RReLU(random), new AlphaDropout(0.1, random));
        MonteCarlo.Predict(network, Networks.Inputs(2), 30).StandardDeviation.Span.ToArray().Should().OnlyContain(deviation => deviation > 0);
    }

    [Fact]
    public void A_network_without_chance_and_too_few_passes_are_refused()
    {
        var plain = new Sequential(new Linear(4, 2, new Random(1)));
        FluentActions.Invoking(() => MonteCarlo.Predict(plain, new Matrix(1, 4))).Should().Throw<ArgumentException>().WithMessage("*no random layer*Dropout*");
        FluentActions.Invoking(() => MonteCarlo.Predict(Networks.Mixed(3), new Matrix(1, 4), passes: 1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => MonteCarlo.Predict(Networks.Mixed(3), new Matrix(1, 5))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Outputs_that_overflow_are_reported_as_for_a_single_pass()
    {
        var network = new Sequential(new Dropout(0.5, new Random(1)), new Linear(2, 1, new Random(1)));
        ((Linear)network.Children[1]).Weight.Value.Span.Fill(1e30f);
        var predictor = new Predictor(network, OutputKind.Values);
        Matrix far = new float[,] { { 1e30f, 1e30f } };
        predictor.Invoking(own => own.Predict(far)).Should().Throw<NotFiniteNumberException>();
        predictor.Invoking(own => own.PredictWithSpread(far)).Should().Throw<NotFiniteNumberException>().WithMessage("Output 0 of row 0*");
    }
}
