using System.Globalization;

namespace NeuralTrain;

/// <summary>The checks of a <see cref="Predictor"/>: of the network once, of the outputs each time.</summary>
internal static class PredictorChecks
{
    /// <summary>The number of features of the network, from the network itself or from the names.</summary>
    public static int InputSize(Layer network, IReadOnlyList<string> inputNames)
    {
        int size = network.InputSize ?? inputNames.Count;
        if (size == 0)
        {
            throw new ArgumentException(
                $"A predictor has a fixed number of features, and {network} takes any. Pass their names, or begin with a layer of known InputSize.", nameof(network));
        }

        return inputNames.Count == 0 || inputNames.Count == size ? size : throw new ArgumentException(
            $"The network takes {size} features, but there are {inputNames.Count} names for them. Give one name for each, or none.", nameof(inputNames));
    }

    /// <summary>Refuses a network that ends in probabilities if its outputs would be turned into probabilities again, and one that diverged.</summary>
    public static void CheckNetwork(Layer network, OutputKind outputKind)
    {
        if (outputKind is OutputKind.ClassScores or OutputKind.BinaryScores
            && network.OutputLayers.FirstOrDefault(layer => layer.GivesProbabilities) is Layer squashing)
        {
            throw new ArgumentException(
                $"The network ends in {squashing}: its outputs are not {outputKind}, and would be turned into probabilities a second time. Pass OutputKind.Values, or leave that layer out.", nameof(network));
        }

        if (network.NamedParameters().FirstOrDefault(named => !named.Parameter.Value.IsFinite) is { Parameter: not null } bad)
        {
            throw new ArgumentException(
                $"The parameter '{bad.Path}' has values that are NaN or infinite: the training diverged. Use weights from before, or train with a lower rate.", nameof(network));
        }
    }

    /// <summary>Refuses a network with a custom layer that predicts a row differently among others, tested on a row of zeros and one of ones.</summary>
    public static void CheckRows(Layer network, int inputSize)
    {
        var rows = new Matrix(2, inputSize);
        rows.Row(1).Fill(1);
        RowMixing? mixing;
        try
        {
            mixing = RowMixing.Find(network, rows);
        }
        catch (Exception refusal) when (refusal is ArgumentException or IndexOutOfRangeException)
        {
            // A layer that only accepts special numbers, such as labels from 1, cannot be tested.
            return;
        }

        if (mixing is not null) throw new ArgumentException($"Infer of layer '{mixing.Path}', {mixing.Layer}, {mixing.Difference}: {RowMixing.Remedy}.", nameof(network));
    }

    /// <summary>The possible labels of an answer; empty if the outputs do not choose one class.</summary>
    public static string[] Labels(OutputKind outputKind, int outputSize, IReadOnlyList<string> classes)
    {
        bool isOneQuestion = outputSize == 1 && (outputKind is OutputKind.BinaryScores or OutputKind.Margins);
        if (classes.Count != 0 && classes.Count != outputSize && !(isOneQuestion && classes.Count == 2))
        {
            throw new ArgumentException(
                $"The network has {Guard.Counted(outputSize, "output")}, but there are {classes.Count} class names. Give one for each output" +
                $"{(isOneQuestion ? ", or those of the negative and the positive class" : "")}, or none." +
                (outputSize == 1 && classes.Count == 2 && outputKind == OutputKind.Values ? " Names for both classes fit a raw score: end the network without Sigmoid, and train with BinaryCrossEntropy." : ""),
                nameof(classes));
        }

        if (isOneQuestion && classes.Count == 1) return [$"not {classes[0]}", classes[0]];
        bool choosesOne = isOneQuestion || (outputSize > 1 && outputKind != OutputKind.BinaryScores && (outputKind != OutputKind.Values || classes.Count > 0));
        return !choosesOne ? [] : classes.Count > 0 ? [.. classes] : [.. Enumerable.Range(0, Math.Max(2, outputSize)).Select(index => index.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>Refuses outputs that overflowed although the features are finite.</summary>
    public static void CheckOutputs(Matrix outputs)
    {
        int place = Matrix.FirstNotFinite(outputs.Span);
        if (place < 0) return;
        throw new NotFiniteNumberException(
            $"Output {place % outputs.Columns} of row {place / outputs.Columns} is {outputs.Span[place]} for finite features: they are far from any the network was trained on. Check their units and order.", outputs.Span[place]);
    }
}
