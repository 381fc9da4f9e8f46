using System.Numerics.Tensors;

namespace NeuralTrain;

/// <summary>
/// Saves a trained network as one file that describes itself, and loads it again, in a program that knows nothing of its layers as well as in Python.
/// </summary>
/// <remarks>
/// <para>
/// The file is in the safetensors format: the parameters and statistics under the names PyTorch gives them in an <c>nn.Sequential</c> of the same layers
/// (<c>0.weight</c>, <c>3.running_mean</c>; weights <c>[outputs, inputs]</c>), and in its metadata the layers, the names of classes and columns, and the loss. Layers are
/// described by kinds of a closed list (<see cref="LayerKinds"/>), never by types, and numbers are just numbers: loading a file runs no code of it.
/// </para>
/// <para>
/// In Python <c>safetensors.torch.load_file("wine.safetensors")</c> gives a <c>state_dict</c> that <c>load_state_dict</c> of the same <c>nn.Sequential</c> takes, strictly;
/// for that each <see cref="BatchNorm"/> also writes <c>num_batches_tracked</c> (0; a number that this library does not need and ignores when it reads). The way back is
/// <c>safetensors.torch.save_file(network.state_dict(), …)</c> and <see cref="LoadInto"/>.
/// </para>
/// <para>
/// Files from elsewhere are safe to open: whatever is wrong in one gives an <see cref="InvalidDataException"/> that names the byte, and memory is asked for only as the file
/// has bytes to fill it.
/// </para>
/// </remarks>
public static class ModelFile
{
    /// <summary>Saves a network. The file appears at once and whole: it is written beside the old one and renamed, which stays as it was if anything fails.</summary>
    /// <param name="path">The file, usually <c>….safetensors</c>; one that is there is replaced.</param>
    /// <param name="network">The network, with its statistics and the state of its mask generators.</param>
    /// <param name="classes">
    /// The names of the classes, one for each output, or two for a single score (no, yes); none (the default) if there are none. Usually <c>data.Classes</c>.
    /// </param>
    /// <param name="loss">
    /// The loss it was trained with, which says what its outputs mean. Without it (the default) outputs count as scores of the classes where there are classes and the network does
    /// not end in <see cref="Softmax"/> or <see cref="Sigmoid"/>, and as plain values otherwise.
    /// </param>
    /// <param name="inputNames">The names of the input columns; none (the default) if they have none. Usually <c>data.InputNames</c>.</param>
    /// <exception cref="ArgumentException">There are more or fewer names than columns, or the path is empty.</exception>
    /// <exception cref="NotFiniteNumberException">A parameter is NaN or infinite: no file is written that could not be used.</exception>
    /// <exception cref="NotSupportedException">A layer of one's own is not registered, see <see cref="LayerKinds"/>, or has two parameters of one name.</exception>
    /// <exception cref="IOException">The folder does not exist, or the disk is full.</exception>
    public static void Save(
        string path, Sequential network, IReadOnlyList<string>? classes = null, Loss? loss = null, IReadOnlyList<string>? inputNames = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(network);
        Dictionary<string, string> metadata = ModelDescription.For(network, classes, loss, inputNames).Write(network);
        SafetensorsContent[] tensors =
        [
            .. TensorMatch.BatchCounts(network).Select(name => SafetensorsContent.Of(name, shape: [], 0)),
            .. network.NamedParameters().Select(named => SafetensorsContent.Of(named.Path, named.Parameter)),
        ];
        CheckFinite(network);
        ReplacedFile.Write(path, isOwned: false, stream => SafetensorsWriter.Write(stream, metadata, tensors));
    }

    /// <summary>Loads a network that <see cref="Save"/> wrote; the program needs no code for it, only for layers of one's own (<see cref="LayerKinds"/>).</summary>
    /// <param name="path">The file.</param>
    /// <returns>The network and what the file says of it. The network is trainable on, with the next masks where it stopped.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or no model file; the message names the byte and what was expected there.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public static SavedModel Load(string path)
    {
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        (Sequential network, ModelDescription description, string version) = ModelDescription.Read(reader);
        foreach ((Parameter parameter, SafetensorsTensor tensor) in TensorMatch.Of(network, reader))
        {
            reader.Read(tensor, parameter.Value.Span);
        }

        return new SavedModel(network, description, version);
    }

    /// <summary>Loads a model for a service: features in, probabilities or a class out, for any number of threads, see <see cref="Predictor"/>.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <exception cref="InvalidDataException">The file is damaged, no model file, or holds a network that cannot predict, such as one of NaN; the message says which.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public static Predictor LoadPredictor(string path)
    {
        SavedModel model = Load(path);
        try
        {
            return new Predictor(model.Network, model.OutputKind, model.Classes, model.InputNames);
        }
        catch (ArgumentException problem)
        {
            throw new InvalidDataException($"The model in '{path}' cannot be served: {problem.Message}", problem);
        }
    }

    /// <summary>Fills a network built in code with the tensors of a file, which may come from Python: any safetensors file with the right names and shapes.</summary>
    /// <remarks>
    /// Strict: all names and shapes must fit, and all values are looked at, before the first is taken over. <c>F16</c> and <c>BF16</c> are widened, which loses nothing; other types are refused.
    /// The layers described in the file, if any, do not matter; nor does <c>num_batches_tracked</c>.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="network">The network to fill, or a part of one: names begin at this layer.</param>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, or does not fit; then every missing, unexpected and mismatched tensor is listed, with both shapes. The network is as it was.
    /// </exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public static void LoadInto(string path, Layer network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        IReadOnlyList<(Parameter Parameter, SafetensorsTensor Tensor)> pairs = TensorMatch.Of(network, reader);
        foreach ((_, SafetensorsTensor tensor) in pairs)
        {
            reader.CheckFinite(tensor);
        }

        foreach ((Parameter parameter, SafetensorsTensor tensor) in pairs)
        {
            reader.Read(tensor, parameter.Value.Span);
        }
    }

    /// <summary>Refuses to write what no one could use.</summary>
    internal static void CheckFinite(Layer network)
    {
        foreach ((string path, Parameter parameter) in network.NamedParameters())
        {
            ReadOnlySpan<float> values = parameter.Value.Span;
            if (TensorPrimitives.IsFiniteAll(values))
            {
                continue;
            }

            int i = 0;
            while (float.IsFinite(values[i]))
            {
                i++;
            }

            throw new NotFiniteNumberException(
                $"'{path}' {SafetensorsTensor.ShapeText(parameter.Shape)} is {values[i]} in row {i / parameter.Value.Columns}, column {i % parameter.Value.Columns}: the training has " +
                "diverged, and the file would be of no use. Lower the learning rate, or save the best weights instead. Nothing was written.",
                values[i]);
        }
    }
}
