using System.Globalization;

namespace NeuralTrain;

/// <summary>A network as a table: layers, shapes, parameters, initializers, and the memory it takes.</summary>
/// <remarks>
/// The memory is what the library keeps from step to step: 4 bytes a value, without the few bytes each array has besides, and
/// without the batch itself, which is the caller's. A layer of one's own that remembers something of its batch is not seen into.
/// </remarks>
public sealed class NetworkSummary
{
    private const int LongestLayer = 40;
    private readonly List<LayerSummary> _layers = [];
    private readonly Layer _network;

    internal NetworkSummary(Layer network, int? inputSize, int batchSize)
    {
        Guard.AtLeast(batchSize, 1, nameof(batchSize), "a batch has at least one row");
        if (inputSize is int given)
        {
            Guard.AtLeast(given, 1, nameof(inputSize), "an input has at least one column");
            if (network.InputSize is int expected && expected != given)
            {
                throw new ArgumentException(
                    $"{network} expects {expected} columns, received inputSize {given}. Leave inputSize out: the network knows its own.", nameof(inputSize));
            }
        }

        _network = network;
        InputSize = inputSize ?? network.InputSize;
        BatchSize = batchSize;
        int? outputSize = InputSize is int width ? network.OutputSize(width) : null;
        OutputSize = outputSize;
        if (network.Children.Count == 0)
        {
            _layers.Add(new LayerSummary("", 0, network, outputSize));
        }
        else
        {
            AddChildren(network, "", 0, InputSize);
        }

        TrainableCount = Count(parameter => parameter.IsTrainable);
        StatisticCount = Count(parameter => parameter.IsStatistic);
        FrozenCount = Count(parameter => !parameter.IsTrainable && !parameter.IsStatistic);
        if (InputSize is int size)
        {
            BatchMemory memory = network.MemoryFor(batchSize, size, TrainableCount > 0 ? BackwardReach.Parameters : BackwardReach.None);
            ActivationBytes = memory.ActivationBytes;
            ActivationGradientBytes = memory.GradientBytes;
        }
    }

    /// <summary>The layers in order, those of a container below it.</summary>
    public IReadOnlyList<LayerSummary> Layers => _layers;

    /// <summary>Rows of the batch that shapes and memory are for.</summary>
    public int BatchSize { get; }

    /// <summary>Columns of the input; null if the network takes any and none were given.</summary>
    public int? InputSize { get; }

    /// <summary>Columns of the output; null if those of the input are.</summary>
    public int? OutputSize { get; }

    /// <summary>Values an optimizer changes.</summary>
    public long TrainableCount { get; }

    /// <summary>Values that could be trained but are frozen.</summary>
    public long FrozenCount { get; }

    /// <summary>Values that layers measure, such as running means.</summary>
    public long StatisticCount { get; }

    /// <summary>Memory of all parameters and statistics: what a saved model holds.</summary>
    public long ParameterBytes => sizeof(float) * (TrainableCount + FrozenCount + StatisticCount);

    /// <summary>Memory of the parameters' gradients, those of frozen ones included.</summary>
    public long GradientBytes => sizeof(float) * (TrainableCount + FrozenCount);

    /// <summary>Memory that an optimizer needs for each array it keeps beside a parameter: none for SGD, one for Momentum, two for Adam.</summary>
    public long OptimizerBytesPerState => sizeof(float) * TrainableCount;

    /// <summary>Memory of the outputs of all layers for a batch; null if the width of the input is not known.</summary>
    public long? ActivationBytes { get; }

    /// <summary>Memory of the gradients between layers for a batch; null if the width of the input is not known.</summary>
    public long? ActivationGradientBytes { get; }

    /// <summary>The table and the memory, as plain text.</summary>
    public override string ToString()
    {
        var layers = new TextTable("path", "layer", "output", ">trainable", ">frozen", ">statistics", "initializer");
        foreach (LayerSummary layer in _layers)
        {
            bool hasParameters = layer.TrainableCount + layer.FrozenCount + layer.StatisticCount > 0;
            string indent = new(' ', 2 * layer.Depth);
            layers.Add(
                indent + layer.Path, indent + Shortened(layer.Layer), Shape(layer.OutputSize), hasParameters ? Number(layer.TrainableCount) : "",
                hasParameters ? Number(layer.FrozenCount) : "", hasParameters ? Number(layer.StatisticCount) : "", layer.Initializer);
        }

        layers.Add("", "total", "", Number(TrainableCount), Number(FrozenCount), Number(StatisticCount), "");

        var memory = new TextTable("memory", ">bytes", ">", "");
        AddMemory(memory, "parameters", ParameterBytes, "");
        AddMemory(memory, "gradients", GradientBytes, "");
        AddMemory(memory, "optimizer", OptimizerBytesPerState, "times 1 for Momentum or RMSprop, 2 for Adam, 0 for SGD");
        AddMemory(memory, "batch, forward", ActivationBytes, "outputs of the layers");
        AddMemory(memory, "batch, backward", ActivationGradientBytes, "gradients between them");
        string note = InputSize is null ? "\nThe network takes any width: pass inputSize for the shapes and the memory of a batch." : "";
        string head = _network.Children.Count == 0 ? Shortened(_network.ToString()) : _network.GetType().Name;
        return $"{head}: {Shape(InputSize)} to {Shape(OutputSize)}\n{layers}\n\n{memory}{note}";
    }

    private void AddChildren(Layer container, string path, int depth, int? inputSize)
    {
        IReadOnlyList<Layer> children = container.Children;
        IReadOnlyList<int?> sizes = inputSize is int known ? container.ChildInputSizes(known) : [.. children.Select(child => child.InputSize)];
        for (int i = 0; i < children.Count; i++)
        {
            int? outputSize = sizes[i] is int size ? children[i].OutputSize(size) : null;
            string place = string.Create(CultureInfo.InvariantCulture, $"{path}{i}");
            _layers.Add(new LayerSummary(place, depth, children[i], outputSize));
            AddChildren(children[i], place + ".", depth + 1, sizes[i]);
        }
    }

    private long Count(Func<Parameter, bool> counts) =>
        _network.NamedParameters().Where(named => counts(named.Parameter)).Sum(named => (long)named.Parameter.Value.Span.Length);

    private string Shape(int? columns) =>
        columns is int known ? string.Create(CultureInfo.InvariantCulture, $"{BatchSize}×{known}") : string.Create(CultureInfo.InvariantCulture, $"{BatchSize}×?");

    private static void AddMemory(TextTable table, string what, long? bytes, string remark) =>
        table.Add(what, bytes is long known ? Number(known) : "?", bytes is long size ? Rounded(size) : "", remark);

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Rounded(long bytes)
    {
        string[] units = ["KiB", "MiB", "GiB", "TiB"];
        double size = bytes / 1024.0;
        int unit = 0;
        while (size >= 1000 && unit < units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size:0.0} {units[unit]}");
    }

    private static string Shortened(string? text) =>
        text is null ? "" : text.Length <= LongestLayer ? text : string.Concat(text.AsSpan(0, LongestLayer - 1), "…");
}
