using System.Buffers;
using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>A trained network for use in a service: features in; probabilities, values or a class out.</summary>
/// <remarks>
/// <para>
/// It never changes: the network is cloned, so further training of the original does not affect it. Any number of threads may use one at
/// once, and each gets the same bits as when running alone. There is nothing to dispose, and predicting a row into your own memory allocates nothing.
/// </para>
/// <para>
/// The results follow from <see cref="OutputKind"/>: probabilities by softmax for class scores, by σ for binary decisions; values
/// and margins unchanged. Preprocessing belongs in the network as a layer, so that a service passes raw features.
/// </para>
/// <code>
/// var predictor = new Predictor(network, loss.OutputKind, data.Classes, data.InputNames);
/// Classification answer = predictor.Classify(features);       // barolo (97.0 %)
/// predictor.Predict(features, probabilities);                 // one for each class
/// </code>
/// To replace the model of a running service, see <see cref="PredictorSlot"/>.
/// </remarks>
public sealed class Predictor
{
    private readonly string[] _labels;

    // The copy: nothing outside can reach it.
    private readonly Layer _network;

    // Turns outputs into probabilities where they are; null if they stay scores.
    private readonly Action<Matrix>? _squash;

    /// <summary>Takes a copy of a trained network.</summary>
    /// <param name="network">The network; it is cloned.</param>
    /// <param name="outputKind">The meaning of its outputs: <c>OutputKind</c> of the loss it was trained with.</param>
    /// <param name="classes">
    /// The class of each output; for a single binary output either the name of the positive class, or the names of the negative and the positive one. Null or empty (the default) for numbered classes.
    /// </param>
    /// <param name="inputNames">The names of the features, for messages; null or empty (the default) for unnamed ones.</param>
    /// <exception cref="ArgumentException">
    /// A list does not match the number of its columns, the number of features is not known, the network ends in probabilities instead of scores, a
    /// parameter is not finite, or a custom layer mixes the rows of a batch.
    /// </exception>
    /// <exception cref="NotSupportedException">A custom layer cannot be cloned; the message says what to do.</exception>
    public Predictor(Layer network, OutputKind outputKind, IReadOnlyList<string>? classes = null, IReadOnlyList<string>? inputNames = null)
        : this(network, outputKind, classes ?? [], inputNames ?? [], isOwn: false)
    {
    }

    private Predictor(Layer network, OutputKind outputKind, IReadOnlyList<string> classes, IReadOnlyList<string> inputNames, bool isOwn)
    {
        ArgumentNullException.ThrowIfNull(network);
        (Classes, InputNames) = ([.. classes], [.. inputNames]);
        OutputKind = Guard.Defined(outputKind, nameof(outputKind));
        InputSize = PredictorChecks.InputSize(network, InputNames);
        OutputSize = network.OutputSize(InputSize);
        PredictorChecks.CheckNetwork(network, outputKind);
        _labels = PredictorChecks.Labels(outputKind, OutputSize, Classes);
        _network = isOwn ? network : network.Clone();
        PredictorChecks.CheckRows(_network, InputSize);
        _squash = outputKind switch
        {
            OutputKind.ClassScores => scores => SoftmaxRows.Forward<SoftmaxRows.Plain>(scores.Span, scores.Span, scores.Rows, scores.Columns),
            OutputKind.BinaryScores => new Sigmoid().Apply,
            _ => null,
        };
    }

    /// <summary>Loads a model for a service: features in, probabilities or a class out, for any number of threads.</summary>
    /// <param name="path">A file that <c>ModelFile.Save</c> wrote.</param>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, not a model file, asks for more memory than 16 times its size and 1 MB, or holds a network that cannot predict, such as one with NaN, or that of a table model; the message says which.
    /// </exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not permitted.</exception>
    public static Predictor Load(string path) => SafetensorsReader.Open(path, Serve);

    /// <summary>Loads a model for a service from a stream, such as an embedded resource: from its current position to its end. The stream stays open.</summary>
    /// <param name="stream">The stream; one that cannot seek is copied into memory first, up to 1 GB or <paramref name="maxMemory"/>.</param>
    /// <param name="maxMemory">The maximum number of bytes loading may allocate; null (the default) for 16 times the size of the file and 1 MB.</param>
    /// <exception cref="InvalidDataException">The content of the stream is damaged, not a model, asks for too much memory, or cannot predict; the message says which.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static Predictor Load(Stream stream, long? maxMemory = null) => Serve(SafetensorsReader.Open(stream, maxMemory));

    /// <summary>Loads a model for a service from a stream that must not be read synchronously, such as the body of a request: from its current position to its end. The stream stays open.</summary>
    /// <param name="stream">The stream; it is copied into memory first, up to 1 GB or <paramref name="maxMemory"/>.</param>
    /// <param name="maxMemory">The maximum number of bytes loading may allocate; null (the default) for 16 times the size of the stream and 1 MB.</param>
    /// <param name="cancellationToken">Ends the reading, with an <see cref="OperationCanceledException"/>.</param>
    /// <inheritdoc cref="Load(Stream, long?)" path="/exception"/>
    public static async Task<Predictor> LoadAsync(Stream stream, long? maxMemory = null, CancellationToken cancellationToken = default) =>
        Load(await SafetensorsReader.CopyAsync(stream, maxMemory, cancellationToken).ConfigureAwait(false), maxMemory);

    /// <summary>The number of features of a sample.</summary>
    public int InputSize { get; }

    /// <summary>The number of outputs for a sample.</summary>
    public int OutputSize { get; }

    /// <summary>The meaning of the network's raw outputs.</summary>
    public OutputKind OutputKind { get; }

    /// <summary>The names of the classes; empty for unnamed ones.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The names of the features; empty for unnamed ones.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>Predicts one sample into your own memory, and allocates nothing.</summary>
    /// <param name="features">The features, <see cref="InputSize"/> finite numbers.</param>
    /// <param name="outputs">Receives <see cref="OutputSize"/> probabilities, values or margins.</param>
    /// <exception cref="ArgumentException">A span has another length, or a feature is NaN or infinite.</exception>
    /// <exception cref="NotFiniteNumberException">The outputs overflow: the features are far from any the network was trained on.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<float> outputs)
    {
        if (outputs.Length != OutputSize) throw WrongOutputs($"{outputs.Length} numbers", $"{OutputSize} numbers", nameof(outputs));

        float[] scratch = ArrayPool<float>.Shared.Rent(InputSize + OutputSize);
        Matrix results = InferRow(features, scratch);
        _squash?.Invoke(results);
        results.Span.CopyTo(outputs);
        ArrayPool<float>.Shared.Return(scratch);
    }

    /// <summary>Predicts one sample.</summary>
    /// <param name="features">The features, <see cref="InputSize"/> finite numbers.</param>
    /// <returns>A new array of <see cref="OutputSize"/> probabilities, values or margins.</returns>
    /// <exception cref="ArgumentException">There are more or fewer features, or one is NaN or infinite.</exception>
    /// <exception cref="NotFiniteNumberException">The outputs overflow: the features are far from any the network was trained on.</exception>
    public float[] Predict(ReadOnlySpan<float> features)
    {
        var outputs = new float[OutputSize];
        Predict(features, outputs);
        return outputs;
    }

    /// <summary>Predicts many samples into your own memory.</summary>
    /// <param name="inputs">The features, <c>[samples × InputSize]</c>.</param>
    /// <param name="outputs">Receives the results, <c>[samples × OutputSize]</c>.</param>
    /// <exception cref="ArgumentException">A matrix has another shape, the two share values, or a feature is NaN or infinite.</exception>
    /// <exception cref="NotFiniteNumberException">The outputs overflow: the features are far from any the network was trained on.</exception>
    public void Predict(Matrix inputs, Matrix outputs)
    {
        CheckInputs(inputs);
        if (outputs.Rows != inputs.Rows || outputs.Columns != OutputSize)
        {
            throw WrongOutputs($"a matrix of {outputs.Shape}", $"one of {inputs.Rows}×{OutputSize}", nameof(outputs));
        }

        if (inputs.Overlaps(outputs)) throw Shapes.Overlapping("Predict", "the inputs", nameof(outputs));
        Infer(inputs, outputs);
        _squash?.Invoke(outputs);
    }

    /// <summary>Predicts many samples.</summary>
    /// <param name="inputs">The features, <c>[samples × InputSize]</c>.</param>
    /// <returns>A new matrix of the results, <c>[samples × OutputSize]</c>.</returns>
    /// <exception cref="ArgumentException">The matrix has another width or no row, or a feature is NaN or infinite.</exception>
    /// <exception cref="NotFiniteNumberException">The outputs overflow: the features are far from any the network was trained on.</exception>
    public Matrix Predict(Matrix inputs)
    {
        var outputs = new Matrix(inputs.Rows, OutputSize);
        Predict(inputs, outputs);
        return outputs;
    }

    /// <summary>Classifies one sample, and allocates nothing.</summary>
    /// <param name="features">The features, <see cref="InputSize"/> finite numbers.</param>
    /// <exception cref="InvalidOperationException">The outputs are values without classes, or several binary decisions.</exception>
    /// <exception cref="ArgumentException">There are more or fewer features, or one is NaN or infinite.</exception>
    /// <exception cref="NotFiniteNumberException">The outputs overflow: the features are far from any the network was trained on.</exception>
    public Classification Classify(ReadOnlySpan<float> features)
    {
        if (_labels.Length == 0) throw NoClasses();

        float[] scratch = ArrayPool<float>.Shared.Rent(InputSize + OutputSize);
        Classification answer = Decide(InferRow(features, scratch));
        ArrayPool<float>.Shared.Return(scratch);
        return answer;
    }

    /// <summary>Classifies many samples.</summary>
    /// <param name="inputs">The features, <c>[samples × InputSize]</c>.</param>
    /// <returns>The class of each row.</returns>
    /// <exception cref="InvalidOperationException">The outputs are values without classes, or several binary decisions.</exception>
    /// <exception cref="ArgumentException">The matrix has another width or no row, or a feature is NaN or infinite.</exception>
    /// <exception cref="NotFiniteNumberException">The outputs overflow: the features are far from any the network was trained on.</exception>
    public IReadOnlyList<Classification> Classify(Matrix inputs)
    {
        if (_labels.Length == 0) throw NoClasses();

        CheckInputs(inputs);
        var scores = new Matrix(inputs.Rows, OutputSize);
        Infer(inputs, scores);
        return [.. Enumerable.Range(0, inputs.Rows).Select(row => Decide(scores.SliceRows(row, 1)))];
    }

    /// <summary>Averages many passes with random layers as in training, see <see cref="MonteCarlo"/>: slower, but it shows how much the passes differ.</summary>
    /// <param name="inputs">The features, <c>[samples × InputSize]</c>.</param>
    /// <param name="passes">The number of passes, 2 or more. Default 100.</param>
    /// <param name="seed">The seed of the masks; the same seed gives the same bits. Default 0.</param>
    /// <returns>Mean and standard deviation of the probabilities, values or margins, <c>[samples × OutputSize]</c>.</returns>
    /// <exception cref="ArgumentException">The network has no random layer, or the features are wrong as for <see cref="Predict(Matrix)"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 passes.</exception>
    /// <exception cref="NotFiniteNumberException">The outputs overflow: the features are far from any the network was trained on.</exception>
    public MonteCarloPrediction PredictWithSpread(Matrix inputs, int passes = 100, ulong seed = 0)
    {
        CheckInputs(inputs);
        return MonteCarlo.Run(_network, _squash, inputs, passes, seed);
    }

    /// <summary>Sizes and meaning, as <c>Predictor(13 features → 3 ClassScores: barolo, grignolino, barbera)</c>.</summary>
    public override string ToString() =>
        $"Predictor({InputSize} features → {OutputSize} {OutputKind}{(Classes.Count > 0 ? ": " + Guard.Names(Classes, 10, quote: "") : "")})";

    private static Predictor Serve(SafetensorsReader reader)
    {
        // What the name of an answer takes.
        const double LabelBytes = 64;
        SavedModel model = ModelFile.Read(reader);
        if (model.Texts.ContainsKey("neuraltrain.table")) throw new InvalidDataException($"'{reader.File}' is a table model, whose network alone takes encoded columns and gives standard scores. Load it with TablePredictor.Load.");
        try
        {
            reader.Budget.Take(LabelBytes * model.Network.OutputSize(model.Network.InputSize ?? Math.Max(1, model.InputNames.Count)));
            return new Predictor(model.Network, model.OutputKind, model.Classes, model.InputNames, isOwn: true);
        }
        catch (Exception problem) when (problem is ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"The model in '{reader.File}' cannot be served: {problem.Message}", problem);
        }
    }

    private void CheckInputs(Matrix inputs)
    {
        if (inputs.Columns != InputSize) throw WrongWidth($"a matrix of {inputs.Shape}", nameof(inputs));
        if (inputs.Rows == 0) throw new ArgumentException("There is no row to predict. Pass at least one.", nameof(inputs));
        CheckFinite(inputs.Span, nameof(inputs));
    }

    private ArgumentException WrongWidth(string received, string parameter)
    {
        // The first dozen names tell which features are meant; a thousand would hide the message.
        string names = InputNames.Count == 0 ? "" : $" ({Guard.Names(InputNames, 12, quote: "")})";
        return new ArgumentException($"A sample has {InputSize} features{names}, received {received}. Pass all of them, in this order.", parameter);
    }

    private void CheckFinite(ReadOnlySpan<float> features, string parameter)
    {
        int place = Matrix.FirstNotFinite(features);
        if (place < 0) return;
        int column = place % InputSize;
        string name = InputNames.Count > 0 ? $" ('{Guard.Shorten(InputNames[column])}')" : "", row = features.Length > InputSize ? $" of row {place / InputSize}" : "";
        throw new ArgumentException($"Feature {column}{name}{row} must be a finite number, received {features[place]}. Fill in missing values as in training.", parameter);
    }

    // Layers work on matrices, which need an array: the features are copied to the front of a rented one, the outputs follow.
    private Matrix InferRow(ReadOnlySpan<float> features, float[] scratch)
    {
        if (features.Length != InputSize) throw WrongWidth($"{features.Length}", nameof(features));
        CheckFinite(features, nameof(features));
        features.CopyTo(scratch);
        var results = new Matrix(scratch, InputSize, 1, OutputSize);
        Infer(new Matrix(scratch, 0, 1, InputSize), results);
        return results;
    }

    private void Infer(Matrix inputs, Matrix results)
    {
        _network.Infer(inputs, results);
        PredictorChecks.CheckOutputs(results);
    }

    // The scores decide: rounding can make two probabilities equal that come from different scores.
    private Classification Decide(Matrix scores)
    {
        bool isOneQuestion = OutputSize == 1;
        int answer = isOneQuestion ? (scores.Span[0] > 0 ? 1 : 0) : TensorPrimitives.IndexOfMax<float>(scores.Span);
        if (_squash is null) return new Classification(_labels[answer], null, answer);

        _squash(scores);
        return new Classification(_labels[answer], !isOneQuestion ? scores.Span[answer] : answer == 1 ? scores.Span[0] : 1 - scores.Span[0], answer);
    }

    private InvalidOperationException NoClasses() => new(
        OutputKind == OutputKind.BinaryScores
            ? $"{this} answers {OutputSize} yes-or-no questions, not which class of several. Use Predict, which gives the probability of each."
            : $"{this} gives values, not classes. Use Predict, or pass the names of the classes.");

    private static ArgumentException WrongOutputs(string received, string expected, string parameter) =>
        new($"The outputs must be {expected}, received {received}. Pass memory of that size.", parameter);
}

/// <summary>The class that a <see cref="Predictor"/> decides on for a sample.</summary>
/// <param name="label">The name of the class.</param>
/// <param name="probability">The probability; null without one.</param>
/// <param name="index">The number of the class.</param>
[method: JsonConstructor]
public readonly struct Classification(string label, float? probability, int index)
{
    /// <summary>The name of the class; its number as text if the classes have no names.</summary>
    public string Label { get; } = label;

    /// <summary>The probability, 0 to 1; null if the outputs have no probabilities, as with margins.</summary>
    public float? Probability { get; } = probability;

    /// <summary>The number of the class, from 0; for a binary decision 1 for positive and 0 for negative.</summary>
    public int Index { get; } = index;

    /// <summary>Label and probability, as <c>barolo (97.0 %)</c>.</summary>
    public override string ToString() => Probability is float probability ? $"{Label} ({100 * probability:0.0} %)" : Label ?? "";
}
