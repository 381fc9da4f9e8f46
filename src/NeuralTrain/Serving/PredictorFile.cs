namespace NeuralTrain;

/// <summary>Loads predictors from model files.</summary>
public static class PredictorFile
{
    extension(ModelFile)
    {
        /// <summary>Loads a model for a service: features in, probabilities or a class out, for any number of threads, see <see cref="Predictor"/>.</summary>
        /// <param name="path">A file that <see cref="ModelFile.Save"/> wrote.</param>
        /// <exception cref="InvalidDataException">The file is damaged, not a model file, or holds a network that cannot predict, such as one with NaN; the message says which.</exception>
        /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
        public static Predictor LoadPredictor(string path)
        {
            SavedModel model = ModelFile.Load(path);
            try
            {
                return new Predictor(model.Network, model.OutputKind, model.Classes, model.InputNames);
            }
            catch (ArgumentException problem)
            {
                throw new InvalidDataException($"The model in '{path}' cannot be served: {problem.Message}", problem);
            }
        }
    }
}
