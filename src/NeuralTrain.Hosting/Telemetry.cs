using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace NeuralTrain;

/// <summary>What a service reports of its predictions, under the name NeuralTrain. Without a listener it costs next to nothing.</summary>
internal static class Telemetry
{
    private const string Name = "NeuralTrain";

    private static readonly Meter Meter = new(Name, typeof(Telemetry).Assembly.GetName().Version?.ToString(3));

    public static ActivitySource Source { get; } = new(Name, Meter.Version);

    public static Counter<long> Predictions { get; } = Meter.CreateCounter<long>("neuraltrain.predictions", "{row}", "Rows that were predicted");

    public static Counter<long> Refused { get; } = Meter.CreateCounter<long>("neuraltrain.predictions.refused", "{row}", "Rows whose fields did not fit the model");

    public static Counter<long> Rejected { get; } = Meter.CreateCounter<long>("neuraltrain.predictions.rejected", "{row}", "Predicted rows whose probability was too low to decide");

    public static Counter<long> Unknown { get; } = Meter.CreateCounter<long>("neuraltrain.unknown_categories", "{field}", "Fields with a category that the training data did not have, by column");

    public static Counter<long> Unfamiliar { get; } = Meter.CreateCounter<long>("neuraltrain.unfamiliar_values", "{field}", "Fields with a value far from the training data, by column");

    public static Histogram<double> Duration { get; } = Meter.CreateHistogram("neuraltrain.prediction.duration", "s", "Time of a call, of one row or many", null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1] });

    public static Counter<long> Reloads { get; } = Meter.CreateCounter<long>("neuraltrain.reloads", "{file}", "Files that replaced a model or were refused, by outcome");
}

/// <summary>One call of a slot, from its beginning to its end.</summary>
internal sealed class PredictionCall(string model) : IDisposable
{
    private readonly Activity? _activity = Telemetry.Source.StartActivity("neuraltrain.predict")?.SetTag("neuraltrain.model", model);
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _rows, _refused;

    /// <summary>Counts an answer.</summary>
    public TablePrediction Answer(TablePrediction answer)
    {
        _rows++;
        if (answer.IsRejected) Telemetry.Rejected.Add(1, Model);
        foreach (string column in answer.UnknownCategories) Telemetry.Unknown.Add(1, Model, new("neuraltrain.column", column));
        foreach (string column in answer.Unfamiliar) Telemetry.Unfamiliar.Add(1, Model, new("neuraltrain.column", column));
        return answer;
    }

    /// <summary>Counts a row that was refused.</summary>
    public void Refuse() => _refused++;

    public void Dispose()
    {
        if (_rows > 0) Telemetry.Predictions.Add(_rows, Model);
        if (_refused > 0) Telemetry.Refused.Add(_refused, Model);
        Telemetry.Duration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, Model);
        _activity?.SetTag("neuraltrain.rows", _rows).SetTag("neuraltrain.refused", _refused).Dispose();
    }

    private KeyValuePair<string, object?> Model => new("neuraltrain.model", model);
}
