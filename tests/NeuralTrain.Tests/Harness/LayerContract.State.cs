namespace NeuralTrain.Tests.Harness;

/// <content>What passes to a second layer: clones, and files.</content>
public static partial class LayerContract
{
    /// <summary>A clone has the same parameters, statistics and next masks, and memory of its own.</summary>
    public static void ACloneGoesOnWithTheSameBits(LayerCase layerCase)
    {
        Layer layer = Used(layerCase);
        Layer clone = layer.Clone();
        float[][] before = AllValues(layer);
        foreach ((_, Parameter parameter) in clone.NamedParameters())
        {
            parameter.Value.Span.Fill(7);
        }

        RequireSameBits(before, AllValues(layer), $"{layerCase}: values before and after a clone's were changed");
        RequireSameLayers(layerCase, layer, layer.Clone(), "its clone");
    }

    /// <summary>Written to a file and made again from it, the layer has the same parameters, statistics and next masks.</summary>
    public static void SavedAndLoadedItGoesOnWithTheSameBits(LayerCase layerCase)
    {
        Layer layer = Used(layerCase);
        string file = Path.GetTempFileName();
        try
        {
            ModelFile.Save(file, new Sequential(layer));
            RequireSameLayers(layerCase, layer, ModelFile.Load(file).Network.Children[0], "the loaded one");
        }
        finally
        {
            File.Delete(file);
        }
    }

    // Two training passes, so that generators and statistics are no longer those of a new layer, and a part at rest.
    private static Layer Used(LayerCase layerCase)
    {
        Layer layer = layerCase.CreateReady();
        _ = Run(layer, layerCase.CreateInput(5, seed: 31));
        _ = Run(layer, layerCase.CreateInput(4, seed: 32));
        ClearGradients(layer);
        if (layer.NamedParameters().FirstOrDefault(named => !named.Parameter.IsStatistic) is { Parameter: Parameter first })
        {
            first.IsTrainable = false;
        }

        return layer;
    }

    private static void RequireSameLayers(LayerCase layerCase, Layer layer, Layer other, string which)
    {
        Require(other.GetType() == layer.GetType() && other.ToString() == layer.ToString(), $"{layerCase}: it is {layer}, {which} is {other}.");
        Require(
            layer.NamedParameters().Select(Description).SequenceEqual(other.NamedParameters().Select(Description)),
            $"{layerCase}: {which} has other parameters, or others of them rest.");
        RequireSameBits(AllValues(layer), AllValues(other), $"{layerCase}: values and those of {which}");
        Matrix input = layerCase.CreateInput(5, seed: 33);
        RequireSameBits([InferOnce(layer, input)], [InferOnce(other, input)], $"{layerCase}: predictions and those of {which}");
        for (int step = 0; step < 2; step++)
        {
            Pass own = Run(layer, input);
            Pass others = Run(other, input);
            RequireSameBits([own.Output.Span.ToArray()], [others.Output.Span.ToArray()], $"{layerCase}: outputs in training and those of {which}");
            RequireSameBits([own.InputGradient.Span.ToArray()], [others.InputGradient.Span.ToArray()], $"{layerCase}: input gradients and those of {which}");
            RequireSameBits(Gradients(layer), Gradients(other), $"{layerCase}: gradients and those of {which}");
        }

        RequireSameBits(AllValues(layer), AllValues(other), $"{layerCase}: values after training passes and those of {which}");
        static string Description((string Path, Parameter Parameter) named) => $"{named.Path} {named.Parameter} {named.Parameter.IsTrainable}";
    }
}
