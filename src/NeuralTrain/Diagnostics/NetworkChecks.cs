namespace NeuralTrain;

/// <summary>What the network alone shows: its widths, its end, and layers that do not suit each other.</summary>
internal static class NetworkChecks
{
    /// <summary>Below this, the statistics of a batch are mostly chance: the mean of 8 rows is off by a third of the standard deviation.</summary>
    private const int FewRows = 8;

    /// <summary>NT005 and NT006.</summary>
    public static IEnumerable<Finding> Widths(CheckContext check)
    {
        int inputs = check.Data.InputSize, targets = check.Data.TargetSize, outputs = -1;
        string? refusal = null;
        try
        {
            if (check.Network.InputSize is not int expected || expected == inputs) outputs = check.Network.OutputSize(inputs);
            else refusal = $"the data have {inputs} features, but the network takes {expected}";
        }
        catch (ArgumentException wrong)
        {
            refusal = $"the network does not take {inputs} features: {Text(wrong)}";
        }

        if (refusal is not null)
        {
            yield return Checker.Found("NT005", "inputs", $"{refusal}", $"make the first layer take {inputs}, or pass the features the network was made for");
        }
        else if (outputs != targets)
        {
            string classes = check.Data.Classes.Count > 0 ? $", one for each class ({string.Join(", ", check.Data.Classes.Take(5))}{(targets > 5 ? ", …" : "")})" : "";
            yield return Checker.Found(
                "NT006", "targets", $"the network gives {outputs} columns, but the targets have {targets}{classes}", $"make the last layer give {targets}");
        }
    }

    /// <summary>NT007 and NT009.</summary>
    public static IEnumerable<Finding> End(CheckContext check)
    {
        string? refusal = null;
        try
        {
            check.Loss.CheckNetwork(check.Network);
        }
        catch (ArgumentException wrong)
        {
            refusal = Text(wrong);
        }

        if (refusal is not null)
        {
            yield return Checker.Found("NT007", "network", $"{refusal}", "change the last layers, or use another loss");
        }
        else if (check.Loss.OutputKind != OutputKind.Values && check.Network.OutputLayers.FirstOrDefault(layer => OutputRange.Of(layer) is not null) is Layer bounding)
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
        if (rows >= FewRows || check.Network.SelfAndBelow().FirstOrDefault(below => below.Layer is BatchNorm { IsFrozen: false }).Layer is not Layer layer) yield break;

        yield return rows == 1
            ? Checker.Found("NT017", "batches", $"{layer} gets training batches of 1 row, whose variance is 0", "use larger batches, or LayerNorm")
            : Checker.Found(
                "NT018", "batches", $"{layer} gets training batches of {rows} rows, too few to estimate mean and variance",
                $"use batches of at least {FewRows} rows, better 32, or LayerNorm");
    }

    /// <summary>NT028.</summary>
    public static IEnumerable<Finding> NothingToTrain(CheckContext check)
    {
        if (!check.Network.Learns())
        {
            yield return Checker.Found("NT028", "network", $"the network has no parameter that learns", "add a layer such as Linear, or call Unfreeze");
        }
    }

    /// <summary>NT019 and NT020: the layers as data pass through them, each with what comes before it.</summary>
    public static IEnumerable<Finding> Neighbours(CheckContext check)
    {
        var found = new List<Finding>();
        Walk(check.Network, "", default, found);
        return found;
    }

    // Gives what the next layer comes after.
    private static Before Walk(Layer layer, string path, Before before, List<Finding> found)
    {
        if (layer.Children.Count > 0)
        {
            Before last = before;
            for (int i = 0; i < layer.Children.Count; i++)
            {
                last = Walk(layer.Children[i], path.Length == 0 ? $"{i}" : $"{path}.{i}", layer is Concatenate ? before : last, found);
            }

            return layer is Concatenate ? default : last;
        }

        if (layer is SELU && before.Weights?.InitializerInUse is Initializer initializer and not (LeCunNormal or LeCunUniform or Xavier))
        {
            found.Add(Checker.Found(
                "NT019", before.Path, $"the weights of layer '{before.Path}', {before.Weights}, before SELU come from {initializer}",
                "leave weightInitializer out, or pass LeCunNormal: only with it SELU keeps mean 0 and variance 1"));
        }
        else if (layer is Dropout { Probability: > 0 } && before.Activation is SELU)
        {
            found.Add(Checker.Found(
                "NT020", path, $"layer '{path}', {layer}, sets values after SELU to 0, which disturbs the mean and variance that SELU keeps", "use AlphaDropout"));
        }

        return layer.Parameters.Any(parameter => parameter.IsRegularized) ? new Before(layer, path, null)
            : layer is Dropout or AlphaDropout or GaussianNoise or Identity ? before
            : before with { Activation = layer };
    }

    /// <summary>A refusal as a finding shows it: without the name of the argument, which the user of a check did not pass.</summary>
    public static string Text(ArgumentException refusal) => refusal.Message.Replace($" (Parameter '{refusal.ParamName}')", "", StringComparison.Ordinal).TrimEnd('.');

    /// <summary>The last layer with weights that the data came through, and the activation after it.</summary>
    private readonly record struct Before(Layer? Weights, string Path, Layer? Activation);
}
