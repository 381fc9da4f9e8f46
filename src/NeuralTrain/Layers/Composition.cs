using System.Runtime.CompilerServices;
using NeuralTrain.Kernels;

namespace NeuralTrain;

/// <summary>The checks of containers, once when they are built and for each batch, and the widths between their layers.</summary>
internal static class Composition
{
    /// <summary>Refuses a container without layers, a missing layer, the same layer object in two places, and a layer of another network. Changes nothing.</summary>
    public static Layer[] Check(string container, ReadOnlySpan<Layer> layers)
    {
        if (layers.IsEmpty) throw new ArgumentException($"{container} needs at least one layer, received none. Pass all layers when it is created; those of a list as new {container}([.. layers]).", nameof(layers));
        Layer[] checkedLayers = layers.ToArray();
        var places = new Dictionary<Layer, string>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < checkedLayers.Length; i++)
        {
            if (checkedLayers[i] is null) throw new ArgumentException($"{container} received null in place of layer '{i}'.", nameof(layers));
            foreach ((string place, Layer layer) in checkedLayers[i].SelfAndBelow($"{i}"))
            {
                if (places.TryAdd(layer, place)) continue;
                throw new ArgumentException(
                    $"{container} received the same {layer} object at '{places[layer]}' and at '{place}': a layer can be in one place only. Create a second one.", nameof(layers));
            }
        }

        for (int i = 0; i < checkedLayers.Length; i++)
        {
            if (checkedLayers[i].FindTaken(null, $"{i}") is not (string place, Layer layer)) continue;
            throw new ArgumentException(
                $"{container} received {layer} at '{place}', which is part of another network: a layer can be in one network only. Pass its Clone().", nameof(layers));
        }

        return checkedLayers;
    }

    /// <summary>
    /// The widths between consecutive layers: the input's first, then the output of each. Throws if a layer does not accept
    /// the output of the one before it.
    /// </summary>
    public static int[] Widths(string container, IReadOnlyList<Layer> layers, int inputSize)
    {
        var widths = new int[layers.Count + 1];
        widths[0] = inputSize;
        for (int i = 0; i < layers.Count; i++)
        {
            widths[i + 1] = NextWidth(container, layers, i, widths[i]);
        }

        return widths;
    }

    /// <summary>
    /// Rejects layers that cannot fit for any input width: from the first layer with a fixed input size on, all widths are
    /// known.
    /// </summary>
    public static void CheckKnownWidths(string container, IReadOnlyList<Layer> layers)
    {
        int? width = null;
        for (int i = 0; i < layers.Count; i++)
        {
            width ??= layers[i].InputSize;
            width = width is int known ? NextWidth(container, layers, i, known) : null;
        }
    }

    /// <summary>The output width of layer <paramref name="i"/> for the given input width, or an error that names both layers.</summary>
    private static int NextWidth(string container, IReadOnlyList<Layer> layers, int i, int width)
    {
        Layer layer = layers[i];
        if (layer.InputSize is int expected && expected != width)
        {
            string before = i == 0
                ? $"the input of {container} has {width}. Pass data of {expected} columns, or change the first layer."
                : $"the layer before it ('{i - 1}', {layers[i - 1]}) gives {width}. Change one of the two.";
            throw new ArgumentException($"{layer.GetType().Name} '{i}' expects {expected} columns, received {width}: {before}", nameof(layers));
        }

        return layer.OutputSize(width);
    }

    /// <summary>Throws if there was no forward pass, whose input or output the container would have stored.</summary>
    [MethodImpl(Jit.Cold)]
    public static void CheckForwardRan(Layer container, in Matrix remembered)
    {
        if (!remembered.IsEmpty) return;
        throw new InvalidOperationException(
            $"Backward of {container.Title} needs the activations of a forward pass, and there is none. Call Forward (not Infer or Predict) with the batch first.");
    }

    /// <summary>Refuses a container's own output of the last forward pass where this pass still needs, or overwrites, its values.</summary>
    [MethodImpl(Jit.Cold)]
    public static void CheckNotOwn(Layer container, in Matrix received, in Matrix ownOutput, string name)
    {
        if (!received.Overlaps(ownOutput)) return;
        throw new ArgumentException($"{container.Title} received as {name} its own output of the last forward pass, whose memory this pass needs. Pass a Clone() of it.", name);
    }

    /// <summary>The width the first sized layer of a row asks for, if the layers before it keep every width; else null.</summary>
    public static int? FindInputSize(IReadOnlyList<Layer> layers)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            // Two widths, so that a layer that gives this very width for any input is not mistaken for one that keeps it.
            if (layers[i].InputSize is int size) return WidthAfter(i, size) == size && WidthAfter(i, size + 1) == size + 1 ? size : null;
        }

        return null;

        int WidthAfter(int count, int width)
        {
            for (int i = 0; i < count; i++)
            {
                width = layers[i].OutputSize(width);
            }

            return width;
        }
    }

    /// <summary>Throws if the input holds a NaN or an infinity, and says where.</summary>
    [MethodImpl(Jit.Cold)]
    public static void CheckFinite(in Matrix input)
    {
        if (input.IsFinite) return;

        int place = Matrix.FirstNotFinite(input.Span);
        throw new NotFiniteNumberException(
            $"The input of the last forward pass is {input.At(place)}: it has no finite gradients. " +
            "Leave the row out, or replace the value. No parameter or gradient was changed.", input.Span[place]);
    }
}
