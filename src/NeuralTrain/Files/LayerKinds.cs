using System.Collections.Concurrent;

namespace NeuralTrain;

/// <summary>The list of layers that files can name. Register custom layers to save and load them; nothing else needs a registration.</summary>
/// <remarks>
/// A file names a layer by its kind, never by a type, and a kind that is not on the list is refused: only layers on this list are
/// ever made from a file. All layers of the library are on it. Register a custom one once, when the program starts:
/// <code>
/// LayerKinds.Register("Swish", () => new Swish());
/// LayerKinds.Register("Scaled", settings => new Scaled(settings.Number("factor")));
/// LayerKinds.Register("Gated", (settings, layers) => new Gated(layers[0], layers[1]));
/// </code>
/// <see cref="Layer.Describe"/> writes what the constructor needs; parameters, <see cref="Layer.Children"/> and <see cref="Layer.RandomStream"/> are saved and restored without it.
/// </remarks>
public static class LayerKinds
{
    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<Type, string> Names = [];
    private static readonly ConcurrentDictionary<string, Func<Settings, IReadOnlyList<Layer>, Layer>> Factories = [];

    static LayerKinds()
    {
        Register("Sequential", (_, layers) => new Sequential([.. layers]));
        Register("Residual", (_, layers) => new Residual([.. layers]));
        Register("Concatenate", (_, layers) => new Concatenate([.. layers]));
        Register("Linear", s => new Linear(s.WholeNumber("inputs"), s.WholeNumber("outputs"), new Random(0), s.Flag("bias")));
        Register("Embedding", s => new Embedding(
            s.WholeNumber("inputs"), new Random(0), [.. s.Parts("columns").Select(column => (column.WholeNumber("column"), column.WholeNumber("categories"), column.WholeNumber("size")))]));
        Register("Maxout", s => new Maxout(s.WholeNumber("inputs"), s.WholeNumber("outputs"), new Random(0), s.WholeNumber("pieces"), s.Flag("bias")));
        Register("BatchNorm", s => new BatchNorm(s.WholeNumber("size"), s.Flag("scaleAndShift"), s.Number("epsilon"), s.Number("runningAverageRate")));
        Register("LayerNorm", s => new LayerNorm(s.WholeNumber("size"), s.Flag("scaleAndShift"), s.Number("epsilon")));
        Register("Standardization", s => new Standardization(s.WholeNumber("size"), s.Flag("inverse")));
        Register("Dropout", s => new Dropout(s.Number("probability"), new Random(0), s.Flag("direct")));
        Register("AlphaDropout", s => new AlphaDropout(s.Number("probability"), new Random(0)));
        Register("GaussianNoise", s => new GaussianNoise(s.Number("standardDeviation"), new Random(0)));
        Register("RReLU", s => new RReLU(new Random(0), s.Number("lower"), s.Number("upper")));
        Register("Identity", () => new Identity());
        Register("Sigmoid", () => new Sigmoid());
        Register("Tanh", () => new Tanh());
        Register("ReLU", () => new ReLU());
        Register("SELU", () => new SELU());
        Register("SiLU", () => new SiLU());
        Register("Mish", () => new Mish());
        Register("Softmax", () => new Softmax());
        Register("LogSoftmax", () => new LogSoftmax());
        Register("LeakyReLU", s => new LeakyReLU(s.Number("slope")));
        Register("ELU", s => new ELU(s.Number("alpha")));
        Register("GELU", s => new GELU(s.Flag("approximate")));
        Register("Softplus", s => new Softplus(s.Flag("centered")));
        Register("PReLU", s => new PReLU(s.Has("units") ? s.WholeNumber("units") : null));
        Register("APL", s => new APL(s.WholeNumber("units"), s.WholeNumber("hinges"), new Random(0)));
    }

    /// <summary>Registers a custom layer without settings.</summary>
    /// <typeparam name="TLayer">Its type.</typeparam>
    /// <param name="kind">Its name in files; keep it when you rename the type.</param>
    /// <param name="create">Creates one.</param>
    /// <exception cref="ArgumentException">The kind or the type is already registered.</exception>
    public static void Register<TLayer>(string kind, Func<TLayer> create)
        where TLayer : Layer => Add(typeof(TLayer), kind, create is null ? null : (_, _) => create());

    /// <summary>Registers a custom layer with settings.</summary>
    /// <typeparam name="TLayer">Its type.</typeparam>
    /// <param name="kind">Its name in files; keep it when you rename the type.</param>
    /// <param name="create">Creates one from the settings its <see cref="Layer.Describe"/> wrote.</param>
    /// <exception cref="ArgumentException">The kind or the type is already registered.</exception>
    public static void Register<TLayer>(string kind, Func<Settings, TLayer> create)
        where TLayer : Layer => Add(typeof(TLayer), kind, create is null ? null : (settings, _) => create(settings));

    /// <summary>Registers a custom container.</summary>
    /// <typeparam name="TLayer">Its type.</typeparam>
    /// <param name="kind">Its name in files; keep it when you rename the type.</param>
    /// <param name="create">Creates one from the settings its <see cref="Layer.Describe"/> wrote and from its <see cref="Layer.Children"/>.</param>
    /// <exception cref="ArgumentException">The kind or the type is already registered.</exception>
    public static void Register<TLayer>(string kind, Func<Settings, IReadOnlyList<Layer>, TLayer> create)
        where TLayer : Layer => Add(typeof(TLayer), kind, create);

    /// <summary>Describes a layer and all below it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="withState">Whether to add the state a file must keep besides parameters: the positions of random streams, and whether the layer was frozen.</param>
    /// <exception cref="NotSupportedException">It is described for a file, and a layer is not on the list.</exception>
    internal static Settings Describe(Layer layer, bool withState)
    {
        Names.TryGetValue(layer.GetType(), out string? kind);
        string type = layer.GetType().Name;
        if (kind is null && withState)
        {
            throw new NotSupportedException(
                $"The custom layer {type} is not registered, so a file that names it could not be read. Register it when the program starts: LayerKinds.Register(\"{type}\", settings => new {type}(…)).");
        }

        var settings = new Settings(kind ?? type);
        layer.DescribeTo(settings);
        if (withState && layer.RandomStream is RandomStream stream)
        {
            settings.SetSeed("seed", stream.Seed);
            settings.SetSeed("drawn", stream.Position);
        }

        // A frozen layer with running statistics trains with those instead of the batch's.
        if (layer.IsFrozen && (withState || layer.Parameters.Any(parameter => parameter.IsStatistic))) settings.Set("isFrozen", true);
        string[] frozen = [.. layer.Parameters.Where(parameter => !parameter.IsStatistic && !parameter.IsTrainable).Select(parameter => parameter.Name)];
        if (frozen.Length > 0) settings.Set("frozen", frozen);
        if (layer.Children.Count > 0) settings.Set("layers", layer.Children.Select(child => Describe(child, withState)));
        return settings;
    }

    /// <summary>Creates a layer and all below it from their description in a file; their parameters are filled in later.</summary>
    /// <exception cref="InvalidDataException">The description is damaged, or names a kind that is not on the list.</exception>
    internal static Layer Create(Settings settings)
    {
        if (!Factories.TryGetValue(settings.Kind, out Func<Settings, IReadOnlyList<Layer>, Layer>? factory))
        {
            throw new InvalidDataException(
                $"The network has a layer of the kind '{Guard.Shorten(settings.Kind)}', which is not on the list. Call LayerKinds.Register for a custom layer before loading; a newer version of the library may know others.");
        }

        try
        {
            Layer layer = factory(settings, settings.Has("layers") ? [.. settings.Parts("layers").Select(Create)] : []);
            if (layer.RandomStream is RandomStream stream) (stream.Seed, stream.Position) = (settings.Seed("seed"), settings.Seed("drawn"));
            if (settings.Has("isFrozen") && settings.Flag("isFrozen")) layer.RestoreFrozen();
            foreach (string name in settings.Has("frozen") ? settings.Texts("frozen") : [])
            {
                Parameter frozen = layer.Parameters.FirstOrDefault(parameter => parameter.Name == name && !parameter.IsStatistic)
                    ?? throw new InvalidDataException($"The description of a {settings.Kind} mentions a parameter '{Guard.Shorten(name)}', which it does not have. The file is damaged.");
                frozen.IsTrainable = false;
            }

            return layer;
        }
        catch (Exception problem) when (problem is ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"The description of a {settings.Kind} is not valid: {problem.Message}", problem);
        }
    }

    private static void Add(Type type, string kind, Func<Settings, IReadOnlyList<Layer>, Layer>? create)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(create);
        lock (Gate)
        {
            if (Factories.ContainsKey(kind) || Names.ContainsKey(type)) throw new ArgumentException($"'{kind}' ({type.Name}) is on the list of layer kinds already. Register each kind and each type once.", nameof(kind));
            (Factories[kind], Names[type]) = (create, kind);
        }
    }
}
