namespace NeuralTrain;

/// <summary>A network as a table: layers, shapes, parameters, initializers and memory.</summary>
/// <remarks>
/// Memory is what training keeps from step to step, 4 bytes a value: without the few bytes of overhead of each array, without the batch itself, which is
/// the caller's, and without what a custom layer remembers of it. That of a batch is measured by passing a few rows through a clone.
/// </remarks>
public sealed class NetworkSummary
{
    private const int LongestLayer = 40;
    private readonly List<LayerSummary> _layers = [];
    private readonly Layer _network;

    internal NetworkSummary(Layer network, int? inputSize, int batchSize)
    {
        BatchSize = Guard.AtLeast(batchSize, 1, nameof(batchSize), "a batch has at least one row");
        Guard.AtLeast(inputSize ?? 1, 1, nameof(inputSize), "an input has at least one column");
        if (network.InputSize is int expected && inputSize is int given && given != expected)
        {
            throw new ArgumentException(
                $"{network} expects {expected} columns, received inputSize {given}. Leave inputSize out: the network knows its own.", nameof(inputSize));
        }

        _network = network;
        InputSize = inputSize ?? network.InputSize;
        OutputSize = InputSize is int width ? network.OutputSize(width) : null;
        if (network.Children.Count == 0) _layers.Add(new LayerSummary("", 0, network, OutputSize));
        AddChildren(network, "", 0, InputSize);
        (TrainableCount, FrozenCount, StatisticCount) = Count(network.NamedParameters().Select(named => named.Parameter));
        try
        {
            if (InputSize is int size) (ActivationBytes, ActivationGradientBytes) = network.MeasureMemory(size, batchSize);
        }
        catch (NotSupportedException)
        {
            // A custom layer that cannot be cloned: the memory is not known.
        }
    }

    /// <summary>The layers in order, those of a container below it.</summary>
    public IReadOnlyList<LayerSummary> Layers => _layers;

    /// <summary>Rows of the batch that shapes and memory are for.</summary>
    public int BatchSize { get; }

    /// <summary>Columns of the input; null if the network takes any and none were given.</summary>
    public int? InputSize { get; }

    /// <summary>Columns of the output; null if the width of the input is unknown.</summary>
    public int? OutputSize { get; }

    /// <summary>Values an optimizer changes.</summary>
    public long TrainableCount { get; }

    /// <summary>Values that could be trained but are frozen.</summary>
    public long FrozenCount { get; }

    /// <summary>Values that layers measure from data, such as running means.</summary>
    public long StatisticCount { get; }

    /// <summary>Memory of all parameters and statistics: what a saved model holds.</summary>
    public long ParameterBytes => sizeof(float) * (TrainableCount + FrozenCount + StatisticCount);

    /// <summary>Memory of the parameters' gradients, those of frozen ones included.</summary>
    internal long GradientBytes => sizeof(float) * (TrainableCount + FrozenCount);

    /// <summary>Memory that an optimizer needs for each array it keeps per parameter: none for SGD, one for Momentum, two for Adam.</summary>
    internal long OptimizerBytesPerState => sizeof(float) * TrainableCount;

    /// <summary>Memory that a forward pass keeps for a batch: the outputs of all layers, and what layers remember; null if the width of the input is not known or a custom layer cannot be cloned.</summary>
    public long? ActivationBytes { get; }

    /// <summary>Memory of the gradients between layers for a batch; null where <see cref="ActivationBytes"/> is.</summary>
    public long? ActivationGradientBytes { get; }

    /// <summary>The table and the memory, as plain text.</summary>
    public override string ToString()
    {
        var layers = new TextTable("path", "layer", "output", ">trainable", ">frozen", ">statistics", "initializer");
        foreach (LayerSummary layer in _layers)
        {
            string indent = new(' ', 2 * layer.Depth);
            string[] counts = [Number(layer.TrainableCount), Number(layer.FrozenCount), Number(layer.StatisticCount)];
            layers.Add([indent + layer.Path, indent + Shortened(layer.Layer), Shape(layer.OutputSize), .. layer.HasParameters ? counts : ["", "", ""], layer.Initializer]);
        }

        layers.Add("", "total", "", Number(TrainableCount), Number(FrozenCount), Number(StatisticCount), "");
        var memory = new TextTable("memory", ">bytes", ">", "");
        AddMemory("parameters", ParameterBytes, "");
        AddMemory("gradients", GradientBytes, "");
        AddMemory("optimizer", OptimizerBytesPerState, "times 1 for Momentum or RMSprop, 2 for Adam, 0 for SGD");
        AddMemory("batch, forward", ActivationBytes, "outputs of the layers");
        AddMemory("batch, backward", ActivationGradientBytes, "gradients between them");
        string note = InputSize is null ? "\nThe network takes any width: pass inputSize for the shapes and the memory of a batch." : "";
        return $"{Shortened(Title(_network))}: input {Shape(InputSize)}, output {Shape(OutputSize)}\n{layers}\n\n{memory}{note}";

        void AddMemory(string what, long? bytes, string remark) =>
            memory.Add(what, bytes is long known ? Number(known) : "?", bytes is long size ? Rounded(size) : "", remark);
    }

    internal static (long Trainable, long Frozen, long Statistic) Count(IEnumerable<Parameter> parameters)
    {
        return (Of(parameter => parameter.IsTrainable), Of(parameter => !parameter.IsTrainable && !parameter.IsStatistic), Of(parameter => parameter.IsStatistic));

        long Of(Func<Parameter, bool> are) => parameters.Where(are).Sum(parameter => (long)parameter.Value.Span.Length);
    }

    private void AddChildren(Layer container, string path, int depth, int? inputSize)
    {
        IReadOnlyList<Layer> children = container.Children;
        int? width = inputSize;
        for (int i = 0; i < children.Count; i++)
        {
            width = (container.Wiring == Wiring.Unknown ? null : width) ?? children[i].InputSize;
            if (container.Wiring == Wiring.Chain && inputSize is not null) CheckWidth(container.GetType().Name, children, i, width);
            int? output = width is int known ? children[i].OutputSize(known) : null;
            _layers.Add(new LayerSummary($"{path}{i}", depth, children[i], output));
            AddChildren(children[i], $"{path}{i}.", depth + 1, width);
            width = container.Wiring == Wiring.Chain ? output : inputSize;
        }
    }

    // As a chain of the library's own does when it is built: a custom one need not look, and its layers give their widths whatever they are told.
    private static void CheckWidth(string chain, IReadOnlyList<Layer> layers, int i, int? width)
    {
        if (layers[i].InputSize is not int expected || expected == width) return;
        throw new ArgumentException(
            $"{layers[i].GetType().Name} '{i}' expects {expected} columns, received {width}: " + (i == 0
                ? $"the input of {chain} has {width}. Pass data of {expected} columns, or change the first layer."
                : $"the layer before it ('{i - 1}', {layers[i - 1]}) gives {width}. Change one of the two."), nameof(layers));
    }

    /// <summary>The text of a plain layer, and of a container the kind alone.</summary>
    internal static string Title(Layer layer) => layer.Children.Count > 0 ? layer.GetType().Name : layer.ToString();

    private string Shape(int? columns) => columns is int known ? $"{BatchSize}×{known}" : $"{BatchSize}×?";

    private static string Number(long value) => $"{value:#,0}";

    private static string Rounded(long bytes)
    {
        (int shift, string unit) = bytes < 1000L << 10 ? (10, "KiB") : bytes < 1000L << 20 ? (20, "MiB") : (30, "GiB");
        return $"{bytes / (double)(1L << shift):0.0} {unit}";
    }

    private static string Shortened(string text) => text.Length <= LongestLayer ? text : string.Concat(text.AsSpan(0, LongestLayer - 1), "…");
}

/// <summary>One line of a <see cref="NetworkSummary"/>.</summary>
public sealed class LayerSummary
{
    internal LayerSummary(string path, int depth, Layer layer, int? outputSize)
    {
        (Path, Depth, OutputSize) = (path, depth, outputSize);
        Layer = NetworkSummary.Title(layer);
        Initializer = layer.Parameters.FirstOrDefault(parameter => parameter.IsRegularized)?.Initializer?.ToString() ?? "";
        (TrainableCount, FrozenCount, StatisticCount) = NetworkSummary.Count(layer.Parameters);
    }

    /// <summary>The position in each container, as <c>2.0</c>: what the paths of the layer's parameters begin with.</summary>
    public string Path { get; }

    /// <summary>The nesting depth below the outermost container.</summary>
    public int Depth { get; }

    /// <summary>The layer; of a container only its kind, since its layers follow.</summary>
    public string Layer { get; }

    /// <summary>Columns of the output; null if they depend on an unknown width of the input.</summary>
    public int? OutputSize { get; }

    /// <summary>Values of the layer itself that an optimizer changes.</summary>
    public long TrainableCount { get; }

    /// <summary>Values that could be trained but are frozen.</summary>
    public long FrozenCount { get; }

    /// <summary>Values that the layer measures from data, such as running means.</summary>
    public long StatisticCount { get; }

    /// <summary>What the weights were drawn from; empty if nothing was drawn.</summary>
    public string Initializer { get; }

    internal bool HasParameters => TrainableCount + FrozenCount + StatisticCount > 0;
}
