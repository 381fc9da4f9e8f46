namespace NeuralTrain.Samples;

/// <summary>One row of units on the page, as places in the network: where its weights are, and which layer gives the values that are shown.</summary>
internal sealed record Block(int Weights, int Values, int Units);

/// <summary>Builds the network of a setup.</summary>
internal static class Networks
{
    public static (Sequential Network, IReadOnlyList<Block> Blocks) Build(Setup setup, Matrix inputs)
    {
        var random = new Random(setup.Seed);
        Initializer? weights = Choices.Weights[setup.Weights];
        var biases = new Constant(setup.Biases);
        (bool isBefore, Func<int, Layer>? normalization) = Choices.Normalizations[setup.Normalization];
        var layers = new List<Layer>();
        var blocks = new List<Block>();
        if (setup.Standardize)
        {
            layers.Add(Standardization.Fit(inputs));
        }

        int width = 2;
        foreach (int units in setup.Units)
        {
            int first = layers.Count;
            layers.Add(setup.Activation == "maxout"
                ? new Maxout(width, units, random, weightInitializer: weights, biasInitializer: biases)
                : new Linear(width, units, random, weightInitializer: weights, biasInitializer: biases));
            AddNormalization(isBefore);
            if (setup.Activation is not ("maxout" or "none"))
            {
                layers.Add(Choices.Activations[setup.Activation](units, random));
            }

            AddNormalization(!isBefore);
            blocks.Add(new Block(first, layers.Count - 1, units));
            if (setup.Dropout > 0)
            {
                layers.Add(setup.Activation == "SELU" ? new AlphaDropout(setup.Dropout, random) : new Dropout(setup.Dropout, random));
            }

            width = units;

            void AddNormalization(bool isHere)
            {
                if (isHere && normalization is not null)
                {
                    layers.Add(normalization(units));
                }
            }
        }

        layers.Add(new Linear(width, 1, random, weightInitializer: weights));
        int last = layers.Count - 1;
        if (Choices.Outputs[setup.Output] is Func<Layer> output)
        {
            layers.Add(output());
        }

        blocks.Add(new Block(last, layers.Count - 1, 1));
        return (new Sequential([.. layers]), blocks);
    }
}
