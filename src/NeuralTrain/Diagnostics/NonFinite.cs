namespace NeuralTrain;

/// <summary>The first value of a training step that is NaN or infinite: what it belongs to, in which layer, step and rows.</summary>
public sealed record NonFinite
{
    /// <summary>What the value belongs to.</summary>
    public required NonFiniteKind Kind { get; init; }

    /// <summary>The value: NaN or an infinity.</summary>
    public required double Value { get; init; }

    /// <summary>The place of the layer in the network, as <c>2</c>, or <c>2.0</c> within a container; null for data and the loss.</summary>
    public string? LayerPath { get; init; }

    /// <summary>The layer, as <c>Linear(3 → 4)</c>; null for data and the loss.</summary>
    public string? Layer { get; init; }

    /// <summary>The path of the parameter, as <c>2.weight</c>; null unless the value is one of a parameter or of its gradient.</summary>
    public string? Parameter { get; init; }

    /// <summary>The epoch, from 1; 0 where there is none.</summary>
    public int Epoch { get; init; }

    /// <summary>The step, from 1 over the whole training; 0 where there is none.</summary>
    public long Step { get; init; }

    /// <summary>The rows of the batch with values that are not finite, from 0; empty for parameters.</summary>
    public IReadOnlyList<int> Rows { get; init; } = [];

    /// <summary>The samples those rows are, from 0, where the data are a <see cref="Dataset"/>; else empty.</summary>
    public IReadOnlyList<int> Samples { get; init; } = [];
}
