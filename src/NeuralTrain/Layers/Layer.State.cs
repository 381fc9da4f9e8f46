namespace NeuralTrain;

/// <content>What a layer is made of beside its formula, and how it passes to a second one: clones and checkpoints.</content>
public abstract partial class Layer
{
    /// <summary>
    /// A second network of the same layers, parameters, statistics and generators, with memory of its own: training one leaves the other as it is.
    /// Gradients are not copied; they are those of a batch.
    /// </summary>
    /// <returns>The copy, whose masks come from where the original's would have come from next.</returns>
    /// <exception cref="NotSupportedException">A layer of one's own is not registered, see <see cref="LayerKinds"/>.</exception>
    public virtual Layer Clone()
    {
        Layer copy = LayerKinds.Create(LayerKinds.Describe(this), ValueBudget.Unlimited);
        copy.CopyStateFrom(this);
        return copy;
    }

    /// <summary>This layer and all below it with their paths: the empty path for this one, <c>3</c> and <c>3.1</c> below.</summary>
    internal IEnumerable<(string Path, Layer Layer)> SelfAndBelow(string path = "")
    {
        yield return (path, this);
        for (int i = 0; i < Children.Count; i++)
        {
            foreach ((string, Layer) below in Children[i].SelfAndBelow(path.Length == 0 ? $"{i}" : $"{path}.{i}"))
            {
                yield return below;
            }
        }
    }

    /// <summary>Says of this layer alone that it is frozen, as a file has it; which parameters rest is said apart.</summary>
    internal void RestoreFrozen() => IsFrozen = true;

    /// <summary>Takes over values, statistics, generators, and what is frozen, from a layer made of the same layers.</summary>
    internal void CopyStateFrom(Layer other)
    {
        for (int i = 0; i < Parameters.Count; i++)
        {
            other.Parameters[i].Value.CopyTo(Parameters[i].Value);
            if (!Parameters[i].IsStatistic)
            {
                Parameters[i].IsTrainable = other.Parameters[i].IsTrainable;
            }
        }

        IsFrozen = other.IsFrozen;
        if (RandomStream is RandomStream own && other.RandomStream is RandomStream masks)
        {
            (own.Seed, own.Position) = (masks.Seed, masks.Position);
        }

        for (int i = 0; i < Children.Count; i++)
        {
            Children[i].CopyStateFrom(other.Children[i]);
        }
    }
}
