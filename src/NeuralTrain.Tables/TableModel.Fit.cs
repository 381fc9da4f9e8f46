using System.Globalization;
using System.Numerics.Tensors;

namespace NeuralTrain;

/// <content>How a model is trained.</content>
public sealed partial class TableModel
{
    // About as many steps as bring small networks to their best, in at most RealMLP's 256 epochs.
    private const int UsualSteps = 20_000, MostEpochs = 256, FewestEpochs = 20;

    internal const int FewestRows = 10;

    // With fewer folds too much would be held out from each member.
    private const int FewestFolds = 7;

    /// <summary>Trains a model on a table: scales and categories of these rows, a network with hidden layers and dropout, a rate that rises and falls, the weights of the best epoch.</summary>
    /// <remarks>
    /// Some of the rows are held out to find the best epoch, to calibrate probabilities and to measure intervals; for numbers, the model is then trained again on all rows
    /// (<see cref="TableFitOptions.RefitOnAllRows"/>). <see cref="Explain"/> says how everything was chosen.
    /// Everything random comes from <paramref name="random"/>: the same seed gives the same model, bit for bit, unless a time budget ends it.
    /// </remarks>
    /// <param name="train">The rows to train with. Keep others to test the model.</param>
    /// <param name="schema">What the columns mean; it stays as it is.</param>
    /// <param name="random">The source of all random numbers.</param>
    /// <param name="options">Options; null (the default) for the defaults.</param>
    /// <param name="cancellationToken">Ends the training after the current step; what was learnt until then is kept, or, in the training on all rows, what was learnt before that.</param>
    /// <exception cref="InvalidDataException">The schema is undecided, or the rows do not fit it; the message names the column.</exception>
    /// <exception cref="InvalidOperationException">The schema has no target or no input.</exception>
    /// <exception cref="ArgumentException">There are fewer than 10 rows, or the options do not fit the target.</exception>
    public static TableModel Fit(Table train, TableSchema schema, Random random, TableFitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        return Fit(train, file: null, schema, random, options, cancellationToken);
    }

    /// <summary>Trains a model on a CSV file that is larger than memory, as on a table: its rows are read again in each epoch.</summary>
    /// <remarks>
    /// Scales and categories are those of the sample, and the rows that are held out are a part of it, at most all of it. The shuffle buffer is as large as the sample, so a file that is sorted by
    /// its target must be shuffled first. With a file that fits into the sample, all but the order of the rows in an epoch is as with a table in memory.
    /// </remarks>
    /// <param name="train">The file.</param>
    /// <param name="schema">What the columns mean; it stays as it is.</param>
    /// <param name="random">The source of all random numbers.</param>
    /// <param name="options">Options; null (the default) for the defaults.</param>
    /// <param name="cancellationToken">Ends the training after the current step; what was learnt until then is kept.</param>
    /// <exception cref="InvalidDataException">The schema is undecided, or a row does not fit it, or the file has changed; the message names column and row.</exception>
    /// <exception cref="InvalidOperationException">The schema has no target or no input, or a weight column.</exception>
    /// <exception cref="ArgumentException">There are fewer than 10 rows, or the options do not fit the target.</exception>
    public static TableModel Fit(StreamedTable train, TableSchema schema, Random random, TableFitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        return Fit(train.Sample, train, schema, random, options, cancellationToken);
    }

    private static TableModel Fit(Table train, StreamedTable? file, TableSchema schema, Random random, TableFitOptions? options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(random);
        options ??= new TableFitOptions();
        options.Check();
        if (train.Rows < FewestRows) throw new ArgumentException($"A model needs at least {FewestRows} rows, received {train.Rows}.", nameof(train));
        schema.CheckUsable();
        return new Fitting(train, file, schema.MeasuredOn(train), random, options).Run(cancellation);
    }

    // The weight of the rows of each class.
    private static double[] CountsOf(Dataset data, int classes)
    {
        double[] counts = new double[classes];
        for (int row = 0; row < data.Count; row++) counts[data.Labels[row]] += data.SampleWeights.IsEmpty ? 1 : data.SampleWeights[row];
        return counts;
    }

    // A class without rows makes no difference.
    private static Loss Balanced(OutputKind kind, double[] counts) => kind == OutputKind.BinaryScores
        ? LossOf(kind, counts.Min() > 0 ? counts[0] / counts[1] : 1)
        : LossOf(kind, 1, [.. counts.Select(count => count > 0 ? (float)(counts.Sum() / (counts.Length * count)) : 0)]);

    /// <summary>One training of a model.</summary>
    private sealed class Fitting
    {
        private readonly Table _train;
        private readonly StreamedTable? _file;
        private readonly int _rows;
        private readonly TableSchema _schema;
        private readonly Random _random;
        private readonly TableFitOptions _options;
        private readonly Dataset _data;
        private readonly OutputKind _kind;
        private readonly int _outputs;
        private readonly Loss _loss;
        private readonly List<string> _choices = [];

        public Fitting(Table train, StreamedTable? file, TableSchema schema, Random random, TableFitOptions options)
        {
            (_train, _file, _schema, _random, _options) = (train, file, schema, random, options);
            _rows = file?.Rows ?? train.Rows;
            _data = schema.Encode(train);
            _kind = schema.Classes.Count switch { 0 => OutputKind.Values, 2 => OutputKind.BinaryScores, _ => OutputKind.ClassScores };
            _outputs = HasQuantiles ? 3 * _data.TargetSize : _data.TargetSize;
            Say($"{_data.InputSize} inputs from {schema.Columns.Count(column => column.Role == ColumnRole.Input)} columns; numbers scaled as {schema.Scaling}");
            Say($"{(_kind == OutputKind.Values ? HasQuantiles ? "mean squared error and quantile losses of standard scores" : "mean squared error of standard scores" : $"cross-entropy of {schema.Classes.Count} classes")}; AdamW, rate {options.RateOf(_kind)} with warm-up and cosine decay, weight decay {options.WeightDecay}");
            Say($"batches of {BatchOf(options, _rows)} rows and at most {EpochsOf(options, _rows)} epochs for {_rows} rows; the weights of the best epoch on {100 * HeldFraction * train.Rows / _rows:0.##} % of the rows, held out");
            if (file is not null) Say($"rows read from the file in each epoch; scales and categories from a sample of {train.Rows}");
            _loss = TrainingLoss();
        }

        // Of the rows in memory.
        private double HeldFraction => _rows == _train.Rows ? _options.ValidationFraction : Math.Min(1, _options.ValidationFraction * _rows / _train.Rows);

        private bool HasQuantiles => _options.AdaptiveIntervals && _kind == OutputKind.Values;

        public TableModel Run(CancellationToken cancellation)
        {
            int[][] held = HeldOut();
            var members = new List<Sequential>();
            var histories = new List<History>();
            int[] measured = [.. held.SelectMany(rows => rows)];
            var found = new Matrix(measured.Length, _outputs);
            int first = 0;
            foreach (int[] rows in held)
            {
                Dataset validation = _data.Select(rows);
                (Sequential network, History history) = Train(rows, validation, held.Length, cancellation);
                if (members.Count == 0) Say($"network: {network}");
                members.Add(network);
                histories.Add(history);
                network.Predict(validation.Inputs).CopyTo(found.SliceRows(first, rows.Length));
                first += rows.Length;
            }

            return Finish(members, histories, found, _data.Select(measured), cancellation);
        }

        private TableModel Finish(List<Sequential> members, List<History> histories, Matrix found, Dataset truths, CancellationToken cancellation)
        {
            if (members.Count > 1) Say($"{members.Count} networks, each with other rows held out; their scores are averaged");
            foreach (History history in histories) Say($"trained {history}");
            if (_options.RefitOnAllRows && _kind == OutputKind.Values && members.Count == 1 && _file is null) members[0] = Refit(members[0], histories[0], found, truths, cancellation);
            foreach (Finding finding in _schema.Findings) Say($"{finding}");
            Layer network = members.Count == 1 ? members[0] : new Sequential(new Concatenate([.. members]), Mean(members.Count, _outputs));
            var state = new TableState { Scaling = _schema.Scaling, Columns = [.. _schema.Columns.Select(column => column.State)], RejectBelow = _options.RejectBelow };
            if (_kind == OutputKind.Values)
            {
                if (_options.Interval is double level)
                {
                    state = state with { IntervalLevel = level, HasQuantiles = HasQuantiles, IntervalWidths = new double[_data.TargetSize] };
                    state = state with { IntervalWidths = [.. Enumerable.Range(0, _data.TargetSize).Select(target => Width(state, found, truths.Targets, target))] };
                    Say($"intervals: {(HasQuantiles ? "learnt quantiles, moved by " : "")}the errors on {truths.Inputs.Rows} held-out rows, {100 * level:0.#} % of which are smaller ({(HasQuantiles ? "conformalized quantile regression" : "split conformal prediction")})");
                }
            }
            else
            {
                double temperature = _options.Calibrate ? Calibration.Temperature(found, truths, LossOf(_kind)) : 1;
                var scale = new Standardization(_data.TargetSize, isInverse: true);
                scale.Scale.Value.Span.Fill((float)(1 / temperature));
                network = new Sequential(network, scale);
                Say($"{(_options.Calibrate ? $"probabilities: scores divided by the temperature {temperature:0.###}, fitted to {truths.Inputs.Rows} held-out rows" : "probabilities as the network gives them")}");
                if (_options.ThresholdMetric is Metric metric)
                {
                    if (_kind != OutputKind.BinaryScores) throw new ArgumentException("A threshold decides between two classes, and the target has more. Leave ThresholdMetric out.");
                    TensorPrimitives.Divide(found.Span, (float)temperature, found.Span);
                    state = state with { Threshold = Calibration.Threshold(found, truths, metric) };
                    Say($"'{Guard.Shorten(_schema.Classes[1])}' is predicted from a probability of {state.Threshold:0.###} on, where {metric.Name} is best on the held-out rows");
                }
            }

            return new TableModel(state with { Choices = _choices }, network as Sequential ?? new Sequential(network), _kind, histories);
        }

        // A part for each member.
        private int[][] HeldOut()
        {
            string? by = _kind == OutputKind.Values ? null : _schema.Targets[0].Name;
            if (_options.Members == 1) return HeldFraction < 1 ? [_train.SplitRows(1 - HeldFraction, _random, by).Second] : [[.. Enumerable.Range(0, _train.Rows)]];
            int folds = Math.Min(_train.Rows, Math.Max(_options.Members, FewestFolds));
            return [.. _train.FoldRows(folds, _random, by).Take(_options.Members).Select(fold => fold.Validation)];
        }

        private (Sequential Network, History History) Train(int[] held, Dataset validation, int members, CancellationToken cancellation)
        {
            Sequential network = NewNetwork();
            Trainer trainer = NewTrainer(network, _loss, _options, _rows, _random);
            var codes = new CodeCounts(_schema);
            BatchSource train = _file is null ? Others(held, codes) : _file.Encode(_schema, held, codes);
            History history = TableModel.Run(trainer, train, validation, _options, members, cancellation);
            codes.FillUnlearnt(network, onlyUnknown: false);
            return (network, history);
        }

        // A network that learns the held-out rows too, for which no row is left to measure by: what was measured is of the first.
        private Sequential Refit(Sequential first, History history, Matrix found, Dataset held, CancellationToken cancellation)
        {
            if (HasQuantiles) return Kept("the ends of its intervals are learnt, and were corrected by rows that it has not seen");
            if (history.BestEpoch is not int best || IsLate(history.Duration * (1 + ((double)best / history.Epochs.Count)))) return Kept("no time was left for it");
            Sequential again = NewNetwork();
            Trainer trainer = NewTrainer(again, _loss, _options, _rows, _random);
            trainer.EarlyStopping = null;
            foreach (Epoch _ in trainer.Epochs(_data, epochs: best, cancellationToken: cancellation))
            {
                if (IsLate(history.Duration + trainer.History.Duration)) break;
            }

            if (trainer.History.Epochs.Count < best) return Kept("that was ended before its last epoch");
            new CodeCounts(_schema).Add(_data.Inputs).FillUnlearnt(again, onlyUnknown: false);
            if (!(LossOn(again.Predict(held.Inputs)) <= LossOn(found))) return Kept("the network of all rows was worse even on the held-out ones, which it had learnt");
            Say($"trained again on all {_rows} rows for {best} epochs, the number that was best with rows held out: numbers mostly gain by it; the loss above and the intervals were measured with the network before");
            return again;

            bool IsLate(TimeSpan time) => time > _options.Budget;

            double LossOn(Matrix outputs) => _loss.Evaluate(outputs, held.Targets, gradient: default, held.SampleWeights);

            Sequential Kept(string reason)
            {
                Say($"not trained again on all rows: {reason}");
                return first;
            }
        }

        private Sequential NewNetwork()
        {
            Layer first = _schema.InputLayer(_random);
            int width = first.OutputSize(_data.InputSize);
            Sequential body = _options.Network is { } make ? make(width, _outputs, _random) : Hidden(width);
            return first is Identity ? body : new Sequential(first, body);
        }

        // The rows in memory that are not held out.
        private Dataset Others(int[] held, CodeCounts codes)
        {
            bool[] isHeld = new bool[_train.Rows];
            foreach (int row in held) isHeld[row] = true;
            Dataset others = _data.Select([.. Enumerable.Range(0, isHeld.Length).Where(row => !isHeld[row])]);
            codes.Add(others.Inputs);
            return others;
        }

        private Sequential Hidden(int inputs)
        {
            var layers = new List<Layer>();
            foreach (int units in _options.Hidden)
            {
                layers.AddRange([new Linear(inputs, units, _random), new SiLU()]);
                if (_options.DropoutOf(_kind) is > 0 and double dropout) layers.Add(new Dropout(dropout, _random));
                inputs = units;
            }

            return new Sequential([.. layers, new Linear(inputs, _outputs, _random, weightInitializer: _options.Hidden.Count > 0 ? null : new Zeros())]);
        }

        private Loss TrainingLoss()
        {
            if (HasQuantiles) return new IntervalLoss(_options.Interval!.Value);
            if (!_options.BalancedClasses || _kind == OutputKind.Values) return LossOf(_kind);
            double[] counts = CountsOf(_data, _schema.Classes.Count);
            Say($"each class counts the same, whatever its rows: {string.Join(", ", counts.Select(count => count.ToString("0.##", CultureInfo.InvariantCulture)))}");
            return Balanced(_kind, counts);
        }

        // The mean over the members of each output, as a layer: member by member the outputs lie side by side.
        private static Linear Mean(int members, int outputs)
        {
            var mean = new Linear(members * outputs, outputs, new Random(0), bias: false, weightInitializer: new Zeros());
            for (int output = 0; output < outputs; output++)
            {
                for (int member = 0; member < members; member++) mean.Weight.Value[output, (member * outputs) + output] = 1f / members;
            }

            mean.Freeze();
            return mean;
        }

        // How far outside its interval the given part of n new rows and these n stays below: the ⌈(n + 1)·level⌉-th smallest, the largest if there are too few.
        private static double Width(TableState empty, Matrix found, Matrix truths, int target)
        {
            double[] outside =
            [
                .. Enumerable.Range(0, found.Rows).Select(row =>
                {
                    (double low, double high) = empty.HasQuantiles ? (found[row, truths.Columns + target], found[row, (2 * truths.Columns) + target]) : (found[row, target], found[row, target]);
                    return Math.Max(low - truths[row, target], truths[row, target] - high);
                }).Order(),
            ];
            return outside[Math.Min((int)Math.Ceiling((outside.Length + 1) * empty.IntervalLevel), outside.Length) - 1];
        }

        private void Say(FormattableString line) => _choices.Add(FormattableString.Invariant(line));
    }
}
