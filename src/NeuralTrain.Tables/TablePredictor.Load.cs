namespace NeuralTrain;

/// <content>From files and streams.</content>
public sealed partial class TablePredictor
{
    /// <summary>Loads a model that <see cref="TableModel.Save(string)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, no table model, or asks for more memory than 16 times its size and 1 MB; the message says which.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public static TablePredictor Load(string path) => TableModel.Load(path).ToPredictor();

    /// <summary>Loads a model from a stream, from where it is to its end. The stream stays open.</summary>
    /// <param name="stream">The stream; one that cannot seek is copied into memory first, up to 1 GB or <paramref name="maxMemory"/>.</param>
    /// <param name="maxMemory">The number of bytes loading may allocate; null (the default) for 16 times the size of the stream and 1 MB.</param>
    /// <exception cref="InvalidDataException">What the stream gives is damaged, no table model, or asks for too much memory; the message says which.</exception>
    public static TablePredictor Load(Stream stream, long? maxMemory = null) => TableModel.Load(stream, maxMemory).ToPredictor();

    /// <summary>Loads a model from a stream that must not be read synchronously, such as the body of a request: from where it is to its end. The stream stays open.</summary>
    /// <param name="stream">The stream; it is copied into memory first, up to 1 GB or <paramref name="maxMemory"/>.</param>
    /// <param name="maxMemory">The number of bytes loading may allocate; null (the default) for 16 times the size of the stream and 1 MB.</param>
    /// <param name="cancellationToken">Ends the reading, with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidDataException">What the stream gives is damaged, no table model, or asks for too much memory; the message says which.</exception>
    public static async Task<TablePredictor> LoadAsync(Stream stream, long? maxMemory = null, CancellationToken cancellationToken = default) =>
        TableModel.Of(await ModelFile.LoadAsync(stream, maxMemory, cancellationToken).ConfigureAwait(false), TableModel.TheStream).ToPredictor();
}
