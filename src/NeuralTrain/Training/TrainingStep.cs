namespace NeuralTrain;

/// <summary>One step of a training, as observers see it. The matrices are valid during the call only.</summary>
public readonly struct TrainingStep
{
    /// <summary>The network that is trained.</summary>
    public required Sequential Network { get; init; }

    /// <summary>The optimizer that takes the step.</summary>
    public required Optimizer Optimizer { get; init; }

    /// <summary>The present epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The step, from 1 over the whole training.</summary>
    public required long Step { get; init; }

    /// <summary>The inputs of the (last) batch of the step.</summary>
    public required Matrix Inputs { get; init; }

    /// <summary>The targets of the (last) batch of the step.</summary>
    public required Matrix Targets { get; init; }

    /// <summary>What the network gave for the inputs, before the step.</summary>
    public required Matrix Predictions { get; init; }

    /// <summary>The loss of the (last) batch of the step, before the step.</summary>
    public required double Loss { get; init; }
}
