namespace NeuralTrain;

/// <summary>What the network alone shows: its widths, its end, and layers that do not go together.</summary>
internal static class NetworkChecks
{
    /// <summary>Below this, the statistics of a batch are mostly chance: a mean of 8 rows is off by a third of the deviation.</summary>
    private const int FewRows = 8;

    public static void Run(CheckCase check)
    {
        FindWidths(check);
        FindWrongEnd(check);
        FindTinyBatches(check);
        if (!check.Network.Learns())
        {
            check.Add(
                FindingKinds.NothingToTrain, "network", $"the network has no parameter that learns",
                "add a layer such as Linear, or call Unfreeze");
        }

        Walk(check, check.Network, "", default);
    }

    private static void FindWidths(CheckCase check)
    {
        int inputs = check.Data.InputSize, targets = check.Data.TargetSize;
        if (check.Network.InputSize is int expected && expected != inputs)
        {
            check.Add(
                FindingKinds.InputWidth, "inputs", $"the data have {inputs} features, but the network takes {expected}",
                $"let the first layer take {inputs}, or give the features it was made for");
            return;
        }

        int given;
        try
        {
            given = check.Network.OutputSize(inputs);
        }
        catch (ArgumentException refusal)
        {
            (string why, string? remedy) = Sentences(refusal);
            check.Add(
                FindingKinds.InputWidth, "inputs", $"the network does not take {inputs} features: {why}",
                remedy ?? "change the first layer, or give the features it was made for");
            return;
        }

        if (given != targets)
        {
            string classes = check.Data.Classes.Count > 0 ? $", one for each class ({string.Join(", ", check.Data.Classes.Take(5))}{(targets > 5 ? ", …" : "")})" : "";
            check.Add(
                FindingKinds.OutputWidth, "targets", $"the network gives {given} columns, but the targets have {targets}{classes}",
                $"let the last layer give {targets}");
        }
    }

    private static void FindWrongEnd(CheckCase check)
    {
        try
        {
            check.Loss.CheckNetwork(check.Network);
        }
        catch (ArgumentException refusal)
        {
            (string what, string? remedy) = Sentences(refusal);
            check.Add(FindingKinds.WrongEnd, "network", $"{what}", remedy ?? "change the last layers, or take another loss");
            return;
        }

        if (check.Loss.OutputKind != OutputKind.Values && check.Network.OutputLayers.FirstOrDefault(layer => OutputRange.Of(layer) is not null) is Layer bending)
        {
            check.Add(
                FindingKinds.BentScores, "network", $"the network ends in {bending}, but {check.Loss} takes raw scores, which must not be bounded",
                "let the network end in its last Linear");
        }
    }

    private static void FindTinyBatches(CheckCase check)
    {
        int rows = Math.Min(check.BatchSize, check.Sample.Inputs.Rows);
        if (rows >= FewRows || check.Network.SelfAndBelow().FirstOrDefault(below => below.Layer is BatchNorm { IsFrozen: false }).Layer is not Layer norm)
        {
            return;
        }

        if (rows == 1)
        {
            check.Add(
                FindingKinds.SingleRowBatches, "batches", $"{norm} gets training batches of 1 row, whose variance is 0",
                "use larger batches, or LayerNorm");
        }
        else
        {
            check.Add(
                FindingKinds.TinyBatches, "batches", $"{norm} gets training batches of {rows} rows, too few for their mean and deviation",
                $"use batches of {FewRows} rows at the very least, better 32, or LayerNorm");
        }
    }

    // Goes through the layers as data do; returns what the next layer stands behind.
    private static Behind Walk(CheckCase check, Layer layer, string path, Behind behind)
    {
        if (layer is Concatenate)
        {
            for (int i = 0; i < layer.Children.Count; i++)
            {
                Walk(check, layer.Children[i], Below(path, i), behind);
            }

            return default;
        }

        if (layer.Children.Count > 0)
        {
            for (int i = 0; i < layer.Children.Count; i++)
            {
                behind = Walk(check, layer.Children[i], Below(path, i), behind);
            }

            return behind;
        }

        if (layer is SELU && behind.Weights?.InitializerInUse is Initializer initializer and not (LeCunNormal or LeCunUniform or Xavier))
        {
            check.Add(
                FindingKinds.SeluWeights, behind.WeightsPath ?? "", $"the weights of layer '{behind.WeightsPath}', {behind.Weights}, in front of SELU come from {initializer}",
                "leave weightInitializer out, or pass LeCunNormal: SELU keeps mean 0 and deviation 1 only with it");
        }
        else if (layer is Dropout { Probability: > 0 } && behind.Activation is SELU)
        {
            check.Add(
                FindingKinds.SeluDropout, path, $"layer '{path}', {layer}, drops to 0 behind SELU, which disturbs the mean and the deviation that SELU keeps",
                "use AlphaDropout");
        }

        bool hasWeights = layer.Parameters.Any(parameter => parameter.IsRegularized);
        return hasWeights ? new Behind(layer, path, null)
            : layer is Dropout or AlphaDropout or GaussianNoise or Identity ? behind
            : behind with { Activation = layer };
    }

    private static string Below(string path, int i) => path.Length == 0 ? $"{i}" : $"{path}.{i}";

    /// <summary>
    /// The message of a refusal as a finding: its first sentence says what is wrong, the rest, if there is any, what to do. Without full stops at their ends and the parameter's
    /// name behind.
    /// </summary>
    public static (string What, string? Remedy) Sentences(ArgumentException refusal)
    {
        int end = refusal.Message.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        string message = (end < 0 ? refusal.Message : refusal.Message[..end]).TrimEnd('.');
        int first = message.IndexOf(". ", StringComparison.Ordinal);
        return first < 0 ? (message, null) : (message[..first], char.ToLowerInvariant(message[first + 2]) + message[(first + 3)..]);
    }

    /// <summary>The last layer with weights that the data came through, and the activation behind it.</summary>
    private readonly record struct Behind(Layer? Weights, string? WeightsPath, Layer? Activation);
}
