namespace NeuralTrain;

/// <summary>What a <see cref="Schedule"/> counts.</summary>
public enum ScheduleUnit
{
    /// <summary>Steps of the optimizer: the rate changes with every batch.</summary>
    Step,

    /// <summary>Epochs, that is passes over the training data: the rate stays the same within one.</summary>
    Epoch,
}
