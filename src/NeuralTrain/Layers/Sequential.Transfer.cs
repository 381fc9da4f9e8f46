namespace NeuralTrain;

/// <content>Parts of a network as the beginning of another: transfer learning (lecture L7.4).</content>
public sealed partial class Sequential
{
    /// <summary>A new network of copies of the first layers: <c>network.Take(^1)</c> is all but the last.</summary>
    /// <remarks>
    /// The layers are cloned, as a layer remembers its last batch and can stand in one network only: whatever happens to the new one, this
    /// one stays as it is. What is frozen is frozen in the copy too. In PyTorch <c>net[:-1]</c>, which shares the layers.
    /// <code>
    /// Sequential trunk = network.Take(^1);
    /// trunk.Freeze();
    /// Sequential transferred = trunk.Append(new Linear(64, 5, random));
    /// </code>
    /// </remarks>
    /// <param name="end">The first layer that is left out, from the start (<c>4</c>) or from the end (<c>^1</c>); at least one layer must stay.</param>
    /// <exception cref="ArgumentOutOfRangeException">No layer would stay, or there are not so many.</exception>
    /// <exception cref="NotSupportedException">A layer of one's own is not registered, see <see cref="LayerKinds"/>.</exception>
    public Sequential Take(Index end)
    {
        int count = end.GetOffset(_layers.Length);
        if (count < 1 || count > _layers.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(end), end, $"The network has {_layers.Length} layers, of which 1 to {_layers.Length} can be taken; received {end}, which leaves {count}.");
        }

        return new Sequential(Copies(count));
    }

    /// <summary>A new network of copies of all layers, and further ones behind them, such as a new head.</summary>
    /// <remarks>The present layers are cloned and keep their values; those given are used as they are. Its optimizer is a new one.</remarks>
    /// <param name="layers">The layers to follow, at least one.</param>
    /// <exception cref="ArgumentException">There is none, one is null, or one does not take what the one before it gives.</exception>
    /// <exception cref="NotSupportedException">A layer of one's own is not registered, see <see cref="LayerKinds"/>.</exception>
    public Sequential Append(params ReadOnlySpan<Layer> layers) => layers.Length > 0
        ? new Sequential([.. Copies(_layers.Length), .. layers])
        : throw new ArgumentException("Append expects at least one layer to follow the present ones, received none. For a copy call Clone.", nameof(layers));

    private Layer[] Copies(int count)
    {
        var copies = new Layer[count];
        for (int i = 0; i < count; i++)
        {
            copies[i] = _layers[i].Clone();
        }

        return copies;
    }
}
