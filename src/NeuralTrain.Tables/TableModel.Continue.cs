namespace NeuralTrain;

/// <content>How a model continues learning from new rows.</content>
public sealed partial class TableModel
{
    /// <summary>Trains the model further on new rows, with its own schema, scales and calibration. This one stays as it is.</summary>
    /// <remarks>
    /// Some of the rows are held out; if the training does not make the model better on them, the result is this model, unchanged, and <see cref="Explain"/> says so. Mix old rows with the new ones:
    /// from new rows alone, a network forgets what only the old ones show. If classes were balanced in training (<see cref="TableFitOptions.BalancedClasses"/>), set that again.
    /// </remarks>
    /// <param name="rows">The rows to train with: 10 or more, with the columns of the model.</param>
    /// <param name="random">The source of all random numbers.</param>
    /// <param name="options">How to train; null (the default) for 20 epochs at a tenth of the usual rate. Layers, members and calibration stay as they are.</param>
    /// <param name="cancellationToken">Ends the training after the current step; what was learnt until then is kept if it is better.</param>
    /// <returns>The model after the training, or this one if that was not better.</returns>
    /// <exception cref="InvalidDataException">The table does not have the columns of the model, or values that do not fit them; the message names them.</exception>
    /// <exception cref="ArgumentException">There are fewer than 10 rows.</exception>
    public TableModel Continue(Table rows, Random random, TableFitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(random);
        options ??= new TableFitOptions { LearningRate = new TableFitOptions().RateOf(_outputKind) / 10, Epochs = 20 };
        options.Check();
        if (rows.Rows < FewestRows) throw new ArgumentException($"To continue, a model needs at least {FewestRows} rows, received {rows.Rows}.", nameof(rows));
        Dataset data = Schema.Encode(rows);
        (int[] train, int[] held) = rows.SplitRows(1 - options.ValidationFraction, random, Schema.Classes.Count > 0 ? Schema.Targets[0].Name : null);
        Dataset validation = data.Select(held);
        Loss loss = options.BalancedClasses && _outputKind != OutputKind.Values ? Balanced(_outputKind, CountsOf(data, Schema.Classes.Count)) : TrainedBy();
        Sequential network = Network.Clone();
        double before = loss.Evaluate(network.Predict(validation.Inputs), validation.Targets, gradient: default, validation.SampleWeights);
        Trainer trainer = NewTrainer(network, loss, options, rows.Rows, random);
        Dataset learnt = data.Select(train);
        History history = Run(trainer, learnt, validation, options, members: 1, cancellationToken);
        new CodeCounts(Schema).Add(learnt.Inputs).FillUnlearnt(network, onlyUnknown: true);
        double after = loss.Evaluate(network.Predict(validation.Inputs), validation.Targets, gradient: default, validation.SampleWeights);
        bool isBetter = after < before;
        string line = $"continued with {rows.Rows} rows: loss {before:0.####} on held-out rows before, {after:0.####} after; {(isBetter ? "the new weights are kept" : "the old weights are kept")}";
        return new TableModel(_state with { Choices = [.. _state.Choices, line] }, isBetter ? network : Network.Clone(), _outputKind, [history]);
    }

    private static Trainer NewTrainer(Sequential network, Loss loss, TableFitOptions options, int rows, Random random)
    {
        int epochs = EpochsOf(options, rows);
        return new Trainer(network, loss, new AdamW(network, options.RateOf(loss.OutputKind), weightDecay: options.WeightDecay))
        {
            BatchSize = BatchOf(options, rows),
            Seed = (ulong)random.NextInt64(),
            Schedule = new WarmUp(1, new CosineDecay(epochs)),
            Metrics = [],
            EarlyStopping = new EarlyStopping(patience: Math.Max(10, epochs / 5)),
            Progress = options.Progress,
        };
    }

    private static History Run(Trainer trainer, BatchSource train, Dataset validation, TableFitOptions options, int members, CancellationToken cancellation) =>
        options.Budget is TimeSpan budget ? trainer.Fit(train, budget / members, validation, cancellation) : trainer.Fit(train, validation, EpochsOf(options, train.Count!.Value + validation.Count), cancellation);

    private static int BatchOf(TableFitOptions options, int rows) => options.BatchSize ?? (rows < 1000 ? 32 : rows < 10_000 ? 64 : rows < 100_000 ? 128 : 256);

    private static int EpochsOf(TableFitOptions options, int rows) =>
        options.Epochs ?? Math.Clamp(UsualSteps / Math.Max(1, (int)(rows * (1 - options.ValidationFraction)) / BatchOf(options, rows)), FewestEpochs, MostEpochs);
}
