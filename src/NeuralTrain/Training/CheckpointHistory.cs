using System.Text.Json;

namespace NeuralTrain;

/// <summary>The epochs of a checkpoint as two vectors of doubles, so that a hundred thousand epochs are neither long nor slow, and a NaN stays one.</summary>
internal static class CheckpointHistory
{
    private const int Columns = 10;

    // What was measured seldom changes from epoch to epoch: each set of metrics is described once, and epochs point to it.
    private const string LayoutsName = "layouts";

    /// <summary>The numbers of each epoch, and the values of its metrics one behind the other.</summary>
    public static (double[] Epochs, double[] Metrics) ToNumbers(IReadOnlyList<Epoch> epochs, Utf8JsonWriter json)
    {
        var layouts = new List<MetricValue[]>();
        var numbers = new double[Columns * epochs.Count];
        var metrics = new List<double>();
        for (int i = 0; i < epochs.Count; i++)
        {
            Epoch epoch = epochs[i];
            double[] row =
            [
                epoch.Number, epoch.LearningRate, epoch.GradientNorm is null ? 0 : 1, epoch.GradientNorm ?? 0, epoch.RegularizationLoss, epoch.Duration.Ticks,
                epoch.SamplesPerSecond, epoch.Training.Loss, epoch.Validation is null ? -1 : Layout(epoch.Validation), epoch.Validation?.Loss ?? 0,
            ];
            row.CopyTo(numbers, Columns * i);
            metrics.Add(Layout(epoch.Training));
            metrics.AddRange(epoch.Training.Values.Select(value => value.Value));
            metrics.AddRange(epoch.Validation?.Values.Select(value => value.Value) ?? []);
        }

        json.WriteStartArray(LayoutsName);
        foreach (MetricValue[] layout in layouts)
        {
            json.WriteStartArray();
            foreach (MetricValue metric in layout)
            {
                json.WriteStartObject();
                json.WriteString("name", metric.Name);
                json.WriteBoolean("share", metric.IsShare);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        return (numbers, [.. metrics]);

        int Layout(Evaluation evaluation)
        {
            MetricValue[] layout = [.. evaluation.Values.Select(value => value with { Value = 0 })];
            int found = layouts.FindIndex(known => known.SequenceEqual(layout));
            if (found < 0)
            {
                layouts.Add(layout);
                found = layouts.Count - 1;
            }

            return found;
        }
    }

    /// <summary>The epochs again.</summary>
    /// <exception cref="InvalidDataException">The numbers are not those of epochs.</exception>
    public static Epoch[] FromNumbers(double[] numbers, double[] metrics, StateJson json)
    {
        MetricValue[][] layouts = [.. json[LayoutsName].Items().Select(layout => layout.Items().Select(ReadMetric).ToArray())];
        if (numbers.Length % Columns != 0)
        {
            throw json.Wrong($"the history has {numbers.Length} numbers, not {Columns} for each epoch");
        }

        int next = 0;
        var epochs = new Epoch[numbers.Length / Columns];
        for (int i = 0; i < epochs.Length; i++)
        {
            ReadOnlySpan<double> row = numbers.AsSpan(Columns * i, Columns);
            var training = new Evaluation(row[7], Values(Layout(Next())));
            epochs[i] = new Epoch
            {
                Number = (int)Whole(row[0], int.MaxValue),
                Training = training,
                Validation = row[8] == -1 ? null : new Evaluation(row[9], Values(Layout(row[8]))),
                LearningRate = row[1],
                GradientNorm = row[2] == 0 ? null : row[3],
                RegularizationLoss = row[4],
                Duration = TimeSpan.FromTicks((long)Whole(row[5], 1L << 53)),
                SamplesPerSecond = row[6],
            };
        }

        return next == metrics.Length ? epochs : throw json.Wrong($"the history uses {next} of its {metrics.Length} metrics");

        MetricValue[] Layout(double index) => layouts[(int)Whole(index, layouts.Length - 1)];

        MetricValue[] Values(MetricValue[] layout) => [.. layout.Select(metric => metric with { Value = Next() })];

        double Next() => next < metrics.Length ? metrics[next++] : throw json.Wrong($"the history needs more than its {metrics.Length} metrics");

        double Whole(double number, double most) =>
            number >= 0 && number <= most && number == Math.Floor(number) ? number : throw json.Wrong($"the history has the number {number} where a whole one of at most {most} belongs");
    }

    private static MetricValue ReadMetric(StateJson json) => new(json["name"].Text(), 0) { IsShare = json["share"].Flag() };
}
