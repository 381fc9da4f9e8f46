using System.Numerics.Tensors;

namespace NeuralTrain;

/// <summary>Finds the first value of a pass that is NaN or infinite: data first, then layer by layer, then gradients from the end.</summary>
internal static class NonFiniteSearch
{
    /// <summary>Looks at a pass that was just made; null if everything it left behind is finite.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">The inputs of the pass.</param>
    /// <param name="targets">The targets of the pass.</param>
    /// <param name="inPrediction">Whether it was a pass of prediction, which leaves nothing behind and is repeated here, rather than one of training.</param>
    public static NonFinite? Find(Sequential network, Matrix inputs, Matrix targets, bool inPrediction) =>
        InRows(NonFiniteKind.Input, inputs)
        ?? InRows(NonFiniteKind.Target, targets)
        ?? InLayers(network, path: "", inputs, inPrediction)
        ?? InGradients(network);

    /// <summary>The first parameter or statistic of the network, whose parameters are given too, that is not finite; null if they all are, which is found without allocating.</summary>
    public static NonFinite? FindParameter(IReadOnlyList<NamedParameter> parameters, Layer network)
    {
        int i = 0;
        while (i < parameters.Count && TensorPrimitives.IsFiniteAll<float>(parameters[i].Parameter.Value.Span))
        {
            i++;
        }

        if (i == parameters.Count)
        {
            return null;
        }

        foreach ((string path, Layer layer) in network.SelfAndBelow())
        {
            if (InParameters(layer, path) is NonFinite found)
            {
                return found;
            }
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
                : BelowWithParameters(layer, place);
            if (found is null && (found = InRows(NonFiniteKind.Output, output)) is not null)
            {
                (found.LayerPath, found.Layer) = (place, layer.ToString());
            }

            if (found is not null) return found;

            current = output;
        }

        return null;
    }

    private static NonFinite? BelowWithParameters(Layer layer, string place)
    {
        foreach ((string path, Layer below) in layer.SelfAndBelow(place))
        {
            if (InParameters(below, path) is NonFinite found)
            {
                return found;
            }
        }

        return null;
    }

    private static NonFinite? InParameters(Layer layer, string path)
    {
        foreach (Parameter parameter in layer.Parameters)
        {
            if (FirstIn(parameter.Value) is float value)
            {
                return Of(NonFiniteKind.Parameter, layer, path, parameter, value);
            }
        }

        return null;
    }

    // The backward pass comes from the end.
    private static NonFinite? InGradients(Layer network)
    {
        foreach ((string path, Layer layer) in network.SelfAndBelow().Reverse())
        {
            foreach (Parameter parameter in layer.Parameters)
            {
                if (FirstIn(parameter.Gradient) is float value)
                {
                    return Of(NonFiniteKind.Gradient, layer, path, parameter, value);
                }
            }
        }

        return null;
    }

    private static NonFinite Of(NonFiniteKind kind, Layer layer, string path, Parameter parameter, float value) => new()
    {
        Kind = kind,
        Value = value,
        LayerPath = path,
        Layer = layer.ToString(),
        Parameter = path.Length == 0 ? parameter.Name : $"{path}.{parameter.Name}",
    };

    private static NonFinite? InRows(NonFiniteKind kind, Matrix matrix)
    {
        if (FirstIn(matrix) is not float value)
        {
            return null;
        }

        int[] rows = [.. Enumerable.Range(0, matrix.Rows).Where(row => !TensorPrimitives.IsFiniteAll<float>(matrix.Row(row)))];
        return new NonFinite { Kind = kind, Value = value, Rows = rows };
    }

    private static float? FirstIn(Matrix matrix)
    {
        if (matrix.IsEmpty || TensorPrimitives.IsFiniteAll<float>(matrix.Span))
        {
            return null;
        }

        int place = 0;
        while (float.IsFinite(matrix.Span[place]))
        {
            place++;
        }

        return matrix.Span[place];
    }
}
