namespace NeuralTrain.Samples;

/// <summary>A small model to serve if none is given: is a point inside a circle?</summary>
internal static class TinyModel
{
    /// <summary>Trains it, saves it, and returns the file; an existing one is replaced at once, even while it is being served.</summary>
    public static string Train(string file, double radius, int seed)
    {
        var random = new Random(seed);
        float Coordinate() => (4 * random.NextSingle()) - 2;
        Dataset data = Dataset.FromClasses(
            Enumerable.Range(0, 1000).Select(_ => (X: Coordinate(), Y: Coordinate())), point => [point.X, point.Y],
            point => (point.X * point.X) + (point.Y * point.Y) < radius * radius ? "inside" : "outside", inputNames: ["x", "y"]);
        var network = new Sequential(
            Standardization.Fit(data.Inputs), new Linear(2, 32, random), new ReLU(),
            new Linear(32, 32, random), new ReLU(), new Linear(32, 2, random));
        var loss = new SoftmaxCrossEntropy();
        new Trainer(network, loss, new Adam(network, learningRate: 0.01)) { Seed = (ulong)seed }.Fit(data, epochs: 30);
        ModelFile.Save(file, network, data.Classes, loss, data.InputNames);
        return file;
    }
}
