namespace NeuralTrain;

/// <summary>Where a training stood at the beginning of an epoch, all finite: weights, moments, generators and counters.</summary>
internal sealed class FiniteState(Layer network, Optimizer optimizer, TrainingMemory memory)
{
    private readonly WeightStore _weights = new(memory.Parameters);
    private readonly RandomStream[] _masks = [.. network.SelfAndBelow().Select(below => below.Layer.RandomStream).OfType<RandomStream>()];
    private readonly List<ulong> _positions = [];
    private OptimizerState? _optimizerState;
    private long _steps;

    public void Save()
    {
        _weights.Save();
        _positions.Clear();
        _positions.AddRange(_masks.Select(mask => mask.Position));
        _optimizerState = optimizer.CaptureState();
        _steps = memory.StepsDone;
    }

    public void Restore()
    {
        _weights.Restore();
        for (int i = 0; i < _masks.Length; i++)
        {
            _masks[i].Position = _positions[i];
        }

        optimizer.RestoreState(_optimizerState!);
        memory.StepsDone = _steps;

        // A backward pass that was cut short leaves gradients behind, which the next step must not meet.
        foreach ((string _, Parameter parameter) in memory.Parameters)
        {
            parameter.Gradient.Span.Clear();
        }
    }
}
