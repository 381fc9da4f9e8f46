namespace NeuralTrain;

/// <summary>An <see cref="Evaluation"/> as a message.</summary>
[GenerateSerializer, Alias("NeuralTrain.EvaluationMessage")]
internal readonly record struct EvaluationMessage([property: Id(0)] double Loss, [property: Id(1)] MetricMessage[] Values);

/// <summary>A <see cref="MetricValue"/> as a message.</summary>
[GenerateSerializer, Alias("NeuralTrain.MetricMessage")]
internal readonly record struct MetricMessage([property: Id(0)] string Name, [property: Id(1)] double Value, [property: Id(2)] bool IsRatio);

/// <summary>Turns the one into the other, for messages and for what is stored.</summary>
[RegisterConverter]
internal sealed class EvaluationConverter : IConverter<Evaluation, EvaluationMessage>
{
    public Evaluation ConvertFromSurrogate(in EvaluationMessage surrogate) => new(surrogate.Loss, [.. surrogate.Values.Select(value => new MetricValue(value.Name, value.Value, value.IsRatio))]);

    public EvaluationMessage ConvertToSurrogate(in Evaluation value) => new(value.Loss, [.. value.Values.Select(one => new MetricMessage(one.Name, one.Value, one.IsRatio))]);
}
