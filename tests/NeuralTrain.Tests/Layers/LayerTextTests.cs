namespace NeuralTrain.Tests.Layers;

public sealed class LayerTextTests
{
    [Fact]
    public void A_layer_is_written_with_the_settings_that_matter()
    {
        var random = new Random(1);
        Layer[] layers =
        [
            new Linear(3, 4, random), new Linear(3, 4, random, bias: false), new Maxout(3, 4, random, pieces: 1), new Maxout(3, 4, random, bias: false),
            new Embedding(3, random, (1, 5, 2)), new Dropout(0.5, random), new Dropout(0.5, random, direct: true), new AlphaDropout(0.1, random), new GaussianNoise(0.25, random),
            new BatchNorm(3), new LayerNorm(3, scaleAndShift: false), new Standardization(3), new Standardization(3, isInverse: true),
            new ELU(0.5), new LeakyReLU(), new PReLU(), new PReLU(units: 3), new RReLU(random), new APL(3, 1, random),
            new GELU(), new GELU(approximate: true), new Softplus(), new Softplus(centered: true), new Sequential(new ReLU(), new Tanh()),
        ];
        layers.Select(layer => $"{layer}").Should().Equal(
            "Linear(3 → 4)", "Linear(3 → 4, no bias)", "Maxout(3 → 4, 1 piece)", "Maxout(3 → 4, 2 pieces, no bias)",
            "Embedding(3 → 4, column 1: 5 × 2)", "Dropout(0.5)", "Dropout(0.5, direct)", "AlphaDropout(0.1)", "GaussianNoise(0.25)",
            "BatchNorm(3)", "LayerNorm(3, no scale and shift)", "Standardization(3)", "Standardization(3, inverse)",
            "ELU(0.5)", "LeakyReLU(0.01)", "PReLU(shared)", "PReLU(3)", "RReLU(0.1 … 0.5)", "APL(3, 1 hinge)",
            "GELU", "GELU(approximate)", "Softplus", "Softplus(centered)", "Sequential(ReLU, Tanh)");
    }
}
