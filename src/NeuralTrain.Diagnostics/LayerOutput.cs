namespace NeuralTrain;

/// <summary>A layer's output in the last forward pass of its network.</summary>
internal readonly record struct LayerOutput(string Path, Layer Layer, Matrix Output)
{
    /// <summary>
    /// Those of all layers below a container in the order of the pass, without chains, whose last layer gives the same, and without layers of custom
    /// containers that do not show them.
    /// </summary>
    public static IEnumerable<LayerOutput> Of(Layer container, string path = "")
    {
        for (int i = 0; i < container.Children.Count; i++)
        {
            Layer child = container.Children[i];
            Matrix output = container.ChildOutput(i);
            string place = Walk.Below(path, i);
            foreach (LayerOutput below in Of(child, place)) yield return below;

            bool isChain = child.Children.Count > 0 && child.ChildOutput(child.Children.Count - 1) == output;
            if (!isChain && !output.IsEmpty) yield return new LayerOutput(place, child, output);
        }
    }

    /// <summary>The number of units that are 0 for all rows.</summary>
    public int DeadUnits() => ColumnScan.Of(Output).Count(column => column is { Minimum: 0, Maximum: 0 });

    /// <summary>The fraction of values so close to an end of the layer's range that hardly any gradient passes; null for layers that do not saturate.</summary>
    public double? SaturatedRatio()
    {
        if (!Layer.Saturates || Layer.OutputRange is not (double least, double greatest)) return null;

        // A hundredth of the range at each end: 0.01 or 0.99 of a sigmoid, whose slope there is 4 % of the greatest.
        double margin = 0.01 * (double.IsInfinity(greatest) ? -least : greatest - least);
        (float low, float high) = ((float)(least + margin), (float)(greatest - margin));
        return Output.Span.ToArray().Average(value => value < low || value > high ? 1.0 : 0);
    }
}
