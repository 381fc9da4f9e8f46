namespace NeuralTrain;

/// <summary>The values of all parameters, statistics and gradients of a layer at one moment, to be put back bit for bit.</summary>
internal sealed class LayerSnapshot
{
    private readonly (Parameter Parameter, float[] Value, float[] Gradient)[] _saved;

    /// <summary>Copies what the layer holds now.</summary>
    public LayerSnapshot(Layer layer) => _saved =
        [.. layer.NamedParameters().Select(named => (named.Parameter, named.Parameter.Value.Span.ToArray(), named.Parameter.Gradient.Span.ToArray()))];

    /// <summary>Puts everything back.</summary>
    public void Restore()
    {
        foreach ((Parameter parameter, float[] value, float[] gradient) in _saved)
        {
            value.CopyTo(parameter.Value.Span);
            gradient.CopyTo(parameter.Gradient.Span);
        }
    }

    /// <summary>Puts back only what the layer measures, which each training pass changes.</summary>
    public void RestoreStatistics()
    {
        foreach ((Parameter parameter, float[] value, _) in _saved)
        {
            if (parameter.IsStatistic)
            {
                value.CopyTo(parameter.Value.Span);
            }
        }
    }
}
