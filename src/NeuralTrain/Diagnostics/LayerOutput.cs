namespace NeuralTrain;

/// <summary>What a layer gave in the last forward pass of the network it stands in.</summary>
internal readonly record struct LayerOutput(string Path, Layer Layer, Matrix Output)
{
    /// <summary>
    /// Those of all layers below a container in the order they worked; a chain is left out, since its last layer gives the same. Without
    /// those that a container of one's own keeps to itself.
    /// </summary>
    public static IEnumerable<LayerOutput> Of(Layer container, string path = "")
    {
        for (int i = 0; i < container.Children.Count; i++)
        {
            Layer child = container.Children[i];
            string place = path.Length == 0 ? $"{i}" : $"{path}.{i}";
            foreach (LayerOutput below in Of(child, place))
            {
                yield return below;
            }

            if (child is not Sequential && !container.ChildOutput(i).IsEmpty)
            {
                yield return new LayerOutput(place, child, container.ChildOutput(i));
            }
        }
    }
}
