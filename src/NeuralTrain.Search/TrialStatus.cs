namespace NeuralTrain;

/// <summary>How a trial of a search ended.</summary>
public enum TrialStatus
{
    /// <summary>It ran to its end and returned a score.</summary>
    Completed,

    /// <summary>It was stopped early because others were better at the same epoch; its score is that of a shorter training.</summary>
    Stopped,

    /// <summary>It threw, or its score was not finite.</summary>
    Failed,

    /// <summary>The search was cancelled while it ran.</summary>
    Cancelled,
}
