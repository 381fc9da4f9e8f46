namespace NeuralTrain;

/// <summary>A copy of all parameters and statistics of a network, made anew without allocating: the best weights, the last finite ones.</summary>
internal sealed class WeightStore
{
    private readonly IReadOnlyList<NamedParameter> _parameters;
    private float[][]? _copies;

    public WeightStore(IReadOnlyList<NamedParameter> parameters) => _parameters = parameters;

    /// <summary>Whether there is a copy.</summary>
    public bool IsFilled { get; private set; }

    /// <summary>Copies the present values.</summary>
    public void Save()
    {
        _copies ??= [.. _parameters.Select(named => new float[named.Parameter.Value.Span.Length])];
        for (int i = 0; i < _copies.Length; i++)
        {
            _parameters[i].Parameter.Value.Span.CopyTo(_copies[i]);
        }

        IsFilled = true;
    }

    /// <summary>Puts the copied values back, if there are any.</summary>
    public void Restore()
    {
        for (int i = 0; IsFilled && i < _copies!.Length; i++)
        {
            _copies[i].CopyTo(_parameters[i].Parameter.Value.Span);
        }
    }

    /// <summary>Forgets the copy; its memory is kept.</summary>
    public void Clear() => IsFilled = false;

    /// <summary>A copy of the copy, for a checkpoint; null if there is none.</summary>
    public float[][]? Capture() => IsFilled ? [.. _copies!.Select(copy => copy.ToArray())] : null;

    /// <summary>Takes over what <see cref="Capture"/> gave, whose shapes were checked.</summary>
    public void Load(float[][]? copies)
    {
        IsFilled = copies is not null;
        _copies = copies?.Select(copy => copy.ToArray()).ToArray() ?? _copies;
    }
}
