namespace NeuralTrain;

/// <summary>What the network alone shows: its widths, its end, and layers that do not fit together.</summary>
internal static class NetworkChecks
{
    /// <summary>Below this, the statistics of a batch are mostly chance: the mean of 8 rows is off by a third of the standard deviation.</summary>
    private const int FewRows = 8;

    /// <summary>NT005 and NT006.</summary>
    public static IEnumerable<Finding> Widths(CheckContext check)
    {
        int inputs = check.Data.InputSize, targets = check.Data.TargetSize, needed = targets * check.Loss.OutputsPerTarget, outputs = -1;
        string? refusal = check.Network.InputSize is int expected && expected != inputs ? $"the data have {inputs} features, but the network takes {expected}"
            : Checker.Refusal(() => outputs = check.Network.OutputSize(inputs)) is string why ? $"the network does not take {inputs} features: {why}" : null;
        if (refusal is not null)
        {
            yield return Checker.Found("NT005", "inputs", $"{refusal}", $"make the first layer take {inputs}, or pass the features the network was made for");
        }
        else if (outputs != needed)
        {
            string classes = check.Data.Classes.Count > 0 ? $", one for each class ({Guard.Names(check.Data.Classes, 5, quote: "")})" : "";
            yield return Checker.Found(
                "NT006", "targets", $"the network gives {outputs} columns, but the targets have {targets}{classes}", $"make the last layer give {needed}");
        }
    }

    /// <summary>NT007 and NT009.</summary>
    public static IEnumerable<Finding> End(CheckContext check)
    {
        if (Checker.Refusal(() => check.Loss.CheckNetwork(check.Network)) is string refusal)
        {
            yield return Checker.Found("NT007", "network", $"{refusal}", "change the last layers, or use another loss");
        }
        else if (check.Loss.OutputKind != OutputKind.Values && check.Network.OutputLayers.FirstOrDefault(layer => layer.OutputRange is not null) is Layer bounding)
        {
            yield return Checker.Found(
                "NT009", "network", $"the network ends in {bounding}, but {check.Loss} takes raw scores, which must not be bounded",
                "end the network in its last Linear");
        }
    }

    /// <summary>NT017 and NT018.</summary>
    public static IEnumerable<Finding> Batches(CheckContext check)
    {
        int rows = Math.Min(check.BatchSize, check.Sample.Inputs.Rows);
        if (rows >= FewRows || check.Network.SelfAndBelow().FirstOrDefault(below => below.Layer.NeedsSeveralRows).Layer is not Layer layer) yield break;

        yield return rows == 1
            ? Checker.Found("NT017", "batches", $"{layer} gets training batches of 1 row, whose variance is 0", "use larger batches, or LayerNorm")
            : Checker.Found(
                "NT018", "batches", $"{layer} gets training batches of {rows} rows, too few to estimate mean and variance",
                $"use batches of at least {FewRows} rows, better 32, or LayerNorm");
    }

    /// <summary>NT028.</summary>
    public static IEnumerable<Finding> NothingToTrain(CheckContext check)
    {
        if (!check.Network.NamedParameters().Any(named => named.Parameter.IsTrainable))
        {
            yield return Checker.Found("NT028", "network", $"the network has no parameter that learns", "add a layer such as Linear, or call Unfreeze");
        }
    }

    /// <summary>NT019.</summary>
    public static IEnumerable<Finding> SeluWeights(CheckContext check) =>
        from place in InOrder(check.Network)
        where IsSelfNormalising(place.Layer) && InitializerOf(place.Before.Weights) is not (null or LeCunNormal or LeCunUniform)
        let weights = place.Before
        select Checker.Found(
            "NT019", weights.Path, $"the weights of layer '{weights.Path}', {weights.Weights}, before SELU come from {InitializerOf(weights.Weights)}",
            "leave weightInitializer out, or pass LeCunNormal: only with it SELU keeps mean 0 and variance 1");

    /// <summary>Whether an activation keeps mean 0 and variance 1, as SELU does, and prefers weights drawn for that.</summary>
    public static bool IsSelfNormalising(Layer? layer) => layer is { Saturates: true, PreferredInitializer: LeCunNormal };

    /// <summary>The layers in the order data pass through them, without containers, each with what comes before it; the start of a parallel branch has nothing before it.</summary>
    public static IEnumerable<(Layer Layer, string Path, Before Before)> InOrder(Layer network)
    {
        HashSet<Layer> branches = [.. network.SelfAndBelow().Where(below => below.Layer.Wiring == Wiring.Parallel).SelectMany(below => below.Layer.Children)];
        Before before = default;
        foreach ((string path, Layer layer) in network.SelfAndBelow())
        {
            if (branches.Contains(layer)) before = default;
            if (layer.Children.Count > 0) continue;

            yield return (layer, path, before);
            before = layer.Parameters.Any(parameter => parameter.IsRegularized) ? new Before(layer, path, null, null)
                : layer.PassesValuesThrough ? before : before with { Activation = layer, ActivationPath = path };
        }
    }

    private static Initializer? InitializerOf(Layer? weights) => weights?.Parameters.FirstOrDefault(parameter => parameter.IsRegularized)?.Initializer;
}

/// <summary>What data came through before a layer: the last layer with weights, and the last activation after that.</summary>
internal readonly record struct Before(Layer? Weights, string Path, Layer? Activation, string? ActivationPath);
