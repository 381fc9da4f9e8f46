using System.Diagnostics.Metrics;

namespace NeuralTrain;

/// <summary>What trainings tell <c>System.Diagnostics.Metrics</c>, under the meter <c>NeuralTrain</c>. Each instrument knows whether anybody listens.</summary>
internal static class TrainingMeter
{
    public const string Name = "NeuralTrain";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Steps = Meter.CreateCounter<long>("neuraltrain.steps", "{step}", "Steps of all trainings.");
    private static readonly Counter<long> Samples = Meter.CreateCounter<long>("neuraltrain.samples", "{sample}", "Rows trained on.");
    private static readonly Gauge<double> Loss = Meter.CreateGauge<double>("neuraltrain.loss", description: "The loss of the last batch.");
    private static readonly Gauge<double> Rate = Meter.CreateGauge<double>("neuraltrain.learning_rate", description: "The learning rate of the last step.");

    /// <summary>Records one step.</summary>
    public static void Record(int rows, double loss, double learningRate)
    {
        if (Steps.Enabled)
        {
            Steps.Add(1);
        }

        if (Samples.Enabled)
        {
            Samples.Add(rows);
        }

        if (Loss.Enabled)
        {
            Loss.Record(loss);
        }

        if (Rate.Enabled)
        {
            Rate.Record(learningRate);
        }
    }
}
