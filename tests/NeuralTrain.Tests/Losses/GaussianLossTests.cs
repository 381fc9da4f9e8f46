namespace NeuralTrain.Tests.Losses;

public sealed class GaussianLossTests
{
    [Fact]
    public void Loss_and_gradients_are_those_of_PyTorch_with_the_variance_as_an_exponential()
    {
        // ½(ln(var) + (μ − y)²/var), the mean over two rows of two targets: var = 0.5, 2, 1, 4, as torch.nn.GaussianNLLLoss()(μ, y, var) defines it.
        Matrix prediction = new float[,] { { 0.5f, -1, MathF.Log(0.5f), MathF.Log(2) }, { 2, 0, 0, MathF.Log(4) } }, target = new float[,] { { 1, 1 }, { 1.5f, -3 } };
        Matrix gradient = new(2, 4);
        double loss = new GaussianLoss().Evaluate(prediction, target, gradient);
        double[] errors = [-0.5, -2, 0.5, 3], variances = [0.5, 2, 1, 4];
        loss.Should().BeApproximately(errors.Zip(variances, (error, variance) => 0.5 * (Math.Log(variance) + (error * error / variance))).Average(), 1e-5);
        float[] byMean = [gradient[0, 0], gradient[0, 1], gradient[1, 0], gradient[1, 1]], byLogarithm = [gradient[0, 2], gradient[0, 3], gradient[1, 2], gradient[1, 3]];
        for (int i = 0; i < 4; i++)
        {
            byMean[i].Should().BeApproximately((float)(errors[i] / variances[i] / 4), 1e-5f);
            byLogarithm[i].Should().BeApproximately((float)(0.5 * (1 - (errors[i] * errors[i] / variances[i])) / 4), 1e-5f);
        }
    }

    [Fact]
    public void The_variance_is_never_less_than_a_millionth()
    {
        new GaussianLoss().Evaluate(new float[,] { { 1, -1e4f } }, new float[,] { { 1 } }).Should().BeApproximately(0.5 * Math.Log(1e-6), 1e-6);
    }

    [Fact]
    public void Weights_of_less_than_one_give_a_weighted_mean_and_metrics_see_every_mean()
    {
        // Errors 1 and 3 at variance 1, with weights ½ and ¼: (½·½ + 4½·¼) / ¾.
        Matrix prediction = new float[,] { { 2, 0 }, { 3, 0 } }, target = new float[,] { { 1 }, { 0 } };
        new GaussianLoss().Evaluate(prediction, target, sampleWeights: [0.5f, 0.25f]).Should().BeApproximately(1.375 / 0.75, 1e-5);
        var network = new Sequential(new Linear(1, 2, new Random(1), biasInitializer: new Constant(1)));
        network.Evaluate(new Dataset(new Matrix(2, 1), new float[,] { { 2 }, { 4 } }), new GaussianLoss())["MAE"].Should().Be(2);
    }

    [Fact]
    public void A_training_finds_mean_and_spread_that_differ_from_place_to_place()
    {
        var random = new Random(1);
        float[][] inputs = [.. Enumerable.Range(0, 2000).Select(_ => new[] { (2 * random.NextSingle()) - 1 })];
        float[][] targets = [.. inputs.Select(x => new[] { x[0] + ((x[0] > 0 ? 0.5f : 0.1f) * Normal(random)) })];
        var data = new Dataset(inputs, targets);
        var network = new Sequential(new Linear(1, 16, random), new Tanh(), new Linear(16, 2, random));
        network.Check(data, new GaussianLoss(), new Adam(network)).Should().NotContain(finding => finding.Code == "NT006");
        var trainer = new Trainer(network, new GaussianLoss(), new Adam(network, 0.01)) { Seed = 1, BatchSize = 50 };
        History history = trainer.Fit(data, epochs: 30);
        history.Epochs[^1].Training["MAE"].Should().BeInRange(0.2, 0.3, "the mean of |error| is √(2/π) of the spread, here 0.24 on average");
        network.Evaluate(data, new GaussianLoss())["R²"].Should().BeGreaterThan(0.7);
        foreach ((float x, double spread) in new[] { (-0.5f, 0.1), (0.5f, 0.5) })
        {
            Matrix output = network.Predict(new float[,] { { x } });
            output[0, 0].Should().BeApproximately(x, 0.15f);
            Math.Exp(output[0, 1] / 2).Should().BeInRange(0.75 * spread, 1.35 * spread);
        }
    }

    [Fact]
    public void A_network_with_too_few_outputs_is_refused_by_name()
    {
        var random = new Random(1);
        var data = new Dataset(new Matrix(4, 3), new Matrix(4, 2));
        var network = new Sequential(new Linear(3, 2, random));
        ((Action)(() => new Trainer(network, new GaussianLoss(), new Adam(network)).Fit(data, epochs: 1))).Should().Throw<ArgumentException>().WithMessage("*GaussianLoss needs 2 for each target: give its last layer 4 outputs*");
        network.Check(data, new GaussianLoss(), new Adam(network)).Should().Contain(finding => finding.Code == "NT006" && finding.Remedy.Contains('4'));
        ((Action)(() => new GaussianLoss().Evaluate(new Matrix(4, 2), new Matrix(4, 2)))).Should().Throw<ArgumentException>().WithMessage("*2 predictions for each target, received*");
    }

    private static float Normal(Random random) => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
