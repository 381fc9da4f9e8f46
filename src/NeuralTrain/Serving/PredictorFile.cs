namespace NeuralTrain;

/// <summary>Loads predictors from model files.</summary>
public static class PredictorFile
{
    extension(ModelFile)
    {
        /// <summary>Loads a model for a service: features in, probabilities or a class out, for any number of threads, see <see cref="Predictor"/>.</summary>
        /// <param name="path">A file that <c>ModelFile.Save</c> wrote.</param>
        /// <exception cref="InvalidDataException">
        /// The file is damaged, not a model file, asks for more memory than 16 times its size and 1 MB, or holds a network that cannot predict, such as one with NaN, or that of a table model; the message says which.
        /// </exception>
        /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
        /// <exception cref="UnauthorizedAccessException">The file must not be read.</exception>
        public static Predictor LoadPredictor(string path)
        {
            using SafetensorsReader reader = SafetensorsReader.Open(path);
            return Serve(reader);
        }

        /// <summary>Loads a model for a service from a stream, such as an embedded resource: from where it is to its end. The stream stays open.</summary>
        /// <param name="stream">The stream; one that cannot seek is copied into memory first, up to 1 GB or <paramref name="maxMemory"/>.</param>
        /// <param name="maxMemory">How many bytes loading may allocate; null (the default) for 16 times the size of the file and 1 MB.</param>
        /// <exception cref="InvalidDataException">What the stream gives is damaged, no model, asks for too much memory, or cannot predict; the message says which.</exception>
        /// <exception cref="IOException">The stream cannot be read.</exception>
        public static Predictor LoadPredictor(Stream stream, long? maxMemory = null)
        {
            using SafetensorsReader reader = SafetensorsReader.Open(stream, maxMemory);
            return Serve(reader);
        }
    }

    private static Predictor Serve(SafetensorsReader reader)
    {
        // What the name of an answer takes.
        const double LabelBytes = 64;
        SavedModel model = ModelFile.Read(reader);
        if (model.Texts.ContainsKey("neuraltrain.table")) throw new InvalidDataException($"'{reader.File}' is a table model, whose network alone takes encoded columns and gives standard scores. Load it with TablePredictor.Load.");
        try
        {
            reader.Budget.Take(ModelFile.CopyCost(model.Network));
            reader.Budget.Take(LabelBytes * model.Network.OutputSize(model.Network.InputSize ?? Math.Max(1, model.InputNames.Count)));
            return new Predictor(model.Network, model.OutputKind, model.Classes, model.InputNames);
        }
        catch (Exception problem) when (problem is ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"The model in '{reader.File}' cannot be served: {problem.Message}", problem);
        }
    }
}
