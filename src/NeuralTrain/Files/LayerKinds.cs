using System.Text.Json.Nodes;

namespace NeuralTrain;

/// <summary>
/// The closed list of layers that can be cloned, saved and loaded, and the place where a layer of one's own joins it.
/// </summary>
/// <remarks>
/// A file names a layer by its kind, never by a type, and a kind that is not on the list is refused: nothing but layers of this list is
/// ever made from a file, and nothing is found by reflection. All layers of the library are on it. For one of your own say once, at the start:
/// <code>
/// LayerKinds.Register("Swish", () => new Swish());
/// LayerKinds.Register&lt;Scaled&gt;("Scaled", (layer, settings) => settings.Set("factor", layer.Factor), settings => new Scaled(settings.Number("factor")));
/// </code>
/// What <see cref="Layer.Parameters"/> holds is not a setting: it is saved and filled in by itself.
/// </remarks>
public static partial class LayerKinds
{
    /// <summary>As deep as containers may be nested in a description; deeper ones are refused as hostile.</summary>
    internal const int MaxDepth = 32;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<Type, LayerKind> ByType = [];
    private static readonly Dictionary<string, LayerKind> ByName = [];

    static LayerKinds() => AddBuiltIn();

    /// <summary>Puts a layer of one's own without settings on the list.</summary>
    /// <typeparam name="TLayer">Its type.</typeparam>
    /// <param name="kind">The name by which files know it; keep it when the type is renamed.</param>
    /// <param name="create">Makes one.</param>
    /// <exception cref="ArgumentException">The kind or the type is on the list already.</exception>
    public static void Register<TLayer>(string kind, Func<TLayer> create)
        where TLayer : Layer
    {
        ArgumentNullException.ThrowIfNull(create);
        Register<TLayer>(kind, (_, _) => { }, _ => create());
    }

    /// <summary>Puts a layer of one's own with settings on the list.</summary>
    /// <typeparam name="TLayer">Its type.</typeparam>
    /// <param name="kind">The name by which files know it; keep it when the type is renamed.</param>
    /// <param name="describe">Writes what its constructor needs; parameters are saved without it.</param>
    /// <param name="create">Makes one from these settings; what it does not understand it refuses.</param>
    /// <exception cref="ArgumentException">The kind or the type is on the list already.</exception>
    public static void Register<TLayer>(string kind, Action<TLayer, LayerSettings> describe, Func<LayerSettings, TLayer> create)
        where TLayer : Layer
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(describe);
        ArgumentNullException.ThrowIfNull(create);
        lock (Gate)
        {
            if (ByName.ContainsKey(kind) || ByType.ContainsKey(typeof(TLayer)))
            {
                throw new ArgumentException(
                    $"'{kind}' ({typeof(TLayer).Name}) is on the list of layer kinds already. Register each kind and each type once, with a name of its own.",
                    nameof(kind));
            }

            Add(kind, describe, create);
        }
    }

    /// <summary>Describes a layer and all below it.</summary>
    /// <exception cref="NotSupportedException">A layer is not on the list.</exception>
    internal static JsonObject Describe(Layer layer)
    {
        LayerKind? kind;
        lock (Gate)
        {
            ByType.TryGetValue(layer.GetType(), out kind);
        }

        if (kind is null)
        {
            string name = layer.GetType().Name;
            throw new NotSupportedException(
                $"{name} is a layer of your own that this library can neither clone nor save until it knows how to make one. Say it once at the " +
                $"start of the program: LayerKinds.Register(\"{name}\", () => new {name}()); or with the settings its constructor needs.");
        }

        var json = new JsonObject { ["kind"] = kind.Name };
        kind.Describe(layer, new LayerSettings(json));
        DescribeRest(layer, json);
        return json;
    }

    /// <summary>Makes a layer and all below it from their description. Parameters have the values of their constructor.</summary>
    /// <exception cref="InvalidDataException">The description is damaged, or names a kind that is not on the list.</exception>
    /// <param name="description">As <see cref="Describe"/> writes it.</param>
    /// <param name="budget">How many values its layers may ask memory for.</param>
    /// <param name="depth">How many containers this one stands in.</param>
    internal static Layer Create(JsonObject description, ValueBudget budget, int depth = 0)
    {
        var settings = new LayerSettings(description, budget, depth);
        string name = settings.Kind;
        LayerKind? kind;
        lock (Gate)
        {
            ByName.TryGetValue(name, out kind);
        }

        if (kind is null)
        {
            string shown = FileProblem.Shorten(name);
            throw new InvalidDataException(
                $"The network has a layer of the kind '{shown}', which is not on the list. If it is one of your own, call " +
                "LayerKinds.Register for it before loading; if not, a newer version of the library may know it.");
        }

        if (depth > MaxDepth)
        {
            throw new InvalidDataException($"The description of the network nests containers more than {MaxDepth} deep, which nobody does by hand.");
        }

        try
        {
            Layer layer = kind.Create(settings);
            CreateRest(layer, settings);
            return layer;
        }
        catch (ArgumentException problem)
        {
            throw new InvalidDataException($"The description of a {kind.Name} cannot be followed: {problem.Message}", problem);
        }
    }

    // What rests while the others learn; most often nothing.
    private static void DescribeRest(Layer layer, JsonObject json)
    {
        if (layer.IsFrozen)
        {
            json["frozen"] = true;
        }

        string[] resting = [.. layer.Parameters.Where(parameter => !parameter.IsStatistic && !parameter.IsTrainable).Select(parameter => parameter.Name)];
        if (resting.Length > 0)
        {
            json["resting"] = new JsonArray([.. resting.Select(name => JsonValue.Create(name))]);
        }
    }

    private static void CreateRest(Layer layer, LayerSettings settings)
    {
        if (settings.Has("frozen") && settings.Flag("frozen"))
        {
            layer.RestoreFrozen();
        }

        foreach (string name in settings.Has("resting") ? settings.Texts("resting") : [])
        {
            Parameter resting = layer.Parameters.FirstOrDefault(parameter => parameter.Name == name && !parameter.IsStatistic)
                ?? throw new InvalidDataException($"The description of a {settings.Kind} speaks of a parameter '{FileProblem.Shorten(name)}', which it does not have. The file is damaged.");
            resting.IsTrainable = false;
        }
    }
}
