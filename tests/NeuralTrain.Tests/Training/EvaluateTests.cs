namespace NeuralTrain.Tests.Training;

public sealed class EvaluateTests
{
    // Scores of the network: 2x₀ for the first class, 0 for the second.
    private static readonly Matrix Inputs = new float[,] { { 1 }, { -1 }, { 2 }, { -0.5f } };
    private static readonly Matrix Targets = new float[,] { { 1, 0 }, { 0, 1 }, { 0, 1 }, { 0, 1 } };

    [Fact]
    public void A_network_is_measured_without_a_trainer()
    {
        Sequential network = CreateNetwork();
        Evaluation measured = network.Evaluate(new Dataset(Inputs, Targets), new SoftmaxCrossEntropy());

        double[] losses = [Missing(2, 0), Missing(0, -2), Missing(0, 4), Missing(0, -1)];
        measured.Loss.Should().BeApproximately(losses.Average(), 1e-6);
        measured.Accuracy.Should().Be(0.75);

        // −ln of the share that the right score has beside the other.
        static double Missing(double right, double other) => Math.Log(Math.Exp(right) + Math.Exp(other)) - right;
    }

    [Fact]
    public void It_gives_what_a_trainer_gives_also_for_metrics_of_ones_choice()
    {
        Sequential network = CreateNetwork();
        var data = new Dataset(Inputs, Targets);
        var trainer = new Trainer(network, new SoftmaxCrossEntropy(), new SGD(network)) { Metrics = [new F1(), new LogLoss()] };

        network.Evaluate(data, new SoftmaxCrossEntropy(), new F1(), new LogLoss()).Values.Should().BeEquivalentTo(trainer.Evaluate(data).Values, options => options.WithStrictOrdering());
    }

    [Fact]
    public void Nothing_is_measured_of_nothing_or_by_nothing()
    {
        Sequential network = CreateNetwork();
        var data = new Dataset(Inputs, Targets);
        foreach (Action act in (Action[])[() => ((Sequential)null!).Evaluate(data, new Hinge()), () => network.Evaluate(null!, new Hinge()), () => network.Evaluate(data, null!), () => network.Evaluate(data, new Hinge(), null!)])
        {
            act.Should().Throw<ArgumentNullException>();
        }
    }

    [Fact]
    public void A_weight_that_is_not_finite_is_named_also_where_there_is_no_other()
    {
        var network = new Sequential(new Linear(1, 2, new Random(1), bias: false), new Sigmoid());
        ((Linear)network[0]).Weight.Value.Span.Fill(float.PositiveInfinity);
        network.Invoking(own => own.Evaluate(new Dataset(Inputs, Targets), new MeanSquaredError())).Should().Throw<NonFiniteException>().WithMessage("*0.weight*");
    }

    [Fact]
    public void Data_that_do_not_fit_are_refused()
    {
        Action act = () => CreateNetwork().Evaluate(new Dataset(new Matrix(2, 3), new Matrix(2, 2)), new SoftmaxCrossEntropy());
        act.Should().Throw<ArgumentException>().WithMessage("*3 input columns*takes 1*");
    }

    private static Sequential CreateNetwork()
    {
        var linear = new Linear(1, 2, new Random(1));
        linear.Weight.Value[0, 0] = 2;
        linear.Weight.Value[1, 0] = 0;
        return new Sequential(linear);
    }
}
