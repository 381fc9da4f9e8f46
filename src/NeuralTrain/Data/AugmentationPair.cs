namespace NeuralTrain;

/// <summary>Two augmentations in a row.</summary>
internal sealed class AugmentationPair : Augmentation
{
    private readonly Augmentation _first;
    private readonly Augmentation _second;

    public AugmentationPair(Augmentation first, Augmentation second)
    {
        _first = first;
        _second = second;
    }

    public override void Apply(Matrix inputs, Random random)
    {
        _first.Apply(inputs, random);
        _second.Apply(inputs, random);
    }

    protected internal override void Describe(Settings settings) => settings.Set("parts", [Settings.Of(_first, _first.Describe), Settings.Of(_second, _second.Describe)]);

    public override string ToString() => $"{_first}, {_second}";
}
