using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace NeuralTrain;

/// <summary>The measurements that training reports to <c>System.Diagnostics.Metrics</c> under the meter <c>NeuralTrain</c>. Nothing is allocated while there are no listeners.</summary>
internal static class TrainingTelemetry
{
    public const string MeterName = "NeuralTrain";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Steps = Meter.CreateCounter<long>("neuraltrain.steps", "{step}", "Steps of all training runs.");
    private static readonly Counter<long> Samples = Meter.CreateCounter<long>("neuraltrain.samples", "{sample}", "Rows trained on.");
    private static readonly Gauge<double> Loss = Meter.CreateGauge<double>("neuraltrain.loss", description: "The loss of the last batch.");
    private static readonly Gauge<double> Rate = Meter.CreateGauge<double>("neuraltrain.learning_rate", description: "The learning rate of the last step.");

    /// <summary>Records one step.</summary>
    public static void Record(int rows, double loss, double learningRate)
    {
        if (Steps.Enabled) Steps.Add(1);
        if (Samples.Enabled) Samples.Add(rows);
        if (Loss.Enabled) Loss.Record(loss);
        if (Rate.Enabled) Rate.Record(learningRate);
    }
}

/// <summary>The log messages of training. Nothing is formatted for a level that is switched off; separate from the meter, so that no message is prepared without a logger.</summary>
internal static partial class TrainingLog
{
    [LoggerMessage(1, LogLevel.Information, "Training begins: {Parameters} trainable values, batches of {BatchSize}, {Optimizer}, {Loss}")]
    public static partial void Begins(ILogger logger, long parameters, int batchSize, Optimizer optimizer, Loss loss);

    [LoggerMessage(2, LogLevel.Information, "epoch {Epoch}: training {Training}{Validation}, rate {LearningRate}, {SamplesPerSecond} samples/s")]
    public static partial void EpochDone(ILogger logger, int epoch, Evaluation training, string validation, double learningRate, long samplesPerSecond);

    [LoggerMessage(3, LogLevel.Information, "Training ended: {History}")]
    public static partial void Ends(ILogger logger, History history);

    [LoggerMessage(4, LogLevel.Warning, "{Cause} Epoch {Epoch} is repeated from the last finite weights, with the rate times {RateFactor}")]
    public static partial void Recovers(ILogger logger, string cause, int epoch, double rateFactor);

    [LoggerMessage(5, LogLevel.Error, "Training failed: {Cause}")]
    public static partial void Fails(ILogger logger, NonFinite cause);

    [LoggerMessage(6, LogLevel.Warning, "'{File}' was computed on {Before}, and this is {Now}: the run continues, but the last bits of its results will differ")]
    public static partial void ResumesElsewhere(ILogger logger, string file, string before, string now);
}
