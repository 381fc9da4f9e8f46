namespace NeuralTrain;

/// <summary>
/// Changes the inputs of each training batch a little, differently each time, so that a network does not learn them by heart (lecture L7.4):
/// noise, shifted images. Predictions and validation see the data as they are.
/// </summary>
/// <remarks>One of one's own overrides <see cref="Apply"/>: a change that keeps the target right. <see cref="Augmentation.Then"/> puts two in a row.</remarks>
public abstract class Augmentation
{
    /// <summary>Changes a batch in place.</summary>
    /// <param name="inputs">The inputs of a batch, <c>[rows × features]</c>: memory that may be written to, never the data themselves.</param>
    /// <param name="random">Where all chance comes from, so that a seeded run repeats.</param>
    public abstract void Apply(Matrix inputs, Random random);

    /// <summary>Writes the settings that tell this augmentation from others of its kind, which must be the same when a training is resumed. By default none.</summary>
    /// <param name="settings">Receives the values: <c>settings.Set("pixels", Pixels)</c>.</param>
    protected internal virtual void Describe(Settings settings)
    {
    }

    /// <summary>This one first, the other one on its result.</summary>
    /// <param name="next">The other one.</param>
    public Augmentation Then(Augmentation next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new AugmentationPair(this, next);
    }
}
