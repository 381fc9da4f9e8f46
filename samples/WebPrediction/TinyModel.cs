namespace NeuralTrain.Samples;

/// <summary>A small model to serve where none is given: is a point inside a circle?</summary>
internal static class TinyModel
{
    /// <summary>Trains it and saves it; a file that is there is replaced at once, also while it is being served.</summary>
    /// <param name="file">Where to.</param>
    /// <param name="radius">The circle's radius, around 0.</param>
    /// <param name="seed">The seed of points and weights.</param>
    public static void Train(string file, double radius, int seed)
    {
        var random = new Random(seed);
        var inputs = new Matrix(1000, 2);
        var labels = new int[inputs.Rows];
        for (int row = 0; row < labels.Length; row++)
        {
            inputs[row, 0] = (float)((4 * random.NextDouble()) - 2);
            inputs[row, 1] = (float)((4 * random.NextDouble()) - 2);
            labels[row] = (inputs[row, 0] * inputs[row, 0]) + (inputs[row, 1] * inputs[row, 1]) < radius * radius ? 1 : 0;
        }

        var data = new Dataset(inputs, OneHot.Encode(labels, 2), ["x", "y"], classes: ["outside", "inside"]);
        var network = new Sequential(
            Normalization.Fit(data.Inputs), new Linear(2, 32, random), new ReLU(), new Linear(32, 32, random), new ReLU(), new Linear(32, 2, random));
        var loss = new SoftmaxCrossEntropy();
        new Trainer(network, loss, new Adam(network, learningRate: 0.01)) { Seed = (ulong)seed }.Fit(data, epochs: 30);
        ModelFile.Save(file, network, data.Classes, loss, data.InputNames);
    }
}
