using System.Text.Json.Serialization;

namespace NeuralTrain;

/// <summary>How a trial of a study ended, if it has.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrialStatus>))]
public enum TrialStatus
{
    /// <summary>It ran to its end and returned a score.</summary>
    Completed,

    /// <summary>It was stopped early, by the pruner or because its time was spent; its score is that of a shorter training.</summary>
    Stopped,

    /// <summary>It threw, its score was not finite, or it was lost again and again.</summary>
    Failed,

    /// <summary>It has begun and not ended; after an interruption it continues with the next run.</summary>
    Running,
}
