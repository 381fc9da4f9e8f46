namespace NeuralTrain.PeerBenchmarks;

/// <summary>A plan built with NeuralTrain.</summary>
internal sealed class OurTraining
{
    private readonly Loss _loss;
    private readonly Optimizer _optimizer;
    private readonly SampleBatch _batch;
    private readonly Matrix _gradient;

    /// <summary>Builds the network, its loss and its optimizer.</summary>
    public OurTraining(NetworkPlan plan, SampleBatch batch)
    {
        _batch = batch;
        _gradient = new Matrix(plan.Batch, plan.Sizes[^1]);
        Network = Build(plan, new Random(2));
        _loss = plan.IsLectureXor ? new SumOfSquares() : plan.IsClassification ? new SoftmaxCrossEntropy() : new MeanSquaredError();
        _optimizer = plan.Rule switch
        {
            Rule.SGD => new SGD(Network, plan.LearningRate),
            Rule.Momentum => new Momentum(Network, plan.LearningRate, 0.9),
            _ => new Adam(Network, plan.LearningRate),
        };
    }

    /// <summary>The network.</summary>
    public Sequential Network { get; }

    /// <summary>The learning rate of the steps to come.</summary>
    public double LearningRate
    {
        set => _optimizer.LearningRate = value;
    }

    /// <summary>Builds the layers of a plan.</summary>
    public static Sequential Build(NetworkPlan plan, Random random)
    {
        var layers = new List<Layer>();
        for (int i = 0; i < plan.Sizes.Length - 1; i++)
        {
            bool isLast = i == plan.Sizes.Length - 2;
            layers.Add(new Linear(plan.Sizes[i], plan.Sizes[i + 1], random, plan.HasBias(i)));
            if (plan.IsLectureXor)
            {
                layers.Add(new Sigmoid());
            }
            else if (!isLast)
            {
                if (plan.BatchNorm)
                {
                    layers.Add(new BatchNorm(plan.Sizes[i + 1]));
                }

                layers.Add(new ReLU());
                if (plan.Dropout > 0)
                {
                    layers.Add(new Dropout(plan.Dropout, random));
                }
            }
        }

        return new Sequential([.. layers]);
    }

    /// <summary>One whole step of training.</summary>
    public void Step()
    {
        Gradients();
        Update();
    }

    /// <summary>The step without its end: the gradients of the batch.</summary>
    /// <returns>The loss.</returns>
    public double Gradients()
    {
        Matrix outputs = Network.Forward(_batch.Inputs);
        double loss = _loss.Evaluate(outputs, _batch.Targets, _gradient);
        Network.Backward(_gradient);
        return loss;
    }

    /// <summary>The end of the step: the optimizer's part.</summary>
    public void Update() => _optimizer.Step();
}
