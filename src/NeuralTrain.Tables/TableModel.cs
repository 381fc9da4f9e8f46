namespace NeuralTrain;

/// <summary>A network together with the schema of the table it was trained on: from named columns to classes or numbers in their own units, in one file.</summary>
/// <remarks>
/// <code>
/// TableModel model = TableModel.Fit(train, schema, random);
/// Console.WriteLine(model.Evaluate(test));
/// model.Save("income.safetensors");
/// </code>
/// </remarks>
public sealed partial class TableModel
{
    private readonly TableState _state;
    private readonly OutputKind _outputKind;
    private TablePredictor? _predictor;

    private TableModel(TableState state, Sequential network, OutputKind outputKind, IReadOnlyList<History> histories) =>
        (_state, Network, _outputKind, Histories) = (state, network, outputKind, histories);

    /// <summary>The network, from the encoded columns to scores of classes or standard scores of numbers.</summary>
    public Sequential Network { get; }

    /// <summary>The courses of the training with rows held out, one for each member; empty if the model comes from a file.</summary>
    public IReadOnlyList<History> Histories { get; }

    /// <summary>The columns, with what the model makes of them; it cannot be changed.</summary>
    public TableSchema Schema => ToPredictor().Schema;

    /// <summary>Loads a model that <see cref="Save(string)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, no table model, or asks for more memory than 16 times its size and 1 MB; the message says which.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public static TableModel Load(string path) => Of(ModelFile.Load(path), path);

    /// <summary>Loads a model from a stream, from where it is to its end. The stream stays open.</summary>
    /// <param name="stream">The stream; one that cannot seek is copied into memory first, up to 1 GB or <paramref name="maxMemory"/>.</param>
    /// <param name="maxMemory">The number of bytes loading may allocate; null (the default) for 16 times the size of the stream and 1 MB.</param>
    /// <exception cref="InvalidDataException">What the stream gives is damaged, no table model, or asks for too much memory; the message says which.</exception>
    public static TableModel Load(Stream stream, long? maxMemory = null) => Of(ModelFile.Load(stream, maxMemory), TheStream);

    /// <summary>Saves everything that is needed to predict: network, schema, categories, scales, calibration. The file appears complete or not at all.</summary>
    /// <param name="path">The file, usually <c>….safetensors</c>; an existing one is replaced.</param>
    /// <exception cref="IOException">The folder does not exist, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be written to.</exception>
    public void Save(string path) => ModelFile.Save(path, Network, loss: LossOf(_outputKind), texts: Texts());

    /// <summary>Saves the model to a stream, which stays open.</summary>
    /// <param name="stream">The stream; it need not be able to seek.</param>
    public void Save(Stream stream) => ModelFile.Save(stream, Network, loss: LossOf(_outputKind), texts: Texts());

    /// <summary>A predictor for services, which never changes.</summary>
    public TablePredictor ToPredictor() => _predictor ??= new TablePredictor(_state, Network, _outputKind);

    /// <summary>Predicts all rows of a table.</summary>
    /// <param name="table">A table with the columns of the model, in any order; the target need not be there.</param>
    /// <exception cref="InvalidDataException">A column is missing or unknown, or a value does not fit its column; the message names column and row.</exception>
    public IReadOnlyList<TablePrediction> Predict(Table table) => ToPredictor().Predict(table);

    /// <summary>What was chosen in training and why, and what was suspicious about the columns, a line each.</summary>
    public string Explain() => string.Join('\n', _state.Choices.Append(Schema.ToString()));

    /// <summary>The network and what it predicts.</summary>
    public override string ToString() => $"TableModel({ToPredictor()}, {Network})";

    internal const string TheStream = "The stream";

    internal static Loss LossOf(OutputKind kind, double positiveWeight = 1, float[]? classWeights = null) => kind switch
    {
        OutputKind.BinaryScores => new BinaryCrossEntropy(positiveWeight),
        OutputKind.ClassScores => new SoftmaxCrossEntropy(classWeights ?? []),
        _ => new MeanSquaredError(),
    };

    // What the network was trained by, but for weights of classes.
    private Loss TrainedBy() => _state.HasQuantiles ? new IntervalLoss(_state.IntervalLevel) : LossOf(_outputKind);

    internal static TableModel Of(SavedModel saved, string file)
    {
        TableState state = TableState.Of(saved, file);
        var model = new TableModel(state, saved.Network, saved.OutputKind, []);
        try
        {
            _ = model.ToPredictor();
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException or OverflowException)
        {
            throw new InvalidDataException($"The model in {file} cannot be served: {problem.Message}", problem);
        }

        return model;
    }

    private Dictionary<string, string> Texts() => new() { [TableState.Key] = _state.ToJson() };
}
