namespace NeuralTrain;

/// <content>How a model is judged.</content>
public sealed partial class TableModel
{
    /// <summary>Measures the model on rows that it was not trained on.</summary>
    /// <param name="test">The rows, with their targets; a weight column counts.</param>
    /// <exception cref="InvalidDataException">The table does not have the columns of the model, or values that do not suit them; the message names them.</exception>
    public TableEvaluation Evaluate(Table test)
    {
        Dataset data = Schema.Encode(test);
        return Evaluate(data, Network.Predict(data.Inputs));
    }

    // Scores of classes, or standard scores of numbers.
    private TableEvaluation Evaluate(Dataset data, Matrix outputs)
    {
        TableSchema schema = Schema;
        IReadOnlyList<ColumnSchema> targets = schema.Targets;
        if (_outputKind != OutputKind.Values)
        {
            return new TableEvaluation(
                data.Inputs.Rows, new Dictionary<string, IReadOnlyList<MetricValue>> { [targets[0].Name] = Measure(_outputKind, outputs, data.Targets, data.SampleWeights, MetricsOf(_outputKind)) },
                Confusion(outputs, data));
        }

        var found = new Dictionary<string, IReadOnlyList<MetricValue>>();
        for (int target = 0; target < targets.Count; target++)
        {
            var (predicted, actual) = (new Matrix(outputs.Rows, 1), new Matrix(outputs.Rows, 1));
            int covered = 0;
            for (int row = 0; row < outputs.Rows; row++)
            {
                predicted[row, 0] = (float)schema.InUnits(targets[target].State, outputs[row, target]);
                actual[row, 0] = (float)schema.InUnits(targets[target].State, data.Targets[row, target]);
                covered += _state.IntervalLevel > 0 && Math.Abs((double)outputs[row, target] - data.Targets[row, target]) <= _state.IntervalWidths[target] ? 1 : 0;
            }

            MetricValue[] values = Measure(OutputKind.Values, predicted, actual, data.SampleWeights, MetricsOf(OutputKind.Values));
            if (_state.IntervalLevel > 0) values = [.. values, new MetricValue(FormattableString.Invariant($"within the {100 * _state.IntervalLevel:0.#} % interval"), (double)covered / outputs.Rows, isRatio: true)];
            found.Add(targets[target].Name, values);
        }

        return new TableEvaluation(data.Inputs.Rows, found);
    }

    private static Metric[] MetricsOf(OutputKind kind) => kind == OutputKind.Values ? [new AbsoluteError(), new RSquared()] : [new Accuracy(), new LogLoss()];

    private static MetricValue[] Measure(OutputKind kind, Matrix predicted, Matrix actual, ReadOnlySpan<float> weights, Metric[] metrics)
    {
        var values = new MetricValue[metrics.Length];
        for (int i = 0; i < metrics.Length; i++)
        {
            metrics[i].Begin(kind, actual.Columns);
            metrics[i].Add(predicted, actual, weights);
            values[i] = new MetricValue(metrics[i].Name, metrics[i].Value, metrics[i].IsRatio);
        }

        return values;
    }

    private ConfusionMatrix Confusion(Matrix outputs, Dataset data)
    {
        int classes = Schema.Classes.Count;
        float threshold = (float)Math.Log(_state.Threshold / (1 - _state.Threshold));
        long[][] counts = [.. Enumerable.Range(0, classes).Select(_ => new long[classes])];
        for (int row = 0; row < outputs.Rows; row++)
        {
            ReadOnlySpan<float> scores = outputs.Row(row);
            int label = classes == 2 ? (scores[0] >= threshold ? 1 : 0) : System.Numerics.Tensors.TensorPrimitives.IndexOfMax(scores);
            counts[data.Labels[row]][label]++;
        }

        return new ConfusionMatrix(Schema.Classes, counts);
    }
}
