using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>Finds the first value of a pass that is NaN or infinite: data first, then layer by layer, then gradients from the end.</summary>
internal static class NonFiniteSearch
{
    /// <summary>Searches the pass that was just made; null if everything it left behind is finite.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">The inputs of the pass.</param>
    /// <param name="targets">The targets of the pass.</param>
    /// <param name="inPrediction">Whether it was a pass of prediction, which leaves nothing behind and is repeated here, rather than one of training.</param>
    public static NonFinite? Find(Sequential network, Matrix inputs, Matrix targets, bool inPrediction) =>
        InRows(NonFiniteKind.Input, inputs)
        ?? InRows(NonFiniteKind.Target, targets)
        ?? InLayers(network, path: "", inputs, inPrediction)
        ?? InParameters(NonFiniteKind.Gradient, network.SelfAndBelow().Reverse());

    /// <summary>Whether an error comes from a value that is not finite: it says so, or a loss refused a target that is none of the numbers it takes.</summary>
    public static bool IsCause(Exception error, Matrix targets) =>
        error is NotFiniteNumberException || (error is ArgumentException && !targets.IsEmpty && !targets.IsFinite);

    /// <summary>The first parameter or statistic of the network, whose parameters are given too, that is not finite; null if all are finite. Allocates nothing in that case.</summary>
    public static NonFinite? FindParameter(IReadOnlyList<NamedParameter> parameters, Layer network)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            if (!parameters[i].Parameter.Value.IsFinite) return InParameters(NonFiniteKind.Parameter, network.SelfAndBelow());
        }

        return null;
    }

    private static NonFinite? InLayers(Layer network, string path, Matrix input, bool inPrediction)
    {
        Matrix current = input;
        for (int i = 0; i < network.Children.Count; i++)
        {
            Layer layer = network.Children[i];
            string place = path + i;
            Matrix output = network.ChildOutput(i);
            if (inPrediction)
            {
                output = new Matrix(current.Rows, layer.OutputSize(current.Columns));
                layer.Infer(current, output);
            }

            NonFinite? found = layer.Wiring == Wiring.Chain
                ? InLayers(layer, place + ".", current, inPrediction)
                : InParameters(NonFiniteKind.Parameter, layer.SelfAndBelow(place));
            if ((found ?? InRows(NonFiniteKind.Output, output, place, layer)) is NonFinite first) return first;
            current = output;
        }

        return null;
    }

    private static NonFinite? InParameters(NonFiniteKind kind, IEnumerable<LayerPlace> layers)
    {
        foreach ((string path, Layer layer) in layers)
        {
            foreach (Parameter parameter in layer.Parameters)
            {
                if (FirstIn(kind == NonFiniteKind.Gradient ? parameter.Gradient : parameter.Value) is not float value) continue;
                return new NonFinite { Kind = kind, Value = value, LayerPath = path, Layer = layer.ToString(), Parameter = Layer.Below(path, parameter.Name) };
            }
        }

        return null;
    }

    private static NonFinite? InRows(NonFiniteKind kind, Matrix matrix, string? path = null, Layer? layer = null)
    {
        if (FirstIn(matrix) is not float value) return null;
        int[] rows = [.. Enumerable.Range(0, matrix.Rows).Where(row => !Reduce.AreFinite(matrix.Row(row)))];
        return new NonFinite { Kind = kind, Value = value, Rows = rows, LayerPath = path, Layer = layer?.ToString() };
    }

    private static float? FirstIn(Matrix matrix)
    {
        int place = Matrix.FirstNotFinite(matrix.Span);
        return place < 0 ? null : matrix.Span[place];
    }
}
