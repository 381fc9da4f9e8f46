namespace NeuralTrain;

/// <summary>One line of a <see cref="NetworkSummary"/>.</summary>
public sealed record LayerSummary
{
    internal LayerSummary(string path, int depth, Layer layer, int? outputSize)
    {
        Path = path;
        Depth = depth;
        Layer = layer.Children.Count > 0 ? layer.GetType().Name : layer.ToString();
        OutputSize = outputSize;
        Initializer = layer.InitializerInUse?.ToString() ?? "";
        foreach (Parameter parameter in layer.Parameters)
        {
            int count = parameter.Value.Span.Length;
            TrainableCount += parameter.IsTrainable ? count : 0;
            FrozenCount += !parameter.IsTrainable && !parameter.IsStatistic ? count : 0;
            StatisticCount += parameter.IsStatistic ? count : 0;
        }
    }

    /// <summary>The position in each container, as <c>2.0</c>: what the layer's parameters begin with.</summary>
    public string Path { get; }

    /// <summary>How many containers below the first the layer stands in.</summary>
    public int Depth { get; }

    /// <summary>The layer; of a container only its kind, since its layers follow.</summary>
    public string Layer { get; }

    /// <summary>Columns of the output; null if they are not known without the width of the input.</summary>
    public int? OutputSize { get; }

    /// <summary>Values an optimizer changes, of the layer itself.</summary>
    public long TrainableCount { get; }

    /// <summary>Values that could be trained but are frozen.</summary>
    public long FrozenCount { get; }

    /// <summary>Values the layer measures, such as running means.</summary>
    public long StatisticCount { get; }

    /// <summary>What the weights were drawn from; empty if nothing was drawn.</summary>
    public string Initializer { get; }
}
