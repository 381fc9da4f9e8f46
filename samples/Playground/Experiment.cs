using System.Diagnostics;

namespace NeuralTrain.Samples;

/// <summary>One network in training on points of the plane: the lecture's loop, a step at a time, by the library's public members alone.</summary>
internal sealed class Experiment
{
    private readonly Setup _setup;
    private readonly Optimizer _optimizer;
    private readonly Schedule _schedule;
    private readonly Matrix _gradient;
    private BatchReader _batches;
    private double _rate;

    public Experiment(Setup setup)
    {
        _setup = setup.Checked();
        (Train, Test) = PlanePoints.Create(_setup);
        (Network, Blocks) = Networks.Build(_setup, Train.Inputs);
        Loss = Choices.Losses[_setup.Loss](_setup.IsRegression);
        _rate = _setup.Rate;
        _optimizer = Choices.Optimizers[_setup.Optimizer](Network, _rate, _setup.Momentum);
        _optimizer.L2 = _setup.L2;
        _schedule = Choices.Schedules[_setup.Schedule](_setup.Epochs);
        _gradient = new Matrix(_setup.Batch, 1);
        Maps = new PlaneMaps(this);
        _batches = Train.Read(new BatchPlan(_setup.Batch, (ulong)_setup.Seed, Epoch));
    }

    public Dataset Train { get; }

    public Dataset Test { get; }

    public Sequential Network { get; }

    /// <summary>For each hidden layer and the output, which of the network's layers makes its weighted sums, and which gives its values.</summary>
    public IReadOnlyList<Block> Blocks { get; }

    public Loss Loss { get; }

    /// <summary>Where one class ends and the other begins: 0 for scores, ½ for a network that is trained to give 0 and 1.</summary>
    public double Middle => Loss.OutputKind == OutputKind.BinaryScores ? 0 : 0.5;

    /// <summary>Draws what its units and its output give over the plane.</summary>
    public PlaneMaps Maps { get; }

    public Setup Setup => _setup;

    public long Steps { get; private set; }

    public int Epoch { get; private set; }

    public double Rate => _optimizer.LearningRate;

    public double Penalty => _optimizer.RegularizationLoss();

    /// <summary>Why it cannot go on, in words; null while it can.</summary>
    public string? Stopped { get; private set; }

    /// <summary>How long the steps took so far.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>Changes what may change while it trains.</summary>
    public void Tune(double rate, double l2)
    {
        Setup changed = (_setup with { Rate = rate, L2 = l2 }).Checked();
        (_rate, _optimizer.L2) = (changed.Rate, changed.L2);
    }

    /// <summary>Trains for so many steps, or until the time is up, the values are no longer finite, or nobody waits any more.</summary>
    public void Run(int steps, TimeSpan time, CancellationToken stop = default)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            for (int i = 0; i < steps && Stopped is null && clock.Elapsed < time && !stop.IsCancellationRequested; i++)
            {
                Step();
            }
        }
        catch (Exception problem) when (problem is NotFiniteNumberException or ArgumentException or InvalidOperationException)
        {
            Stopped = problem.Message;
        }

        Time += clock.Elapsed;
    }

    public CheckReport Check()
    {
        _optimizer.LearningRate = _rate;
        return Network.Check(Train, Loss, _optimizer, _setup.Batch);
    }

    public LearningRateCurve FindRate() => LearningRateFinder.Run(
        Network, Train, Loss, _optimizer, batchSize: Math.Min(_setup.Batch, Train.Inputs.Rows), seed: (ulong)_setup.Seed);

    public void Save(Stream stream) => ModelFile.Save(stream, Network, _setup.IsRegression ? [] : ["orange", "blue"], Loss, Train.InputNames);

    private void Step()
    {
        if (!_batches.Read())
        {
            EndEpoch();
        }

        // A single last row has no variance for batch normalisation.
        if (_batches.Inputs.Rows == 1 && _setup.Batch > 1)
        {
            EndEpoch();
        }

        _optimizer.LearningRate = _rate * _schedule.At(_schedule.Unit == ScheduleUnit.Step ? Steps : Epoch, _setup.Epochs);
        Matrix gradient = _gradient.SliceRows(0, _batches.Inputs.Rows);
        Loss.Evaluate(Network.Forward(_batches.Inputs), _batches.Targets, gradient);
        Network.Backward(gradient);
        _optimizer.Step();
        Steps++;
    }

    private void EndEpoch()
    {
        _schedule.Observe(Loss.Evaluate(Network.Predict(Test.Inputs), Test.Targets));
        Epoch++;
        _batches.Dispose();
        _batches = Train.Read(new BatchPlan(_setup.Batch, (ulong)_setup.Seed, Epoch));
        _batches.Read();
    }
}
