namespace NeuralTrain;

/// <summary>How a trial of a search ended.</summary>
public enum TrialStatus
{
    /// <summary>It ran to its end and gave a score.</summary>
    Completed,

    /// <summary>It was stopped early, since others were better at the same epoch; its score is that of a shorter training.</summary>
    Stopped,

    /// <summary>It threw, or its score was no finite number.</summary>
    Failed,

    /// <summary>The search was cancelled while it ran.</summary>
    Cancelled,
}
