using System.Numerics.Tensors;

namespace NeuralTrain;

/// <content>How a model is evaluated.</content>
public sealed partial class TableModel
{
    /// <summary>Measures the model on rows that it was not trained on.</summary>
    /// <remarks>
    /// A row without a value in a column that always had one in training is not measured, because the model does not answer it; <see cref="TableEvaluation.Refused"/> counts such rows, and
    /// <see cref="Compare"/> and <see cref="PermutationImportance"/> leave them out too.
    /// </remarks>
    /// <param name="test">The rows, with their targets; a weight column counts.</param>
    /// <exception cref="InvalidDataException">The table does not have the columns of the model, or values that do not fit them; the message names them.</exception>
    public TableEvaluation Evaluate(Table test)
    {
        Dataset data = Answered(test, out Dictionary<string, int> refused, out List<(int Row, string Column, Novelty Kind)> novelties);
        Matrix outputs = Network.Predict(data.Inputs);
        (IReadOnlyDictionary<string, IReadOnlyList<MetricValue>> targets, ConfusionMatrix? confusion) = _outputKind == OutputKind.Values
            ? (OfNumbers(data, outputs, [.. novelties.Select(found => found.Row)]), null)
            : (OfClasses(data, outputs), Confusion(outputs, data));
        return new TableEvaluation(data.Inputs.Rows, targets, confusion, refused, Count(Novelty.UnknownCategory), Count(Novelty.Unfamiliar));

        Dictionary<string, int> Count(Novelty kind) => novelties.Where(found => found.Kind == kind).CountBy(found => found.Column, StringComparer.Ordinal).ToDictionary();
    }

    /// <summary>Predictions and true values as two matrices of the same shape, for pictures and your own metrics.</summary>
    /// <param name="test">The rows, with their targets.</param>
    /// <returns>
    /// The probability of each class of <see cref="TableSchema.Classes"/> with 1 for the true one and 0 elsewhere, of two classes a single column for the positive one; or the number of each target in
    /// its own units, as a float: of its first seven digits.
    /// </returns>
    /// <exception cref="InvalidDataException">The table does not have the columns of the model, or values that do not fit them; the message names them.</exception>
    public (Matrix Predicted, Matrix Actual) Compare(Table test)
    {
        Dataset data = Answered(test, out _, out _);
        Matrix predicted = new Predictor(Network, _outputKind).Predict(data.Inputs);
        if (_outputKind != OutputKind.Values) return (predicted, data.Targets);
        predicted = IntervalLoss.Block(predicted, 0, data.TargetSize);
        var actual = new Matrix(predicted.Rows, predicted.Columns);
        for (int target = 0; target < predicted.Columns; target++)
        {
            (Matrix ofTarget, Matrix truth) = Target(target, predicted, data.Targets, fromCenter: false);
            for (int row = 0; row < predicted.Rows; row++) (predicted[row, target], actual[row, target]) = (ofTarget[row, 0], truth[row, 0]);
        }

        return (predicted, actual);
    }

    /// <summary>Cross-validates: for each of k parts of the rows, trains a model on all the others and evaluates it on this part; optionally repeated.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="schema">What the columns mean.</param>
    /// <param name="random">The source of all random numbers.</param>
    /// <param name="folds">k, 2 to the number of rows. Default 5.</param>
    /// <param name="repeats">The number of repeats, each with other parts, 1 or more. Default 1.</param>
    /// <param name="options">How models are trained; null (the default) for the defaults of <see cref="Fit(Table, TableSchema, Random, TableFitOptions?, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many rows, or a number is too small.</exception>
    /// <exception cref="InvalidDataException">The schema is undecided, or the rows do not fit it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static CrossValidation CrossValidate(
        Table table, TableSchema schema, Random random, int folds = 5, int repeats = 1, TableFitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(random);
        if (repeats < 1) throw new ArgumentOutOfRangeException(nameof(repeats), $"repeats must be 1 or more, received {repeats}.");
        schema.CheckUsable();
        var evaluations = new List<TableEvaluation>();
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            foreach ((int[] train, int[] held) in table.FoldRows(folds, random, schema.Classes.Count > 0 ? schema.Targets[0].Name : null))
            {
                TableModel model = Fit(table.Select(train), schema, random, options, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                evaluations.Add(model.Evaluate(table.Select(held)));
            }
        }

        return new CrossValidation(evaluations);
    }

    /// <summary>Measures how much the model relies on each column: how much worse it gets when its values are shuffled among the rows.</summary>
    /// <param name="test">Rows that the model was not trained on, with their targets.</param>
    /// <param name="repeats">How often each column is shuffled, 2 or more. Default 5, as in scikit-learn.</param>
    /// <param name="random">The source of the shuffling; null (the default) for the same one each time.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 repeats.</exception>
    /// <exception cref="InvalidDataException">The table does not have the columns of the model, or values that do not fit them; the message names them.</exception>
    public TableImportance PermutationImportance(Table test, int repeats = 5, Random? random = null)
    {
        if (repeats < 2) throw new ArgumentOutOfRangeException(nameof(repeats), $"repeats must be 2 or more, received {repeats}: their spread is measured.");
        Dataset data = Answered(test, out _, out _);
        double baseline = Badness(data, data.Inputs);
        random ??= new Random(0);
        int[] order = [.. Enumerable.Range(0, data.Inputs.Rows)];
        var found = new List<ColumnImportance>();
        int place = 0;
        foreach (ColumnEncoder encoder in Schema.Encoders(ColumnRole.Input))
        {
            double[] rises = new double[repeats];
            for (int repeat = 0; repeat < repeats; repeat++)
            {
                random.Shuffle(order);
                var shuffled = new Matrix(data.Inputs.Rows, data.InputSize);
                data.Inputs.CopyTo(shuffled);
                for (int row = 0; row < order.Length; row++) data.Inputs.Row(order[row]).Slice(place, encoder.Width).CopyTo(shuffled.Row(row)[place..]);
                rises[repeat] = Badness(data, shuffled) - baseline;
            }

            found.Add(new ColumnImportance(encoder.Name, rises.Average(), CrossValidation.DeviationOf(rises)));
            place += encoder.Width;
        }

        return new TableImportance(_outputKind == OutputKind.Values ? "RMSE" : "log-loss", baseline, [.. found.OrderByDescending(column => column.Rise)]);
    }

    private double Badness(Dataset data, Matrix inputs)
    {
        double loss = LossOf(_outputKind).Evaluate(IntervalLoss.Block(Network.Predict(inputs), 0, data.TargetSize), data.Targets, gradient: default, data.SampleWeights);
        return _outputKind == OutputKind.Values ? Math.Sqrt(loss) : loss;
    }

    // The rows that a predictor answers, too.
    private Dataset Answered(Table test, out Dictionary<string, int> refused, out List<(int Row, string Column, Novelty Kind)> novelties)
    {
        TableSchema schema = Schema;
        schema.CheckColumns(test, needsTargets: true);
        bool[] isRefused = new bool[test.Rows];
        refused = [];
        foreach (ColumnEncoder encoder in schema.Encoders(ColumnRole.Input).Where(encoder => encoder.RefusesMissing))
        {
            TableColumn column = test[encoder.Name];
            for (int row = 0; row < test.Rows; row++)
            {
                if (!encoder.IsMissing(column[row])) continue;
                isRefused[row] = true;
                refused[encoder.Name] = refused.GetValueOrDefault(encoder.Name) + 1;
            }
        }

        int[] answered = [.. Enumerable.Range(0, test.Rows).Where(row => !isRefused[row])];
        if (answered.Length == 0 && test.Rows > 0) throw new InvalidDataException($"No row can be measured: each has no value in one of {Table.Names(refused.Keys)}, where the training data always had one.");
        novelties = [];
        return new TableEncoder(schema).Encode(refused.Count > 0 ? test.Select(answered) : test, novelties);
    }

    private Dictionary<string, IReadOnlyList<MetricValue>> OfClasses(Dataset data, Matrix scores) => new()
    {
        [Schema.Targets[0].Name] = Measure(_outputKind, scores, data.Targets, data.SampleWeights, [new Accuracy(), new BalancedAccuracy(), new RocAuc(), new AveragePrecision(), new LogLoss(), new BrierScore(), new CalibrationError()]),
    };

    // The predictor gives no interval around the number of a novel row.
    private Dictionary<string, IReadOnlyList<MetricValue>> OfNumbers(Dataset data, Matrix outputs, HashSet<int> novel)
    {
        var found = new Dictionary<string, IReadOnlyList<MetricValue>>();
        for (int target = 0; target < data.TargetSize; target++)
        {
            (Matrix predicted, Matrix actual) = Target(target, outputs, data.Targets, fromCenter: true);
            MetricValue[] values = Measure(OutputKind.Values, predicted, actual, data.SampleWeights, [new AbsoluteError(), new RootMeanSquaredError(), new RSquared()]);
            if (_state.IntervalLevel > 0)
            {
                bool[] covered = [.. Enumerable.Range(0, outputs.Rows).Where(row => !novel.Contains(row)).Select(row =>
                    _state.Interval(outputs.Row(row), target) is var (low, high) && data.Targets[row, target] >= low && data.Targets[row, target] <= high)];
                values = [.. values, new MetricValue(FormattableString.Invariant($"within the {100 * _state.IntervalLevel:0.#} % interval"), (double)covered.Count(isIn => isIn) / covered.Length, isRatio: true)];
            }

            found.Add(Schema.Targets[target].Name, values);
        }

        return found;
    }

    // One target in its own units, from 0 or from its center: errors are the same there, and far from 0 floats are too coarse for them.
    private (Matrix Predicted, Matrix Actual) Target(int target, Matrix outputs, Matrix truths, bool fromCenter)
    {
        var (predicted, actual) = (new Matrix(outputs.Rows, 1), new Matrix(outputs.Rows, 1));
        ColumnState state = Schema.Targets[target].State;
        double start = fromCenter ? Schema.InUnits(state, 0) : 0;
        for (int row = 0; row < outputs.Rows; row++)
        {
            (predicted[row, 0], actual[row, 0]) = ((float)(Schema.InUnits(state, outputs[row, target]) - start), (float)(Schema.InUnits(state, truths[row, target]) - start));
        }

        return (predicted, actual);
    }

    private MetricValue[] Measure(OutputKind kind, Matrix predicted, Matrix actual, ReadOnlySpan<float> weights, Metric[] metrics)
    {
        var values = new MetricValue[metrics.Length];
        for (int i = 0; i < metrics.Length; i++)
        {
            metrics[i].Begin(kind, actual.Columns);
            metrics[i].Add(metrics[i] is Accuracy or BalancedAccuracy ? Decided(predicted) : predicted, actual, weights);
            values[i] = new MetricValue(metrics[i].Name, metrics[i].Value, metrics[i].IsRatio);
        }

        return values;
    }

    // Scores of yes-or-no questions that are 0 at the threshold.
    private Matrix Decided(Matrix scores)
    {
        if (_outputKind != OutputKind.BinaryScores || _state.Threshold == 0.5) return scores;
        var moved = new Matrix(scores.Rows, 1);
        TensorPrimitives.Subtract(scores.Span, (float)Math.Log(_state.Threshold / (1 - _state.Threshold)), moved.Span);
        return moved;
    }

    private ConfusionMatrix Confusion(Matrix outputs, Dataset data)
    {
        int classes = Schema.Classes.Count;
        outputs = Decided(outputs);
        long[][] counts = [.. Enumerable.Range(0, classes).Select(_ => new long[classes])];
        for (int row = 0; row < outputs.Rows; row++)
        {
            ReadOnlySpan<float> scores = outputs.Row(row);
            int label = classes == 2 ? (scores[0] >= 0 ? 1 : 0) : TensorPrimitives.IndexOfMax(scores);
            counts[data.Labels[row]][label]++;
        }

        return new ConfusionMatrix(Schema.Classes, counts);
    }
}
