namespace NeuralTrain;

/// <summary>Changes the inputs of each training batch slightly and differently each time, so that a network does not memorise them: for example by adding noise or shifting images.</summary>
/// <remarks>
/// Predictions and validation see the data unchanged. A custom augmentation overrides <see cref="Apply(Matrix, Random)"/> with a change that leaves the target correct;
/// <see cref="Then"/> chains two. The library's own have no state, so trainers that run at the same time may share one. Lecture L7.4.
/// </remarks>
public abstract class Augmentation
{
    /// <summary>Changes a batch in place.</summary>
    /// <param name="inputs">The inputs of a batch, <c>[rows × features]</c>: always a copy of the data, so it may be written to.</param>
    /// <param name="random">The only source of random numbers, so that a seeded run repeats.</param>
    public abstract void Apply(Matrix inputs, Random random);

    /// <summary>Changes a batch in place together with its targets. By default only the inputs.</summary>
    /// <param name="inputs">The inputs of a batch, <c>[rows × features]</c>.</param>
    /// <param name="targets">Their targets, <c>[rows × outputs]</c>: a copy too.</param>
    /// <param name="random">The only source of random numbers, so that a seeded run repeats.</param>
    public virtual void Apply(Matrix inputs, Matrix targets, Random random) => Apply(inputs, random);

    /// <summary>Writes the settings of this augmentation, which must be the same when training is resumed. By default none.</summary>
    /// <param name="settings">Receives the values: <c>settings.Set("pixels", Pixels)</c>.</param>
    protected internal virtual void Describe(Settings settings)
    {
    }

    /// <summary>The kind and its settings, as <c>Mixup(alpha 0.2)</c>.</summary>
    public override string ToString() => Settings.Of(this, Describe).ToString();

    /// <summary>Chains two: this augmentation first, then another on its result.</summary>
    /// <param name="next">The second one.</param>
    public Augmentation Then(Augmentation next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new Pair(this, next);
    }

    private sealed class Pair(Augmentation first, Augmentation second) : Augmentation
    {
        public override void Apply(Matrix inputs, Random random)
        {
            first.Apply(inputs, random);
            second.Apply(inputs, random);
        }

        public override void Apply(Matrix inputs, Matrix targets, Random random)
        {
            first.Apply(inputs, targets, random);
            second.Apply(inputs, targets, random);
        }

        protected internal override void Describe(Settings settings) => settings.Set("parts", [Settings.Of(first, first.Describe), Settings.Of(second, second.Describe)]);

        public override string ToString() => $"{first}, {second}";
    }
}
