namespace NeuralTrain;

/// <summary>Whether a study looks for a low or a high score.</summary>
public enum Direction
{
    /// <summary>Lower is better, as for a loss.</summary>
    Minimize,

    /// <summary>Higher is better, as for an accuracy.</summary>
    Maximize,
}
