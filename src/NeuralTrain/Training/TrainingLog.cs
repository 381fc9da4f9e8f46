using Microsoft.Extensions.Logging;

namespace NeuralTrain;

/// <summary>What a trainer logs. Nothing is formatted or allocated for a level that is switched off.</summary>
internal static partial class TrainingLog
{
    [LoggerMessage(1, LogLevel.Information, "Training begins: {Parameters} trainable values, batches of {BatchSize}, {Optimizer}, {Loss}")]
    public static partial void Begins(ILogger logger, long parameters, int batchSize, Optimizer optimizer, Loss loss);

    [LoggerMessage(2, LogLevel.Information, "{Epoch}, training {Training}, rate {LearningRate}, {SamplesPerSecond} samples/s")]
    public static partial void EpochDone(ILogger logger, Epoch epoch, Evaluation training, double learningRate, long samplesPerSecond);

    [LoggerMessage(3, LogLevel.Information, "Training ended: {History}")]
    public static partial void Ends(ILogger logger, History history);

    [LoggerMessage(4, LogLevel.Warning, "{Cause} Epoch {Epoch} begins anew from the last finite weights, with the rate times {RateFactor}")]
    public static partial void Recovers(ILogger logger, string cause, int epoch, double rateFactor);

    [LoggerMessage(5, LogLevel.Error, "Training failed: {Cause}")]
    public static partial void Fails(ILogger logger, NonFinite cause);
}
