namespace NeuralTrain.Tests.Lecture;

/// <summary>The main job: the two-layer perceptron of lecture L1.3 trains XOR as published.</summary>
[Trait("Lecture", "L1.3")]
public sealed class XorTests
{
    private static readonly double[,] X = { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 0, 1 }, { 1, 1, 1 } };
    private static readonly double[] Y = [0, 1, 1, 0];

    // As the lecture prints them: W₁ᵀ (3×4) and W₂ᵀ (4×1).
    private static readonly double[,] HiddenStart =
    {
        { -0.165955990594852, 0.4406489868843162, -0.9997712503653102, -0.39533485473632046 },
        { -0.7064882183657739, -0.8153228104624044, -0.6274795772446582, -0.3088785459139045 },
        { -0.20646505153866013, 0.07763346800671389, -0.1616109711934104, 0.370439000793519 },
    };

    private static readonly double[] OutputStart = [-0.5910955005369651, 0.7562347248717908, -0.9452248136041477, 0.34093502035680445];

    private static readonly double[] PublishedErrors =
        [0.496410031903, 0.00858452565325, 0.00578945986251, 0.00462917677677, 0.00395876528027, 0.00351012256786];

    private static readonly double[] PublishedOutputs = [0.00260572, 0.99672209, 0.99701711, 0.00386759];

    [Fact]
    public void The_published_errors_come_out_to_four_significant_digits()
    {
        (double[] errors, _) = Train();
        for (int i = 0; i < errors.Length; i++)
        {
            double unitOfFourthDigit = Math.Pow(10, Math.Floor(Math.Log10(PublishedErrors[i])) - 3);
            errors[i].Should().BeApproximately(PublishedErrors[i], unitOfFourthDigit / 2, $"at iteration {i * 10_000}");
        }
    }

    [Fact]
    public void The_published_outputs_come_out_to_four_decimals()
    {
        (_, double[] outputs) = Train();
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i].Should().BeApproximately(PublishedOutputs[i], 5e-5);
        }
    }

    [Fact]
    public void The_lectures_formulas_in_double_give_the_published_figures_to_ten_decimals_or_all_printed()
    {
        (double[] errors, double[] outputs) = TrainPlainly(roundWeights: weight => weight);
        for (int i = 0; i < errors.Length; i++)
        {
            errors[i].Should().BeApproximately(PublishedErrors[i], 1e-10);
        }

        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i].Should().BeApproximately(PublishedOutputs[i], 0.6e-8);
        }
    }

    [Fact]
    public void What_separates_our_outputs_from_the_published_ones_is_the_rounding_of_the_weights_to_float32_alone()
    {
        (_, double[] rounded) = TrainPlainly(roundWeights: weight => (float)weight);
        (_, double[] ours) = Train();
        for (int i = 0; i < ours.Length; i++)
        {
            ours[i].Should().BeApproximately(rounded[i], 2e-7);
        }

        Math.Abs(rounded[0] - PublishedOutputs[0]).Should().BeGreaterThan(1e-6, "the rounding is what the fourth digit is lost to");
    }

    [Fact]
    public void A_step_in_steady_state_allocates_nothing()
    {
        (Sequential network, Matrix inputs, Matrix targets) = Network();
        (var loss, var optimizer, var gradient) = (new SumOfSquares(), new SGD(network, 1), new Matrix(4, 1));
        Harness.Allocation.PerCall(() =>
        {
            loss.Evaluate(network.Forward(inputs), targets, gradient);
            network.Backward(gradient);
            optimizer.Step();
        }).Should().Be(0);
    }

    [Fact]
    public void Two_runs_from_the_same_seed_end_in_the_same_bits()
    {
        (_, double[] first) = Train(iterations: 1000);
        (_, double[] second) = Train(iterations: 1000);
        first.Should().Equal(second);
    }

    [Fact]
    [Trait("Lecture", "L2.1")]
    public void From_zero_weights_XOR_is_never_learnt()
    {
        (Sequential network, Matrix inputs, Matrix targets) = Network();
        foreach ((_, Parameter parameter) in network.NamedParameters())
        {
            parameter.Value.Span.Clear();
        }

        network.Predict(inputs).Span.ToArray().Should().AllBeEquivalentTo(0.5f);
        (var loss, var optimizer, var gradient) = (new SumOfSquares(), new SGD(network, 1), new Matrix(4, 1));
        for (int i = 0; i < 5_000; i++)
        {
            loss.Evaluate(network.Forward(inputs), targets, gradient);
            network.Backward(gradient);
            optimizer.Step();
        }

        loss.Evaluate(network.Predict(inputs), targets).Should().BeGreaterThan(0.4, "all hidden units stay alike, and one unit cannot do it");
        Parameter hidden = network.NamedParameters()[0].Parameter;
        for (int unit = 1; unit < 4; unit++)
        {
            hidden.Value.Row(unit).ToArray().Should().Equal(hidden.Value.Row(0).ToArray());
        }
    }

    [Fact]
    [Trait("Lecture", "L1.2")]
    public void With_biases_seeds_1_to_20_learn_it()
    {
        Matrix inputs = new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } };
        Matrix targets = new float[,] { { 0 }, { 1 }, { 1 }, { 0 } };
        for (int seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var network = new Sequential(new Linear(2, 4, random), new Sigmoid(), new Linear(4, 1, random), new Sigmoid());
            (var loss, var optimizer, var gradient) = (new SumOfSquares(), new SGD(network, 1), new Matrix(4, 1));
            for (int i = 0; i < 5_000; i++)
            {
                loss.Evaluate(network.Forward(inputs), targets, gradient);
                network.Backward(gradient);
                optimizer.Step();
            }

            Matrix outputs = network.Predict(inputs);
            for (int row = 0; row < 4; row++)
            {
                outputs[row, 0].Should().BeApproximately(targets[row, 0], 0.1f, $"seed {seed}");
            }
        }
    }

    private static (Sequential Network, Matrix Inputs, Matrix Targets) Network()
    {
        var random = new Random(1);
        var network = new Sequential(
            new Linear(3, 4, random, bias: false), new Sigmoid(), new Linear(4, 1, random, bias: false), new Sigmoid());
        for (int unit = 0; unit < 4; unit++)
        {
            for (int i = 0; i < 3; i++)
            {
                ((Linear)network.Children[0]).Weight.Value[unit, i] = (float)HiddenStart[i, unit];
            }

            ((Linear)network.Children[2]).Weight.Value[0, unit] = (float)OutputStart[unit];
        }

        return (network, new float[,] { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 0, 1 }, { 1, 1, 1 } }, new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });
    }

    private static (double[] Errors, double[] Outputs) Train(int iterations = 60_000)
    {
        (Sequential network, Matrix inputs, Matrix targets) = Network();
        (var loss, var optimizer, var gradient) = (new SumOfSquares(), new SGD(network, 1), new Matrix(4, 1));
        var errors = new List<double>();
        Matrix outputs = default;
        for (int i = 0; i < iterations; i++)
        {
            outputs = network.Forward(inputs);
            loss.Evaluate(outputs, targets, gradient);
            if (i % 10_000 == 0)
            {
                errors.Add(Enumerable.Range(0, 4).Average(row => Math.Abs(Y[row] - outputs[row, 0])));
            }

            network.Backward(gradient);
            optimizer.Step();
        }

        return ([.. errors], Array.ConvertAll(outputs.Span.ToArray(), value => (double)value));
    }

    // The lecture's forward and backward pass, element by element, in double; only the stored weights go through the rounding.
    private static (double[] Errors, double[] Outputs) TrainPlainly(Func<double, double> roundWeights)
    {
        double[,] w1 = Harness.References.Map(HiddenStart, roundWeights);
        double[] w2 = Array.ConvertAll(OutputStart, weight => roundWeights(weight));
        var errors = new List<double>();
        var q = new double[4];
        var h = new double[4, 4];
        for (int iteration = 0; iteration < 60_000; iteration++)
        {
            for (int row = 0; row < 4; row++)
            {
                double s2 = 0;
                for (int unit = 0; unit < 4; unit++)
                {
                    double s1 = 0;
                    for (int i = 0; i < 3; i++)
                    {
                        s1 += X[row, i] * w1[i, unit];
                    }

                    h[row, unit] = Harness.References.Sigmoid(s1);
                    s2 += h[row, unit] * w2[unit];
                }

                q[row] = Harness.References.Sigmoid(s2);
            }

            if (iteration % 10_000 == 0)
            {
                errors.Add(Enumerable.Range(0, 4).Average(row => Math.Abs(Y[row] - q[row])));
            }

            var w1Gradient = new double[3, 4];
            var w2Gradient = new double[4];
            for (int row = 0; row < 4; row++)
            {
                double s2Gradient = q[row] * (1 - q[row]) * (q[row] - Y[row]);
                for (int unit = 0; unit < 4; unit++)
                {
                    w2Gradient[unit] += s2Gradient * h[row, unit];
                    double s1Gradient = h[row, unit] * (1 - h[row, unit]) * s2Gradient * w2[unit];
                    for (int i = 0; i < 3; i++)
                    {
                        w1Gradient[i, unit] += s1Gradient * X[row, i];
                    }
                }
            }

            for (int unit = 0; unit < 4; unit++)
            {
                w2[unit] = roundWeights(w2[unit] - w2Gradient[unit]);
                for (int i = 0; i < 3; i++)
                {
                    w1[i, unit] = roundWeights(w1[i, unit] - w1Gradient[i, unit]);
                }
            }
        }

        return ([.. errors], q);
    }
}
